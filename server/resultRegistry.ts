import { randomUUID } from 'node:crypto';
import { KodiakError } from '../engine/base/errors.ts';
import type { Result } from '../engine/types.ts';

interface Entry {
  readonly result: Result;
  readonly owner: string;
}

/**
 * Results that clients hold a handle of. Bounded: above `maxHandles` the one used least recently is released.
 * Handles are unique over all processes, because notebooks keep them longer than a server lives.
 */
export class ResultRegistry {
  readonly #maxHandles: number;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(maxHandles: number) {
    this.#maxHandles = maxHandles;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Takes the result over; `owner` is the session that it is released with. */
  add(result: Result, owner: string): string {
    const resultId = randomUUID();
    this.#entries.set(resultId, { result, owner });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxHandles) break;
      this.release(oldest);
    }
    return resultId;
  }

  /** Throws `unavailable` for a handle that was released or never given out. */
  get(resultId: string): Result {
    const entry = this.#entries.get(resultId);
    if (!entry) throw new KodiakError('unavailable', 'The rows of this result are no longer kept: run the cell again to see them.');
    this.#entries.delete(resultId);
    this.#entries.set(resultId, entry);
    return entry.result;
  }

  release(resultId: string): void {
    const entry = this.#entries.get(resultId);
    this.#entries.delete(resultId);
    entry?.result.release();
  }

  releaseOwner(owner: string): void {
    for (const [resultId, entry] of this.#entries) if (entry.owner === owner) this.release(resultId);
  }

  releaseAll(): void {
    for (const resultId of [...this.#entries.keys()]) this.release(resultId);
  }
}
