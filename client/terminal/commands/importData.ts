import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { quoteName } from '../../../engine/sql/sqlNames.ts';
import { formatRows } from '../../monitor/statsText.ts';
import { visible } from '../../text/displayText.ts';
import { rowsOf, sqlText, withResult } from '../quietQuery.ts';
import type { Shell } from '../shell.ts';
import { importFolder } from './databaseFolder.ts';
import { type CommandOutcome, type DotCommand, say, WrongUsage } from './dotCommand.ts';

const READERS: readonly { readonly option: string; readonly reader: string; readonly files: RegExp }[] = [
  { option: 'csv', reader: 'read_csv', files: /\.(?:csv|tsv|txt)(?:\.(?:gz|zst))?$/i },
  { option: 'json', reader: 'read_json', files: /\.(?:json|jsonl|ndjson)(?:\.(?:gz|zst))?$/i },
  { option: 'parquet', reader: 'read_parquet', files: /\.parquet$/i },
];

export const IMPORT_DATA: DotCommand = {
  name: 'import',
  usage: 'FILE TABLE [--csv|--json|--parquet] [--OPTION VALUE …]|FOLDER',
  summary: 'load a CSV, TSV, JSON or Parquet file into a table, or a folder of .export',
  explanation:
    'The table is made with the columns of the file if it is not there; else the columns go into the table’s in their order. The kind of the file follows from its name unless it is given. Other options go to DuckDB’s reader, as --delimiter or --header. All rows arrive, or none. A folder that .export has written is read as a whole database.',
  example: ['.import people.csv people', '.import data.txt people --csv --delimiter "|" --header false'],
  takes: [1, 40],
  touchesFiles: true,
  run: (shell, [file = '', table = '', ...options], signal) => importFile(shell, file, table, options, signal),
};

async function importFile(
  shell: Shell,
  file: string,
  table: string,
  options: readonly string[],
  signal: AbortSignal,
): Promise<CommandOutcome> {
  const isRemote = /^[a-z0-9]{2,}:\/\//i.test(file);
  const path = isRemote ? file : resolve(shell.cwd, file);
  if (!isRemote && !/[*?[]/.test(path)) {
    if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
    if (statSync(path).isDirectory()) return await importFolder(shell, path, signal);
  }
  if (table === '') throw new WrongUsage();
  const { reader, settings } = readOptions(path, options);
  const name = table.match(/"(?:[^"]|"")*"|[^."]+/g)?.map((part) => (part.startsWith('"') ? part : quoteName(part)));
  if (!name) throw new WrongUsage();
  const target = name.join('.');
  const source = `${reader}(${[sqlText(path), ...settings].join(', ')})`;
  const exists = await isThere(shell, target, signal);
  const sql = exists ? `insert into ${target} from ${source}` : `create table ${target} as from ${source}; select count(*) from ${target}`;
  const count = await withResult(shell, sql, signal, async ({ rowsChanged, result }) => rowsChanged ?? Number(result.preview[0]?.[0]));
  return say(shell, `${formatRows(count)} into ${visible(target)}${exists ? '' : ', which is new'}.`);
}

/** A table that is not there is told by the failure of a statement that reads none of its rows. */
async function isThere(shell: Shell, target: string, signal: AbortSignal): Promise<boolean> {
  try {
    await rowsOf(shell, `select 1 from ${target} limit 0`, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return false;
    throw error;
  }
}

function readOptions(path: string, options: readonly string[]): { readonly reader: string; readonly settings: readonly string[] } {
  let chosen = READERS.find(({ files }) => files.test(path));
  const settings: string[] = [];
  for (let at = 0; at < options.length; at++) {
    const option = options[at]?.match(/^--?([a-z_]+)$/i)?.[1]?.toLowerCase();
    if (option === undefined) throw new WrongUsage();
    const named = READERS.find((reader) => reader.option === option);
    if (named) chosen = named;
    else {
      const value = options[++at];
      if (value === undefined) throw new WrongUsage(`--${option} needs a value.`);
      settings.push(
        `${option === 'delimiter' ? 'delim' : option} = ${/^(?:true|false|-?\d+(?:\.\d+)?)$/i.test(value) ? value : sqlText(value)}`,
      );
    }
  }
  if (!chosen) throw new WrongUsage('What kind of file it is cannot be told from its name: add --csv, --json or --parquet.');
  return { reader: chosen.reader, settings };
}
