import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SpillFile, SpillFiles } from '../types.ts';

/** DuckDB's names for spilled buffers, and the databases of results with many columns. */
const SPILL_FILE = /^(?:duckdb_temp_|wide-\d+\.duckdb)/;

/** The files that DuckDB spilled to, by the first folder's name. A folder that does not exist has none. */
export function countSpillFiles(folder: string, ...more: readonly string[]): SpillFiles {
  const files = listSpillFiles(folder, ...more);
  return { count: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), folder };
}

/** The same one by one, the largest first. */
export function listSpillFiles(...folders: readonly string[]): SpillFile[] {
  const files: SpillFile[] = [];
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      if (!SPILL_FILE.test(name)) continue;
      const stats = statSync(join(folder, name), { throwIfNoEntry: false });
      if (stats !== undefined) files.push({ name, bytes: stats.size, changedAt: stats.mtimeMs });
    }
  }
  return files.sort((a, b) => b.bytes - a.bytes);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
