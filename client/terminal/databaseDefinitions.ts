import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import { quoteName } from '../../engine/sql/sqlNames.ts';
import type { WireRow } from '../../server/protocol/values.ts';
import { type DumpedObject, inMakingOrder } from './dumpOrder.ts';
import { rowsOf, sqlText } from './quietQuery.ts';
import type { Shell } from './shell.ts';

const HERE = 'database_name = current_database()';
const ALL = (): boolean => true;

/** The statements that make everything in the current database but its rows, in an order in which they can be run; its macros are given. */
export async function allDefinitions(shell: Shell, macros: readonly DumpedObject[], signal: AbortSignal): Promise<string[]> {
  const objects = inMakingOrder([...(await tablesAndViews(shell, signal)), ...macros]);
  return [
    ...(await schemas(shell, signal, undefined)),
    ...(await types(shell, signal)),
    ...(await sequences(shell, signal, ALL)),
    ...objects.map(({ sql }) => ended(sql)),
    ...(await indexes(shell, signal, ALL)),
    ...(await comments(shell, signal, ALL)),
  ];
}

/** Tables and views of the current database. */
export async function tablesAndViews(shell: Shell, signal: AbortSignal): Promise<DumpedObject[]> {
  const rows = await rowsOf(
    shell,
    `select 'table', schema_name, table_name, sql, table_oid from duckdb_tables() where not internal and not temporary and ${HERE}
     union all select 'view', schema_name, view_name, sql, view_oid from duckdb_views() where not internal and not temporary and ${HERE}`,
    signal,
  );
  return rows.map(([kind, schema, name, sql, oid]) => ({
    kind: kind === 'view' ? 'view' : 'table',
    schema: String(schema),
    name: String(name),
    sql: String(sql),
    oid: Number(oid),
  }));
}

/** Statements for its schemas: all, or those that some objects are in. */
export async function schemas(shell: Shell, signal: AbortSignal, used: readonly DumpedObject[] | undefined): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select schema_name from duckdb_schemas() where not internal and schema_name <> 'main' and ${HERE} order by oid`,
    signal,
  );
  const names = rows.map(([name]) => String(name)).filter((name) => used === undefined || used.some(({ schema }) => schema === name));
  return names.map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(name)};`);
}

/** Statements for its types. */
export async function types(shell: Shell, signal: AbortSignal): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select schema_name, type_name, logical_type, labels from duckdb_types() where not internal and ${HERE} order by type_oid`,
    signal,
  );
  return rows.map(([schema, name, logicalType, labels]) => {
    const body = Array.isArray(labels) ? `ENUM (${labels.map((label) => sqlText(String(label))).join(', ')})` : String(logicalType);
    return `CREATE TYPE ${qualified(String(schema), String(name))} AS ${body};`;
  });
}

/** Statements for its sequences. */
export async function sequences(shell: Shell, signal: AbortSignal, isUsed: (name: string) => boolean): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select sequence_name, sql from duckdb_sequences() where not temporary and ${HERE} order by sequence_oid`,
    signal,
  );
  return rows.filter(([name]) => isUsed(String(name))).map(([, sql]) => ended(String(sql)));
}

/** Statements for its indexes. */
export async function indexes(shell: Shell, signal: AbortSignal, isAsked: (name: unknown) => boolean): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select table_name, sql from duckdb_indexes() where sql is not null and ${HERE} order by index_oid`,
    signal,
  );
  return rows.filter(([table]) => isAsked(table)).map(([, sql]) => ended(String(sql)));
}

/** Statements for comments on its objects. */
export async function comments(shell: Shell, signal: AbortSignal, isAsked: (name: unknown) => boolean): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select 'TABLE', schema_name, table_name, null, comment from duckdb_tables() where comment is not null and not temporary and ${HERE}
     union all select 'VIEW', schema_name, view_name, null, comment from duckdb_views() where comment is not null and not temporary and ${HERE}
     union all select 'COLUMN', schema_name, table_name, column_name, comment from duckdb_columns() where comment is not null and ${HERE}`,
    signal,
  );
  return rows.filter(([, , name]) => isAsked(name)).map(commentText);
}

function commentText([kind, schema, name, column, comment]: WireRow): string {
  const object = `${qualified(String(schema), String(name))}${column === null ? '' : `.${quoteName(String(column))}`}`;
  return `COMMENT ON ${String(kind)} ${object} IS ${sqlText(String(comment))};`;
}

/**
 * The catalog does not tell the defaults of a macro's parameters. DuckDB writes them when it exports, so a copy of the database
 * without its rows is exported; where that is not possible, the macros are written without defaults.
 */
export async function macrosOf(shell: Shell, signal: AbortSignal): Promise<DumpedObject[]> {
  const rows = await rowsOf(
    shell,
    `select schema_name, function_name, function_type, parameters, macro_definition, function_oid from duckdb_functions()
     where not internal and function_type in ('macro', 'table_macro') and ${HERE} order by function_oid`,
    signal,
  );
  if (rows.length === 0) return [];
  const exported = shell.safe ? undefined : await exportedMacros(shell, signal).catch(() => undefined);
  const byName = new Map<string, DumpedObject>();
  for (const [schema, name, kind, parameters, definition, oid] of rows) {
    const key = qualified(String(schema), String(name));
    const list = Array.isArray(parameters) ? parameters.map((parameter) => quoteName(String(parameter))).join(', ') : '';
    const overload = `(${list}) AS ${kind === 'table_macro' ? 'TABLE ' : ''}${String(definition)}`;
    const before = byName.get(key);
    const sql = exported?.get(key) ?? (before ? `${before.sql}, ${overload}` : `CREATE MACRO ${key}${overload}`);
    byName.set(key, { kind: 'macro', schema: String(schema), name: String(name), sql, oid: Number(oid) });
  }
  return [...byName.values()];
}

async function exportedMacros(shell: Shell, signal: AbortSignal): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-dump-'));
  const copy = quoteName(`kodiak_dump_${process.pid}`);
  try {
    const [[current] = []] = await rowsOf(shell, 'select current_database()', signal);
    const steps = [
      `attach ':memory:' as ${copy}`,
      `copy from database ${quoteName(String(current))} to ${copy} (schema)`,
      `export database ${copy} to ${sqlText(join(folder, 'schema'))}`,
    ];
    await rowsOf(shell, steps.join('; '), signal);
    const text = readFileSync(join(folder, 'schema', 'schema.sql'), 'utf8');
    const found = new Map<string, string>();
    // Types before them may have quotes that DuckDB does not double.
    for (const { text: sql } of splitStatements(text.slice(text.search(/^CREATE MACRO /m)))) {
      const name = /^CREATE MACRO ((?:"(?:[^"]|"")*"|[^\s("]+)+)/.exec(sql)?.[1];
      if (name !== undefined) found.set(name, sql);
    }
    return found;
  } finally {
    await rowsOf(shell, `detach database if exists ${copy}`, new AbortController().signal).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The name with which an object is made: qualified outside of `main`. */
export function qualified(schema: string, name: string): string {
  return schema === 'main' ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

/** A statement with one semicolon behind it. */
export function ended(sql: string): string {
  return `${sql.trimEnd().replace(/;+$/, '')};`;
}
