import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { literal } from '../base/sqlText.ts';
import { after, type Timer } from '../base/timers.ts';

/**
 * A table in memory takes a block of 256 KiB per column and row group however few rows it has, all at once while it is written:
 * with more columns than this it lies in a file of its own with blocks of 16 KiB instead.
 */
export const MANY_COLUMNS = 100;

/** No other process reads it, and nobody needs it after a crash. */
const WIDE_OPTIONS = "block_size 16384, storage_version 'latest', recovery_mode 'no_wal_writes'";

/** A column takes two blocks, for values and NULLs, until a checkpoint packs those that are nearly empty. */
const SPARSE_BYTES = 2 * 16_384;

const PACK_DELAY_MS = 500;

/** A file for one result with many columns, attached to the database that keeps results. */
export interface WideFile {
  readonly catalog: string;
  readonly events: { readonly onFinish: (bytes: number) => void; readonly onDrop: () => void };
}

/** What the database does for such a file. */
export interface WideFileHost {
  readonly temporaryFolder: string;
  newName(prefix: string): string;
  attach(sql: string): Promise<unknown>;
  /** Checkpoints the file; never rejects. */
  pack(catalog: string): Promise<void>;
  detach(catalog: string): Promise<void>;
}

/**
 * A file for one result with many columns. Several in one file would be slow to forget: a checkpoint looks for free places in all that
 * dropped tables have left, 50 s for the fourth result with 10,000 columns (DuckDB 1.5).
 */
export async function attachWideFile(host: WideFileHost, columnCount: number): Promise<WideFile> {
  const catalog = host.newName('w');
  const path = join(host.temporaryFolder, `wide-${catalog.slice(1)}.duckdb`);
  // One that was left by a process that died would be opened with its tables.
  await rm(path, { force: true });
  await host.attach(`attach ${literal(path)} as ${catalog} (${WIDE_OPTIONS})`);
  let timer: Timer | undefined;
  let packed: Promise<unknown> = Promise.resolve();
  const events = {
    onFinish: (bytes: number) => {
      if (bytes >= columnCount * SPARSE_BYTES) return;
      timer = after(PACK_DELAY_MS, () => {
        packed = host.pack(catalog);
      });
    },
    onDrop: () => {
      timer?.dispose();
      // DuckDB ends the process when a database is detached during its checkpoint. What cannot be removed only costs space.
      packed
        .then(() => host.detach(catalog))
        .then(() => rm(path, { force: true }))
        .catch(() => undefined);
    },
  };
  return { catalog, events };
}
