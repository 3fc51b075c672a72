import { literal, quoted } from './base/sqlText.ts';
import { generatedColumns } from './sql/generatedColumns.ts';

/** Runs one statement and gives its rows; an INSERT gives one with its count. */
export type RunSql = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** A table by its whole name within a database, and what has to be known to copy its rows. */
export interface ContentTable {
  readonly schema: string;
  readonly name: string;
  /** Those that are stored: generated columns come by themselves. */
  readonly columns: readonly string[];
  readonly estimatedRows: number;
  /** Foreign keys into the table itself: rows must come after those that they name. */
  readonly ownKeys: readonly { readonly columns: readonly string[]; readonly referenced: readonly string[] }[];
}

/** What is in a database, to be compared with another. */
export interface Contents {
  /** Schemas, tables, views, macros, types, sequences, indexes and comments, as texts, in order. */
  readonly objects: readonly string[];
  /** Rows of each table with the sum of their hashes. */
  readonly tables: ReadonlyMap<string, string>;
  readonly rows: number;
}

/** Its tables, each behind those that its foreign keys name. */
export async function readTables(run: RunSql, database: string): Promise<ContentTable[]> {
  const of = `database_name = ${literal(database)}`;
  const tables = await run(
    `select schema_name, table_name, estimated_size, sql from duckdb_tables() where ${of} and not internal and not temporary order by all`,
  );
  const columns = await run(
    `select schema_name, table_name, column_name from duckdb_columns() where ${of} and not internal order by schema_name, table_name, column_index`,
  );
  const keys = await run(
    `select schema_name, table_name, referenced_table, to_json(constraint_column_names), to_json(referenced_column_names) from duckdb_constraints() where ${of} and constraint_type = 'FOREIGN KEY'`,
  );
  const idOf = (schema: unknown, name: unknown) => JSON.stringify([schema, name]);
  const columnsOf = new Map<string, string[]>();
  for (const [schema, table, column] of columns) {
    const id = idOf(schema, table);
    columnsOf.set(id, [...(columnsOf.get(id) ?? []), String(column)]);
  }
  const byId = new Map<string, ContentTable>();
  const referenced = new Map<string, string[]>();
  for (const [schema, name, size, sql] of tables) {
    const generated = new Set(generatedColumns(String(sql)));
    const id = idOf(schema, name);
    const own = keys.filter(([keySchema, table]) => idOf(keySchema, table) === id);
    const ownKeys = own
      .filter(([, table, target]) => table === target)
      .map(([, , , from, to]) => ({ columns: JSON.parse(String(from)) as string[], referenced: JSON.parse(String(to)) as string[] }));
    byId.set(id, {
      schema: String(schema),
      name: String(name),
      columns: (columnsOf.get(id) ?? []).filter((column) => !generated.has(column)),
      estimatedRows: Number(size),
      ownKeys,
    });
    referenced.set(
      id,
      own.filter(([, table, target]) => table !== target).map(([keySchema, , target]) => idOf(keySchema, target)),
    );
  }
  const ordered = new Set<ContentTable>();
  const place = (id: string) => {
    const table = byId.get(id);
    if (!table || ordered.has(table)) return;
    for (const target of referenced.get(id) ?? []) place(target);
    ordered.add(table);
  };
  for (const id of byId.keys()) place(id);
  return [...ordered];
}

/**
 * Copies a database's definitions and rows into an empty one. To be run inside of one transaction, which then sees one state of the source.
 * `COPY FROM DATABASE` alone fails at foreign keys, because it takes tables in the order of their names.
 */
export async function copyContents(
  run: RunSql,
  source: string,
  target: string,
  tables: readonly ContentTable[],
  onTable: (table: ContentTable, rows: number) => void,
): Promise<void> {
  await run(`copy from database ${quoted(source)} to ${quoted(target)} (schema)`);
  for (const table of tables) onTable(table, await copyRows(run, source, target, table));
}

async function copyRows(run: RunSql, source: string, target: string, table: ContentTable): Promise<number> {
  const names = table.columns.map(quoted).join(', ');
  const into = `insert into ${nameIn(target, table)} (${names}) select ${names} from ${nameIn(source, table)} x`;
  if (table.ownKeys.length === 0) return countOf(await run(into));
  // Layer by layer: rows whose own keys are empty, name themselves or name a row that is there.
  const primary = table.ownKeys[0]?.referenced ?? [];
  const isReady = table.ownKeys.map(({ columns, referenced }) => {
    const isEmpty = columns.map((column) => `x.${quoted(column)} is null`).join(' or ');
    const pairs = (alias: string) =>
      columns.map((column, at) => `${alias}.${quoted(referenced[at] ?? '')} = x.${quoted(column)}`).join(' and ');
    return `(${isEmpty} or (${pairs('x')}) or exists (select 1 from ${nameIn(target, table)} y where ${pairs('y')}))`;
  });
  const isNew = `not exists (select 1 from ${nameIn(target, table)} z where ${primary.map((column) => `z.${quoted(column)} = x.${quoted(column)}`).join(' and ')})`;
  let copied = 0;
  for (;;) {
    const count = countOf(await run(`${into} where ${[...isReady, isNew].join(' and ')}`));
    copied += count;
    if (count === 0) return copied;
  }
}

/** All that is in a database, read to its last row. */
export async function readContents(run: RunSql, database: string, tables: readonly ContentTable[]): Promise<Contents> {
  const of = `database_name = ${literal(database)}`;
  const objects = await run(`
    select to_json(['schema', schema_name, null, comment])::varchar from duckdb_schemas() where ${of} and not internal
    union all select to_json(['table', schema_name, table_name, sql, comment])::varchar from duckdb_tables() where ${of} and not internal
    union all select to_json(['column', schema_name, table_name, column_name, data_type, comment])::varchar from duckdb_columns() where ${of} and not internal
    union all select to_json(['view', schema_name, view_name, sql, comment])::varchar from duckdb_views() where ${of} and not internal
    union all select to_json(['macro', schema_name, function_name, function_type, parameters::varchar, macro_definition, comment])::varchar from duckdb_functions() where ${of} and not internal
    union all select to_json(['type', schema_name, type_name, logical_type, labels::varchar, comment])::varchar from duckdb_types() where ${of} and not internal
    union all select to_json(['sequence', schema_name, sequence_name, sql, comment])::varchar from duckdb_sequences() where ${of}
    union all select to_json(['index', schema_name, index_name, table_name, sql, comment])::varchar from duckdb_indexes() where ${of}
    order by 1`);
  // The sum of a HUGEINT is one; that of a UHUGEINT would be a DOUBLE, and another in another order.
  const sums = new Map<string, string>();
  let total = 0;
  for (const table of tables) {
    const [[count, sum] = []] = await run(`select count(*), sum(hash(x)::hugeint)::varchar from ${nameIn(database, table)} x`);
    total += Number(count);
    sums.set(JSON.stringify([table.schema, table.name]), `${count} ${sum}`);
  }
  return { objects: objects.map(([text]) => String(text)), tables: sums, rows: total };
}

/** In what two databases differ first; undefined when nothing was found. */
export function firstDifference(left: Contents, right: Contents): string | undefined {
  const missing =
    left.objects.find((object) => !right.objects.includes(object)) ?? right.objects.find((object) => !left.objects.includes(object));
  if (missing !== undefined) return missing;
  for (const [table, sum] of left.tables) if (right.tables.get(table) !== sum) return `${table}: ${sum} and ${right.tables.get(table)}`;
  return left.tables.size === right.tables.size ? undefined : 'the number of tables';
}

/** Statements that leave nothing in a database. */
export async function emptyingStatements(run: RunSql, database: string): Promise<string[]> {
  const of = `database_name = ${literal(database)} and not internal`;
  const named = async (kind: string, from: string, schema: string, name: string) =>
    (await run(`select distinct ${schema}, ${name} from ${from} order by all`)).map(
      ([inSchema, object]) => `drop ${kind} if exists ${nameIn(database, { schema: String(inSchema), name: String(object) })}`,
    );
  const tables = (await readTables(run, database)).reverse();
  const schemas = await run(`select schema_name from duckdb_schemas() where ${of} and schema_name <> 'main'`);
  const functions = (kind: string) => `duckdb_functions() where ${of} and function_type = ${literal(kind)}`;
  return [
    ...(await named('view', `duckdb_views() where ${of}`, 'schema_name', 'view_name')),
    ...tables.map((table) => `drop table ${nameIn(database, table)}`),
    ...(await named('macro', functions('macro'), 'schema_name', 'function_name')),
    ...(await named('macro table', functions('table_macro'), 'schema_name', 'function_name')),
    ...(await named('sequence', `duckdb_sequences() where database_name = ${literal(database)}`, 'schema_name', 'sequence_name')),
    ...(await named('type', `duckdb_types() where ${of}`, 'schema_name', 'type_name')),
    ...schemas.map(([schema]) => `drop schema ${quoted(database)}.${quoted(String(schema))} cascade`),
  ];
}

function nameIn(database: string, { schema, name }: { readonly schema: string; readonly name: string }): string {
  return [database, schema, name].map(quoted).join('.');
}

function countOf(rows: readonly (readonly unknown[])[]): number {
  return Number(rows[0]?.[0] ?? 0);
}
