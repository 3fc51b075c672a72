import { KodiakError } from '../base/errors.ts';
import type { Row } from '../types.ts';
import type { ArchiveSource, Chunk, Spool } from './chunk.ts';
import type { ResultRows } from './resultRows.ts';

/** Above this size a result moves from native chunks into a spool, which can spill to disk. */
const MAX_CHUNK_BYTES = 8 * 1024 * 1024;

/** Chunks between two flushes of the spool: one row group of DuckDB, 60 × 2,048 rows. Other sizes cost up to three times as much. */
const CHUNKS_PER_FLUSH = 60;

/** Wide rows are flushed sooner: what is not flushed is in memory twice, and cannot spill. */
const MAX_BYTES_PER_FLUSH = 64 * 1024 * 1024;

/**
 * The rows of one result while they arrive and afterwards, readable by position at any time. A small result stays in the chunks
 * in which it came; a larger one moves to a spool, and only the rows not flushed yet are kept as chunks beside it.
 *
 * Rows [0, flushed) are in the spool, rows [flushed, rowCount) in `#tail`. Several owners may share it: the last `release` frees it.
 */
export class GrowingRows<C extends Chunk> implements ResultRows<C> {
  readonly #createSpool: () => Promise<Spool<C>>;
  readonly #maxChunkBytes: number;
  #tail: C[] = [];
  #tailStarts: number[] = [];
  #tailBytes = 0;
  #chunksSinceFlush = 0;
  #spool: Spool<C> | undefined;
  #flushed = 0;
  #rowCount = 0;
  #bytes = 0;
  #state: 'growing' | 'complete' | 'failed' | 'gone' = 'growing';
  #failure: unknown;
  #owners = 1;
  #readers = 0;
  /** The spool with all rows: that of a large result, or the copy of a small one. */
  #stored: Promise<Spool<C>> | undefined;
  readonly #waiters = new Set<() => void>();

  constructor(createSpool: () => Promise<Spool<C>>, maxChunkBytes = MAX_CHUNK_BYTES) {
    this.#createSpool = createSpool;
    this.#maxChunkBytes = maxChunkBytes;
  }

  /** Rows that are all in a spool already. */
  static complete<C extends Chunk>(spool: Spool<C>, rowCount: number, bytes: number): GrowingRows<C> {
    const rows = new GrowingRows<C>(() => Promise.resolve(spool));
    rows.#spool = spool;
    rows.#stored = Promise.resolve(spool);
    rows.#flushed = rowCount;
    rows.#rowCount = rowCount;
    rows.#bytes = bytes;
    rows.#state = 'complete';
    return rows;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get complete(): boolean {
    return this.#state === 'complete';
  }

  /** Estimated size of all rows, wherever they are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Estimated native bytes held outside of the spool. */
  get chunkBytes(): number {
    return this.#state === 'gone' ? 0 : this.#tailBytes;
  }

  get gone(): boolean {
    return this.#state === 'gone';
  }

  /** True for a large result, whose rows are not kept as chunks. */
  get spooled(): boolean {
    return this.#flushed > 0;
  }

  /** Takes the next rows. Must not be called again before the promise settles. Rejects when the spool cannot take them. */
  async add(chunk: C): Promise<void> {
    if (this.#state !== 'growing') return;
    this.#tail.push(chunk);
    this.#tailStarts.push(this.#rowCount);
    this.#tailBytes += chunk.bytes;
    this.#bytes += chunk.bytes;
    this.#rowCount += chunk.rowCount;
    if (this.#spool) this.#append(chunk);
    else if (this.#tailBytes > this.#maxChunkBytes) await this.#moveToSpool();
    this.#wake();
  }

  /** All rows are there. */
  finish(): void {
    if (this.#state !== 'growing') return;
    if (this.#spool) {
      this.#flush(this.#spool);
      this.#spool.finish();
    }
    this.#state = 'complete';
    this.#wake();
  }

  /** No more rows will come, and those that came are not the whole result. */
  fail(failure: unknown): void {
    if (this.#state !== 'growing') return;
    this.#state = 'failed';
    this.#failure = failure;
    this.#wake();
  }

  /** Rows `offset` to `offset + limit`, fewer at the end. Waits for rows that may still come. */
  async page(offset: number, limit: number, maxLength?: number): Promise<Row[]> {
    const start = Math.max(0, Math.floor(offset));
    const wanted = start + Math.max(0, Math.floor(limit));
    while (this.#state === 'growing' && this.#rowCount < wanted) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state === 'gone') throw goneError();
    const end = Math.min(wanted, this.#rowCount);
    if (start >= end) return [];
    return this.#read(start, end, maxLength);
  }

  /**
   * Works on the spool once it has all rows; a small result is copied there at the first call and stays readable from its chunks.
   * The spool stays until the work has ended. Rejects like `page`, and with `cancelled` when aborted while rows still arrive.
   */
  async withStored<T>(signal: AbortSignal | undefined, work: (spool: Spool<C>) => Promise<T>): Promise<T> {
    while (this.#state === 'growing') await this.#nextRows(signal);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.gone) throw goneError();
    this.#readers++;
    try {
      this.#stored ??= this.#store();
      return await work(await this.#stored);
    } finally {
      this.#readers--;
      if (this.gone) this.#dropWhenUnread();
    }
  }

  /**
   * Works on all rows where they are, at most the first `maxRows`: nothing is copied, but for a small result of which some are left
   * out. They stay until the work has ended, also when everybody lets go of them. Rejects like `withStored`.
   */
  async withSource<T>(maxRows: number, signal: AbortSignal | undefined, work: (source: ArchiveSource<C>) => Promise<T>): Promise<T> {
    while (this.#state === 'growing') await this.#nextRows(signal);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.gone) throw goneError();
    const rowCount = Math.min(maxRows, this.#rowCount);
    const bytes = this.#rowCount === 0 ? 0 : (this.#bytes * rowCount) / this.#rowCount;
    if (this.spooled || rowCount < this.#rowCount) {
      return await this.withStored(signal, (spool) => work({ chunks: [], spool, rowCount, bytes }));
    }
    this.#readers++;
    try {
      return await work({ chunks: this.#tail, spool: undefined, rowCount, bytes });
    } finally {
      this.#readers--;
      if (this.gone) this.#dropWhenUnread();
    }
  }

  retain(): void {
    this.#owners++;
  }

  release(): void {
    this.#owners--;
    if (this.#owners > 0 || this.#state === 'gone') return;
    this.#state = 'gone';
    // A copy that is under way still needs the chunks.
    if (this.#readers === 0) this.#dropChunks();
    this.#wake();
    this.#dropWhenUnread();
  }

  /** Frees everything, whoever still owns it. */
  discard(): void {
    this.#owners = Math.min(this.#owners, 1);
    this.release();
  }

  #nextRows(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiters.delete(resume);
        reject(new KodiakError('cancelled', 'The query was cancelled.'));
      };
      const resume = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      this.#waiters.add(resume);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** The spool that has all rows. A copy that failed is forgotten, so that the next call tries again. */
  async #store(): Promise<Spool<C>> {
    if (this.#spool) return this.#spool;
    let copy: Spool<C> | undefined;
    try {
      copy = await this.#createSpool();
      for (const chunk of this.#tail) copy.append(chunk);
      copy.finish();
      this.#spool = copy;
      return copy;
    } catch (thrown) {
      this.#stored = undefined;
      copy?.drop();
      throw thrown;
    }
  }

  /** Rows that are still chunks are not cut: they are few, and small in all. */
  async #read(start: number, end: number, maxLength: number | undefined): Promise<Row[]> {
    // The tail is read in this turn: a flush could move it before the spool answers.
    const fromTail = this.#readTail(Math.max(start, this.#flushed), end);
    if (start >= this.#flushed || !this.#spool) return fromTail;
    this.#readers++;
    try {
      const stored = await this.#spool.readRows(start, Math.min(end, this.#flushed) - start, maxLength);
      return [...stored, ...fromTail];
    } finally {
      this.#readers--;
      if (this.#state === 'gone') this.#dropWhenUnread();
    }
  }

  #readTail(start: number, end: number): Row[] {
    const rows: Row[] = [];
    for (let index = this.#chunkAt(start); index < this.#tail.length; index++) {
      const chunk = this.#tail[index];
      const first = this.#tailStarts[index];
      if (!chunk || first === undefined || first >= end) break;
      const from = Math.max(start - first, 0);
      const to = Math.min(end - first, chunk.rowCount);
      if (from < to) for (const row of chunk.readRows(from, to)) rows.push(row);
    }
    return rows;
  }

  /** Index of the last chunk of the tail that starts at or before a row. */
  #chunkAt(row: number): number {
    let low = 0;
    let high = this.#tailStarts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#tailStarts[middle] ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  async #moveToSpool(): Promise<void> {
    const spool = await this.#createSpool();
    if (this.#state !== 'growing') {
      spool.drop();
      return;
    }
    this.#spool = spool;
    for (const chunk of this.#tail) spool.append(chunk);
    this.#flush(spool);
  }

  #append(chunk: C): void {
    this.#spool?.append(chunk);
    const full = ++this.#chunksSinceFlush >= CHUNKS_PER_FLUSH || this.#tailBytes >= MAX_BYTES_PER_FLUSH;
    if (full && this.#spool) this.#flush(this.#spool);
  }

  #flush(spool: Spool<C>): void {
    spool.flush();
    this.#flushed = this.#rowCount;
    this.#tail = [];
    this.#tailStarts = [];
    this.#tailBytes = 0;
    this.#chunksSinceFlush = 0;
  }

  #dropWhenUnread(): void {
    if (this.#readers > 0) return;
    this.#spool?.drop();
    this.#spool = undefined;
    this.#stored = undefined;
    this.#dropChunks();
  }

  #dropChunks(): void {
    this.#tail = [];
    this.#tailStarts = [];
  }

  #wake(): void {
    const waiting = [...this.#waiters];
    this.#waiters.clear();
    for (const resume of waiting) resume();
  }
}

export function goneError(): KodiakError {
  return new KodiakError('unavailable', 'The rows of this result were given back; run the statement again.', { remedy: 'runAgain' });
}
