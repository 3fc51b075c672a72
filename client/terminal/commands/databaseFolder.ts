import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { formatCounted, formatRows } from '../../monitor/statsText.ts';
import { visible } from '../../text/displayText.ts';
import { allDefinitions, macrosOf } from '../databaseDefinitions.ts';
import { rowsOf, sqlText } from '../quietQuery.ts';
import type { Shell } from '../shell.ts';
import { type CommandOutcome, type DotCommand, say, WrongUsage } from './dotCommand.ts';

export const EXPORT_DATABASE: DotCommand = {
  name: 'export',
  usage: 'FOLDER [parquet|csv]',
  summary: 'write the whole database as files and SQL',
  explanation:
    'Writes schema.sql, load.sql and a file for each table into a new folder, as EXPORT DATABASE does, as it all is at one moment, and compares the numbers of rows. .import FOLDER reads it again, here or in the DuckDB CLI.',
  example: ['.export sales-2024', '.export for-excel csv'],
  takes: [1, 2],
  touchesFiles: true,
  run: (shell, [folder = '', format = 'parquet'], signal) => exportFolder(shell, resolve(shell.cwd, folder), format, signal),
};

async function exportFolder(shell: Shell, folder: string, format: string, signal: AbortSignal): Promise<CommandOutcome> {
  if (format !== 'parquet' && format !== 'csv') throw new WrongUsage();
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)) {
    throw new Error(`${folder} exists already. Name a new folder: nothing is overwritten.`);
  }
  const isNew = mkdirSync(folder, { recursive: true }) !== undefined;
  try {
    const macros = await macrosOf(shell, signal);
    const tables = await inTransaction(shell, `export database ${sqlText(folder)} (format ${format})`, folder, signal, async () => {
      // DuckDB itself writes views before those that they read, and does not double the quotes in the labels of an ENUM.
      const definitions = await allDefinitions(shell, macros, signal);
      writeFileSync(join(folder, 'schema.sql'), definitions.map((sql) => `${sql}\n`).join(''));
    });
    return await say(shell, `${sumText(tables)} in ${visible(folder)}`);
  } catch (error) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { force: true });
    if (isNew) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Reads what `.export` or EXPORT DATABASE has written: all of it, or nothing. */
export async function importFolder(shell: Shell, folder: string, signal: AbortSignal): Promise<CommandOutcome> {
  if (!['schema.sql', 'load.sql'].every((name) => existsSync(join(folder, name)))) {
    throw new Error(`${folder} has no schema.sql and load.sql: it is not a folder that .export has written.`);
  }
  const tables = await inTransaction(shell, `import database ${sqlText(folder)}`, folder, signal);
  return await say(shell, `${sumText(tables)} from ${visible(folder)}`);
}

interface TableRows {
  readonly table: string;
  readonly rows: number;
}

/** Runs the statement and what belongs to it, and compares each table with its file, as one transaction. */
async function inTransaction(
  shell: Shell,
  sql: string,
  folder: string,
  signal: AbortSignal,
  also?: () => Promise<void>,
): Promise<TableRows[]> {
  await rowsOf(shell, 'begin', signal);
  try {
    await rowsOf(shell, sql, signal);
    await also?.();
    const tables: TableRows[] = [];
    for (const { table, file } of loadedFiles(folder)) {
      const reader = file.endsWith('.csv')
        ? `read_csv(${sqlText(file)}, header = true, all_varchar = true)`
        : `read_parquet(${sqlText(file)})`;
      const [[rows, inFile] = []] = await rowsOf(shell, `select (select count(*) from ${table}), (select count(*) from ${reader})`, signal);
      if (rows !== inFile) throw new Error(`${table} has ${String(rows)} rows, and its file ${String(inFile)}. Nothing was kept.`);
      tables.push({ table, rows: Number(rows) });
    }
    await rowsOf(shell, 'commit', signal);
    return tables;
  } catch (error) {
    await rowsOf(shell, 'rollback', new AbortController().signal).catch(() => undefined);
    throw error;
  }
}

/** The statements of `load.sql`, whose paths are those of the folder when it was written. */
function loadedFiles(folder: string): { readonly table: string; readonly file: string }[] {
  const text = readFileSync(join(folder, 'load.sql'), 'utf8');
  return [...text.matchAll(/^COPY (.+) FROM '((?:[^']|'')+)' \(/gm)].map(([, table = '', path = '']) => ({
    table,
    file: join(folder, basename(path.replaceAll("''", "'").replaceAll('\\', '/'))),
  }));
}

function sumText(tables: readonly TableRows[]): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${formatCounted(tables.length, 'table')} with ${formatRows(rows)}`;
}
