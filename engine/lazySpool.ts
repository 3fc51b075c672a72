import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './duckdb/database.ts';
import { SpoolDatabase, type SpoolOptions } from './duckdb/spoolDatabase.ts';

/** The instance that keeps large results, opened when the first of them needs it. */
export class LazySpool {
  readonly folder: string;
  readonly #database: Database;
  readonly #options: SpoolOptions;
  #spool: Promise<SpoolDatabase> | undefined;

  /** Its files lie in a folder of this process, inside the temporary folder. */
  constructor(database: Database, options: SpoolOptions) {
    this.folder = join(options.temporaryFolder, `results-${process.pid}`);
    this.#database = database;
    this.#options = { ...options, temporaryFolder: this.folder };
  }

  /** Opens it at the first call. A failure is forgotten, so that the next large result tries again. */
  open(): Promise<SpoolDatabase> {
    // Each time: a cleaner of temporary files may have removed it.
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    if (!this.#spool) {
      this.#spool = SpoolDatabase.open(this.#database.duckdb, this.#options, this.#database.read);
      this.#spool.catch(() => {
        this.#spool = undefined;
      });
    }
    return this.#spool;
  }

  /** Bytes in memory and on disk; undefined while it is not open. */
  async measure(): Promise<{ memoryBytes: number; spillBytes: number } | undefined> {
    return await (await this.#spool)?.measure();
  }

  /** Closes it and removes its folder. */
  async close(): Promise<void> {
    await (await this.#spool)?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
