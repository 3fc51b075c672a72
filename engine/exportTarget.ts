import { KodiakError } from './base/errors.ts';
import { realPath } from './base/realPath.ts';
import type { RunRows } from './duckdb/memoryLimit.ts';

/** Rejects with `unavailable` for the file of an open database: one that is a database now must not be replaced under it. */
export async function checkExportTarget(query: RunRows, path: string): Promise<void> {
  const databases = await query('select path from duckdb_databases() where path is not null');
  const open = new Set(databases.flatMap(([file]) => [realPath(String(file)), realPath(`${file}.wal`)]));
  if (open.has(realPath(path))) throw new KodiakError('unavailable', `${path} cannot be written: it is a database that is open.`);
}
