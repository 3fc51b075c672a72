import { existsSync, mkdirSync } from 'node:fs';
import { KodiakError } from './base/errors.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './base/temporaryFolder.ts';
import { ArchiveFiles, writeArchiveFile } from './duckdb/archiveFile.ts';
import { loadDuckdb } from './duckdb/binding.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import { createValueReader } from './duckdb/readValue.ts';
import { SpoolDatabase } from './duckdb/spoolDatabase.ts';
import { ArchivedRows } from './result/archivedRows.ts';
import { QueryResult } from './result/queryResult.ts';
import { StatementRows } from './statementRows.ts';
import type { ArchivedResult, ArchiveOptions, ArchiveReader, ArchiveReaderOptions, ArchiveSummary, Result } from './types.ts';

const READER_BYTES = 256 * 1024 * 1024;

/** See `Engine.archive`. */
export async function archiveResult(
  openSpool: () => Promise<SpoolDatabase>,
  result: Result,
  path: string,
  { maxRows = Number.POSITIVE_INFINITY, signal }: ArchiveOptions,
): Promise<ArchiveSummary> {
  const rows = result instanceof QueryResult ? result.rows : undefined;
  if (!(rows instanceof StatementRows)) throw new KodiakError('bug', 'Only results of statements that ran can be archived.');
  if (result.columns.length === 0) throw new KodiakError('bug', 'A result without columns has nothing to archive.');
  const held = result.share();
  try {
    const spool = await openSpool();
    return await rows.withSource(maxRows, signal, async (source) => {
      const fingerprint = await writeArchiveFile(spool, path, rows.types, source, signal);
      return { rows: source.rowCount, fingerprint };
    });
  } finally {
    held.release();
  }
}

/** Makes a reader; DuckDB is loaded, and memory taken, when the first rows are looked at. */
export function openArchiveReader(options: ArchiveReaderOptions = {}): ArchiveReader {
  return new DuckdbArchiveReader(options);
}

class DuckdbArchiveReader implements ArchiveReader {
  readonly #options: ArchiveReaderOptions;
  #opening: Promise<ArchiveFiles> | undefined;
  #database: SpoolDatabase | undefined;
  #madeFolder: string | undefined;
  #closed = false;

  constructor(options: ArchiveReaderOptions) {
    this.#options = options;
  }

  open({ path, rowCount, bytes, ...head }: ArchivedResult): Result {
    const rows = new ArchivedRows<NativeChunk>(rowCount, bytes, () => this.#openFile(path, { rowCount, bytes }));
    const { elapsedMs, rowsChanged, truncated, provenance } = head;
    return new QueryResult(head, rows).end({ elapsedMs, rowsChanged, truncated, provenance, reading: undefined });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => undefined);
    await this.#database?.close();
    if (this.#madeFolder !== undefined) removeTemporaryFolder(this.#madeFolder);
  }

  async #openFile(path: string, size: { readonly rowCount: number; readonly bytes: number }) {
    const files = await this.#files();
    try {
      return await files.open(path, size);
    } catch (thrown) {
      if (existsSync(path) && !this.#closed && thrown instanceof Error) this.#options.onUnreadable?.(path, thrown);
      throw thrown;
    }
  }

  /** A failure is forgotten, so that the next look tries again. */
  #files(): Promise<ArchiveFiles> {
    if (this.#closed) return Promise.reject(new KodiakError('unavailable', 'The kept results are closed.'));
    this.#opening ??= this.#openDatabase().catch((thrown: unknown) => {
      this.#opening = undefined;
      throw thrown;
    });
    return this.#opening;
  }

  async #openDatabase(): Promise<ArchiveFiles> {
    const { memoryLimitBytes = READER_BYTES, temporaryFolder, checkTarget = async () => undefined } = this.#options;
    if (temporaryFolder === undefined) this.#madeFolder ??= makeTemporaryFolder();
    const folder = temporaryFolder ?? this.#madeFolder ?? '';
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const duckdb = await loadDuckdb();
    const options = {
      threads: 1,
      memoryLimitBytes,
      maxSpillBytes: undefined,
      temporaryFolder: folder,
      submit: <T>(task: () => Promise<T>) => task(),
      checkTarget,
    };
    this.#database = await SpoolDatabase.open(duckdb, options, createValueReader(duckdb));
    return new ArchiveFiles(this.#database);
  }
}
