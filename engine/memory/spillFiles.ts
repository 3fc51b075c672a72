import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SpillFiles } from '../types.ts';

/** DuckDB's names for spilled buffers, and the database of results with many columns. */
const SPILL_FILE = /^(?:duckdb_temp_|wide\.duckdb)/;

/** The files that DuckDB spilled to, by the first folder's name. A folder that does not exist has none. */
export function countSpillFiles(folder: string, ...more: readonly string[]): SpillFiles {
  let count = 0;
  let bytes = 0;
  for (const place of [folder, ...more]) {
    for (const name of namesIn(place)) {
      if (!SPILL_FILE.test(name)) continue;
      const size = statSync(join(place, name), { throwIfNoEntry: false })?.size;
      if (size === undefined) continue;
      count++;
      bytes += size;
    }
  }
  return { count, bytes, folder };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
