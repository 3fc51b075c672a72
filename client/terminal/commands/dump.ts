import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';
import { quoteName } from '../../../engine/sql/sqlNames.ts';
import type { WireRow } from '../../../server/protocol/values.ts';
import { visibleLines } from '../../text/displayText.ts';
import { type DumpedObject, generatedColumns, inMakingOrder } from '../dumpOrder.ts';
import { namePattern } from '../namePattern.ts';
import { OutputSettings } from '../outputSettings.ts';
import { rowsOf, sqlText, withResult } from '../quietQuery.ts';
import { streamRows } from '../resultPrinter.ts';
import type { Shell } from '../shell.ts';
import type { CommandOutcome, DotCommand } from './dotCommand.ts';

export const DUMP: DotCommand = {
  name: 'dump',
  usage: '[PATTERN …]',
  summary: 'write the database as SQL',
  explanation:
    'Schemas, types, sequences, tables with their rows, macros, views, indexes and comments, in an order in which they can be made again, within one transaction. With patterns only tables and views whose name fits; % and * stand for anything. Temporary tables and other databases are left out.',
  example: ['.dump', '.dump orders', '.dump order% customer%'],
  takes: [0, 100],
  run: (shell, patterns, signal) => dump(shell, patterns, signal),
};

const HERE = 'database_name = current_database()';

async function dump(shell: Shell, patterns: readonly string[], signal: AbortSignal): Promise<CommandOutcome> {
  const matchers = patterns.map((pattern) => namePattern(pattern, true));
  const isAsked = (name: unknown) => matchers.length === 0 || matchers.some((matcher) => matcher.test(String(name)));
  const macros = matchers.length === 0 ? await macrosOf(shell, signal) : [];
  // One snapshot for all tables; inside of a person's own transaction there is one already.
  const began = await rowsOf(shell, 'begin transaction', signal).then(
    () => true,
    () => false,
  );
  try {
    const write = (...statements: readonly string[]) => writeSql(shell, statements);
    const objects = [...(await tablesAndViews(shell, signal)).filter(({ name }) => isAsked(name)), ...macros];
    const texts = objects.map(({ sql }) => sql).join('\n');
    await write('BEGIN TRANSACTION;');
    await write(...(await schemas(shell, signal, matchers.length === 0 ? undefined : objects)));
    if (matchers.length === 0) await write(...(await types(shell, signal)));
    await write(...(await sequences(shell, signal, (name) => matchers.length === 0 || texts.includes(name))));
    const ordered = inMakingOrder(objects);
    // Rows come before views and indexes, and behind the tables that theirs refer to.
    for (const object of ordered) {
      await write(ended(object.sql));
      if (object.kind === 'table') await writeRows(shell, object, signal);
      if (signal.aborted) return 'cancelled';
    }
    await write(...(await indexes(shell, signal, isAsked)), ...(await comments(shell, signal, isAsked)));
    await write('COMMIT;');
  } finally {
    if (began) await rowsOf(shell, 'rollback', new AbortController().signal).catch(() => undefined);
  }
  return 'done';
}

async function writeSql(shell: Shell, statements: readonly string[]): Promise<void> {
  const shown = shell.output.isTerminal ? visibleLines : (text: string) => text;
  await shell.output.writeLines(statements.map(shown));
}

async function writeRows(shell: Shell, { schema, name, sql }: DumpedObject, signal: AbortSignal): Promise<void> {
  const target = qualified(schema, name);
  const generated = new Set(generatedColumns(sql));
  const chosen = generated.size === 0 ? '*' : `* exclude (${[...generated].map(quoteName).join(', ')})`;
  const settings = new OutputSettings();
  settings.target = target;
  settings.headers = generated.size > 0;
  await withResult(shell, `select ${chosen} from ${target}`, signal, ({ result }) =>
    streamRows(result, 'insert', settings, shell.rowsOf(result), shell.output, signal),
  );
}

async function tablesAndViews(shell: Shell, signal: AbortSignal): Promise<DumpedObject[]> {
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

async function schemas(shell: Shell, signal: AbortSignal, used: readonly DumpedObject[] | undefined): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select schema_name from duckdb_schemas() where not internal and schema_name <> 'main' and ${HERE} order by oid`,
    signal,
  );
  const names = rows.map(([name]) => String(name)).filter((name) => used === undefined || used.some(({ schema }) => schema === name));
  return names.map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(name)};`);
}

async function types(shell: Shell, signal: AbortSignal): Promise<string[]> {
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

async function sequences(shell: Shell, signal: AbortSignal, isUsed: (name: string) => boolean): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select sequence_name, sql from duckdb_sequences() where not temporary and ${HERE} order by sequence_oid`,
    signal,
  );
  return rows.filter(([name]) => isUsed(String(name))).map(([, sql]) => ended(String(sql)));
}

async function indexes(shell: Shell, signal: AbortSignal, isAsked: (name: unknown) => boolean): Promise<string[]> {
  const rows = await rowsOf(
    shell,
    `select table_name, sql from duckdb_indexes() where sql is not null and ${HERE} order by index_oid`,
    signal,
  );
  return rows.filter(([table]) => isAsked(table)).map(([, sql]) => ended(String(sql)));
}

async function comments(shell: Shell, signal: AbortSignal, isAsked: (name: unknown) => boolean): Promise<string[]> {
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
async function macrosOf(shell: Shell, signal: AbortSignal): Promise<DumpedObject[]> {
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

function qualified(schema: string, name: string): string {
  return schema === 'main' ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

function ended(sql: string): string {
  return `${sql.trimEnd().replace(/;+$/, '')};`;
}
