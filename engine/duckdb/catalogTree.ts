import type { DuckDBValue } from '@duckdb/node-api';
import { literal } from '../base/sqlText.ts';
import type { DatabaseEntry, ObjectEntry, SchemaEntry, SchemaName, TableColumn, TableName } from '../types.ts';

type Query = (sql: string) => Promise<DuckDBValue[][]>;

const DATABASES = `
  select database_name, path, readonly, comment, database_name = current_database() from duckdb_databases() where not internal order by all`;

/** `main` counts as internal to DuckDB, but people put tables there. */
const SCHEMAS = `
  with objects as (
    select database_name, schema_name from duckdb_tables() where not internal
    union all select database_name, schema_name from duckdb_views() where not internal
    union all select database_name, schema_name from duckdb_functions() where not internal and function_type in ('macro', 'table_macro')
  ), counts as (select database_name, schema_name, count(*) as objects from objects group by all)
  select database_name, schema_name, comment, coalesce(objects, 0) from duckdb_schemas() left join counts using (database_name, schema_name)
  where database_name not in ('system', 'temp') and (not internal or schema_name = 'main') order by all`;

/** Attached databases with their schemas, in the order of their names. */
export async function readDatabases(query: Query): Promise<DatabaseEntry[]> {
  const databases = await query(DATABASES);
  const schemas = await query(SCHEMAS);
  return databases.map(([name, path, readOnly, comment, isDefault]) => ({
    name: String(name),
    ...(typeof path === 'string' && { path }),
    readOnly: readOnly === true,
    isDefault: isDefault === true,
    ...commented(comment),
    schemas: schemas.filter(([database]) => database === name).map(toSchema),
  }));
}

/** Tables, then views, then macros of one schema, each in the order of their names; one entry for each overload of a macro. */
export async function readSchema(query: Query, { database, schema }: SchemaName): Promise<ObjectEntry[]> {
  const here = `database_name = ${literal(database)} and schema_name = ${literal(schema)} and not internal`;
  const rows = await query(`
    from (
      select 'table' as kind, table_name as name, estimated_size, column_count, comment, null as parameters, null from duckdb_tables() where ${here}
      union all
      select 'view', view_name, null, column_count, comment, null, null from duckdb_views() where ${here}
      union all
      select if(function_type = 'macro', 'macro', 'tableMacro'), function_name, null, null, comment, parameters, macro_definition
        from duckdb_functions() where ${here} and function_type in ('macro', 'table_macro')
    ) order by list_position(['table', 'view', 'macro', 'tableMacro'], kind), lower(name), name, len(parameters)`);
  return rows.map(([kind, name, size, columns, comment, parameters, definition]) => ({
    kind: String(kind) as ObjectEntry['kind'],
    name: String(name),
    ...(isGiven(size) && { estimatedRows: Number(size) }),
    ...(isGiven(columns) && { columnCount: Number(columns) }),
    ...commented(comment),
    ...(isGiven(parameters) && { parameters: texts(parameters) }),
    ...(isGiven(definition) && { definition: String(definition) }),
  }));
}

/** The columns of one table or view, in their order; none when there is no such table. */
export async function readColumns(query: Query, table: TableName): Promise<TableColumn[]> {
  const columns = await query(`
    select column_name, data_type, comment, not is_nullable, column_default from duckdb_columns() where ${here(table)} order by column_index`);
  const keys = await query(`
    select constraint_type, constraint_column_names, referenced_table, referenced_column_names from duckdb_constraints()
    where ${here(table)} and constraint_type in ('PRIMARY KEY', 'FOREIGN KEY')`);
  const primary = new Set(keys.filter(([type]) => type === 'PRIMARY KEY').flatMap(([, names]) => texts(names)));
  const references = new Map(keys.filter(([type]) => type === 'FOREIGN KEY').flatMap(referencesOf));
  return columns.map(([column, type, comment, notNull, fallback]): TableColumn => {
    const reference = references.get(String(column));
    return {
      name: String(column),
      type: String(type),
      ...commented(comment),
      ...(primary.has(String(column)) && { primaryKey: true }),
      ...(notNull === true && { notNull: true }),
      ...(isGiven(fallback) && { default: String(fallback) }),
      ...(reference !== undefined && { references: reference }),
    };
  });
}

/** The CREATE statement of a table or view. It has a question of its own, because DuckDB writes those of all tables to give one. */
export async function readDefinition(query: Query, table: TableName): Promise<string | undefined> {
  const [row] = await query(`
    select sql from duckdb_tables() where ${here(table)}
    union all select sql from duckdb_views() where ${here(table, 'view_name')}`);
  return isGiven(row?.[0]) ? String(row?.[0]) : undefined;
}

/** The condition for one table, or for one view by the name of its column. */
function here({ database, schema, name }: TableName, nameColumn = 'table_name'): string {
  return `database_name = ${literal(database)} and schema_name = ${literal(schema)} and ${nameColumn} = ${literal(name)}`;
}

function toSchema([, name, comment, objects]: DuckDBValue[]): SchemaEntry {
  return { name: String(name), objectCount: Number(objects), ...commented(comment) };
}

/** Pairs of a column and the column that it refers to. */
function referencesOf([, names, table, referenced]: DuckDBValue[]): [string, { readonly table: string; readonly column: string }][] {
  const targets = texts(referenced);
  return texts(names).map((name, index) => [name, { table: String(table), column: targets[index] ?? '' }]);
}

function commented(comment: DuckDBValue | undefined): { readonly comment?: string } {
  return isGiven(comment) ? { comment: String(comment) } : {};
}

function isGiven(value: DuckDBValue | undefined): boolean {
  return value !== null && value !== undefined;
}

function texts(value: DuckDBValue | undefined): string[] {
  const items = typeof value === 'object' && value !== null && 'items' in value ? value.items : undefined;
  return Array.isArray(items) ? items.map(String) : [];
}
