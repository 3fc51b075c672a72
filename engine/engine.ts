import { mkdirSync } from 'node:fs';
import { makeTemporaryFolder, removeTemporaryFolder } from './base/temporaryFolder.ts';
import { beginHistory, lookAtHistory } from './databaseLife.ts';
import { Database } from './duckdb/database.ts';
import { MemoryLimit } from './duckdb/memoryLimit.ts';
import { DuckdbEngine } from './duckdbEngine.ts';
import { readFunctions } from './functionNames.ts';
import { resolveOptions } from './options.ts';
import type { Engine, EngineOptions } from './types.ts';

export { openArchiveReader } from './archive.ts';
export { KodiakError, ScriptError } from './base/errors.ts';
export { freshnessUnopened } from './recordFreshness.ts';
export type * from './types.ts';

/**
 * Opens a database and the subsystems around it. Rejects with a `KodiakError` `unavailable` when the file is missing its folder,
 * locked (the message names the holder), damaged, a folder, or open already in this process.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const resolved = resolveOptions(options);
  const temporaryFolder = resolved.temporaryFolder ?? makeTemporaryFolder();
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
  const removeFolder = () => {
    if (resolved.temporaryFolder === undefined) removeTemporaryFolder(temporaryFolder);
  };
  const looked = lookAtHistory(resolved.historyFolder, resolved.database);
  try {
    const database = await Database.open({
      database: resolved.database,
      readOnly: resolved.readOnly,
      threads: resolved.parallel.threads,
      memoryLimitBytes: resolved.memory.limitBytes,
      temporaryFolder,
    });
    const internal = await database.connect();
    const functions = await readFunctions(internal);
    const limit = await MemoryLimit.read((sql) => internal.rows(sql), resolved.memory.limitBytes);
    const history = await beginHistory(resolved.historyFolder, database, internal, looked);
    return new DuckdbEngine(resolved, database, internal, limit, functions, history, temporaryFolder, removeFolder);
  } catch (thrown) {
    removeFolder();
    throw thrown;
  }
}
