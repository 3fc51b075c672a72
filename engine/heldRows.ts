import { setImmediate } from 'node:timers/promises';
import { collectGarbage } from './base/collectGarbage.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import type { GrowingRows } from './result/growingRows.ts';

/** Native bytes of results between two looks for forgotten ones. */
const FORGOTTEN_BYTES = 64 * 1024 * 1024;

/** Native bytes of chunks that arrive between two collections: V8 does not see them, and would let gigabytes of them lie. */
const ARRIVED_BYTES = 64 * 1024 * 1024;

/** Rows of all results that somebody holds. Those that were forgotten are found only when V8 collects, which it is told to do here. */
export class HeldRows {
  readonly #rows = new Set<GrowingRows<NativeChunk>>();
  #collectAboveBytes = FORGOTTEN_BYTES;
  #arrivedBytes = 0;

  /** Adds the rows of a new result. */
  track(rows: GrowingRows<NativeChunk>): void {
    this.#rows.add(rows);
    this.#findForgottenResults();
  }

  /** Told the native bytes of each chunk that comes. */
  arrived(bytes: number): void {
    this.#arrivedBytes += bytes;
    if (this.#arrivedBytes < ARRIVED_BYTES) return;
    this.#arrivedBytes = 0;
    collectGarbage();
  }

  /** Native bytes of results that DuckDB does not count. */
  resultBytes(): number {
    let bytes = 0;
    for (const rows of this.#rows) {
      if (rows.gone) this.#rows.delete(rows);
      else bytes += rows.chunkBytes;
    }
    return bytes;
  }

  /** Finds forgotten results now; gives the bytes that they had. */
  async freeForgotten(): Promise<number> {
    const before = this.#trackedBytes();
    collectGarbage();
    // The collector tells of what it found in a task of its own, which is done by the second turn.
    await setImmediate();
    await setImmediate();
    return before - this.#trackedBytes();
  }

  /** Gives up all rows, whoever holds them. */
  discard(): void {
    for (const rows of this.#rows) rows.discard();
  }

  /** Bytes of all results that somebody holds. */
  #trackedBytes(): number {
    let bytes = 0;
    for (const rows of this.#rows) if (!rows.gone) bytes += rows.bytes;
    return bytes;
  }

  /** Results whose handles were dropped without `release` are found only when V8 collects; it does not see their native rows. */
  #findForgottenResults(): void {
    const bytes = this.resultBytes();
    if (bytes > this.#collectAboveBytes) collectGarbage();
    else if (bytes > this.#collectAboveBytes - FORGOTTEN_BYTES) return;
    this.#collectAboveBytes = bytes + FORGOTTEN_BYTES;
  }
}
