import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { KodiakError, messageOf } from './base/errors.ts';
import { literal, quoted } from './base/sqlText.ts';
import { fileError, writeWholeFile } from './base/wholeFile.ts';
import {
  type ContentTable,
  copyContents,
  emptyingStatements,
  firstDifference,
  type RunSql,
  readContents,
  readTables,
} from './databaseContents.ts';
import type { Connection } from './duckdb/connection.ts';
import type { BackupOptions, BackupSummary, Session } from './types.ts';

/**
 * Writes a copy of the connection's own database into a new file, as it is at one moment, while others use it. The file is read again
 * and compared before it gets its name. `name` is free for an attached database.
 */
export async function backupDatabase(connection: Connection, name: string, path: string, options: BackupOptions): Promise<BackupSummary> {
  const { overwrite = false, signal } = options;
  const run: RunSql = (sql) => connection.rows(sql, signal);
  const clean = (sql: string) => connection.rows(sql).catch(() => undefined);
  const { written, bytes } = await writeWholeFile(path, overwrite, async (temporary) => {
    try {
      await run(`attach ${literal(temporary)} as ${quoted(name)} (storage_version 'latest')`);
      const { tables, contents } = await copyInto(run, clean, name, options);
      await run(`detach ${quoted(name)}`);
      await run(`attach ${literal(temporary)} as ${quoted(name)} (read_only)`);
      const difference = firstDifference(contents, await readContents(run, name, tables));
      if (difference !== undefined) throw new KodiakError('bug', `The copy is not what the database is: ${difference}. It was not kept.`);
      return { tables: tables.length, rows: contents.rows };
    } catch (thrown) {
      throw writingFailure(path, thrown);
    } finally {
      await clean('rollback');
      await clean(`detach database if exists ${quoted(name)}`);
      await rm(`${temporary}.wal`, { force: true }).catch(() => undefined);
    }
  });
  return { ...written, bytes };
}

/** One transaction, and so one state of the source: what is copied, and what the copy is compared with. */
async function copyInto(run: RunSql, clean: (sql: string) => Promise<unknown>, target: string, options: BackupOptions) {
  const [[current] = []] = await run('select current_database()');
  const source = String(current);
  await run('begin');
  try {
    const tables = await readTables(run, source);
    await copyContents(run, source, target, tables, counted(tables, options));
    const contents = await readContents(run, source, tables);
    await run('commit');
    return { tables, contents };
  } catch (thrown) {
    await clean('rollback');
    throw thrown;
  }
}

export interface RestoreParts {
  readonly connection: Connection;
  /** The database whose contents are replaced. */
  readonly database: string;
  /** The name under which the backup is attached, read-only. */
  readonly backup: string;
  /** Runs what changes the database, so that the cache hears of it. */
  readonly session: Session;
}

/**
 * Replaces a database's contents by those of another, in one transaction: all of it, or nothing. Both are read to their last row, the
 * one before and the other after.
 */
export async function restoreDatabase(
  { connection, database, backup, session }: RestoreParts,
  options: BackupOptions,
): Promise<Omit<BackupSummary, 'bytes'>> {
  const { signal } = options;
  const read: RunSql = (sql) => connection.rows(sql, signal);
  const tables = await readTables(read, backup);
  const contents = await readContents(read, backup, tables);
  const emptying = await emptyingStatements(read, database);
  const change: RunSql = async (sql) => {
    const result = await session.run(sql, undefined, { useCache: false, ...(signal && { signal }) });
    try {
      return result.rowsChanged === undefined ? await result.page(0, result.rowCount) : [[result.rowsChanged]];
    } finally {
      result.release();
    }
  };
  await change('begin');
  try {
    for (const sql of emptying) await change(sql);
    await copyContents(change, backup, database, tables, counted(tables, options));
    const difference = firstDifference(contents, await readContents(change, database, tables));
    if (difference !== undefined)
      throw new KodiakError('bug', `The contents are not those of the backup: ${difference}. Nothing was changed.`);
    await change('commit');
  } catch (thrown) {
    await session.run('rollback').then(
      (result) => result.release(),
      () => undefined,
    );
    throw thrown;
  }
  return { tables: tables.length, rows: contents.rows };
}

/** A name beside the database's file that is not taken. */
export function beforeRestorePath(database: string): string {
  for (let number = 1; ; number++) {
    const path = `${database}.before-restore${number === 1 ? '' : `-${number}`}`;
    if (!existsSync(path)) return path;
  }
}

function counted(tables: readonly ContentTable[], { onProgress }: BackupOptions): (table: ContentTable, rows: number) => void {
  const expected = tables.reduce((sum, { estimatedRows }) => sum + estimatedRows, 0);
  let done = 0;
  let copied = 0;
  return ({ estimatedRows }, rows) => {
    done += estimatedRows;
    copied += rows;
    // Half of the work is to read both again.
    onProgress?.({ rows: copied, percent: expected === 0 ? 50 : Math.round((50 * done) / expected) });
  };
}

function writingFailure(path: string, thrown: unknown): unknown {
  const isFull = /ENOSPC|No space left|EDQUOT|quota exceeded|File too large/i.test(messageOf(thrown));
  return isFull ? fileError(path, thrown) : thrown;
}
