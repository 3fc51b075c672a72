import { realPath } from './base/realPath.ts';
import type { DatabaseFiles } from './cache/databaseFiles.ts';
import { DatabaseHistory, type History } from './cache/databaseHistory.ts';
import type { Connection } from './duckdb/connection.ts';
import type { Database } from './duckdb/database.ts';
import type { RunContext } from './queryRun.ts';

/** A life of a database as the engine knows it, and the history of which it is a part. */
export interface DatabaseLife {
  readonly history: History & RunContext['history'];
  readonly of: DatabaseHistory;
}

/** What is known of a database from its earlier lives. To be asked before its file is opened. */
export function lookAtHistory(folder: string | undefined, database: string): ReturnType<DatabaseHistory['look']> {
  return new DatabaseHistory(folder, databasePathOf(database)).look();
}

/** Begins a life of the database, which has a name by then. */
export async function beginHistory(
  folder: string | undefined,
  database: Database,
  internal: Connection,
  looked: ReturnType<DatabaseHistory['look']>,
): Promise<DatabaseLife> {
  const of = new DatabaseHistory(folder, database.path);
  const [[name] = []] = await internal.rows('select current_database()');
  const history = { ...of.begin(looked), catalog: String(name).toLowerCase(), inMemory: database.path === ':memory:' };
  return { history, of };
}

/** The file's stamp with everything written to it: closing it changes nothing then. Undefined where that cannot be. */
export async function settledStamp(
  history: DatabaseHistory,
  internal: Connection,
  databaseFiles: DatabaseFiles,
  options: { readonly historyFolder: string | undefined; readonly readOnly: boolean },
): Promise<string | undefined> {
  try {
    if (options.historyFolder === undefined || databaseFiles.changedByOthers()) return undefined;
    if (!options.readOnly) await internal.rows('checkpoint');
    return history.stamp();
  } catch {
    return undefined;
  }
}

/** As the history of a database is called. */
function databasePathOf(database: string): string {
  return database === '' || database === ':memory:' ? ':memory:' : realPath(database);
}
