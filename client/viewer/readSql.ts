import { quoteName } from '../../engine/sql/sqlNames.ts';
import type { ReadOptions, ViewedTable } from '../../server/protocol/dataViewer.ts';

const READERS = { csv: 'read_csv', json: 'read_json_auto', jsonl: 'read_ndjson_auto', parquet: 'read_parquet' } as const;

/** The query for a file's rows. `pattern` is its path where DuckDB reads patterns. */
export function fileRowsSql(pattern: string, options: ReadOptions): string {
  return `FROM ${fileSource(pattern, options)}${options.limit === undefined ? '' : ` LIMIT ${options.limit}`}`;
}

/** What stands behind FROM for a file; not for a database, which has tables. */
export function fileSource(pattern: string, options: ReadOptions): string {
  const { kind } = options;
  if (kind === 'database') throw new Error('A database is no source of rows.');
  const given = kind === 'csv' ? csvOptions(options) : [];
  if (options.compression !== undefined && kind !== 'parquet') given.push(`compression = ${text(options.compression)}`);
  return `${READERS[kind]}(${[text(pattern), ...given].join(', ')})`;
}

/** The query for the rows of a table of a database that is attached under this name. */
export function tableRowsSql(database: string, { schema, name }: ViewedTable): string {
  return `FROM ${[database, schema, name].map(quoteName).join('.')}`;
}

/** A script that attaches a database file and shows a table of it, for a notebook. */
export function attachSql(path: string, alias: string): string {
  return `ATTACH IF NOT EXISTS ${text(path)} AS ${quoteName(alias)} (READ_ONLY);`;
}

function csvOptions({ delimiter, header, quote, skip, allText, ignoreErrors }: ReadOptions): string[] {
  return [
    ...(delimiter === undefined ? [] : [`delim = ${text(delimiter)}`]),
    ...(header === undefined ? [] : [`header = ${header}`]),
    ...(quote === undefined ? [] : [`quote = ${text(quote)}`]),
    ...(skip === undefined ? [] : [`skip = ${skip}`]),
    ...(allText === true ? ['all_varchar = true'] : []),
    ...(ignoreErrors === true ? ['ignore_errors = true', 'strict_mode = false'] : []),
  ];
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
