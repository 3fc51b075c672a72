import { randomUUID } from 'node:crypto';
import { KodiakError } from '../engine/base/errors.ts';
import type { Result, ResultView } from '../engine/types.ts';

/** What of results that nothing shows is kept: the oldest go first when there is more. */
export interface ResultBudget {
  readonly maxHandles: number;
  readonly maxBytes: number;
}

/** What a handle stands for: a result, or a view of one. */
export interface HeldRows {
  readonly result: Result;
  readonly view: ResultView | undefined;
  /** The session that it is released with. */
  readonly owner: string;
}

interface Entry extends HeldRows {
  /** Handle of the result that a view belongs to: it goes with it. */
  readonly parent: string | undefined;
  /** Who shows these rows now. */
  readonly pins: Set<object>;
}

type Loss = 'budget' | 'handles' | 'memory' | 'session' | 'closed';

/** Handles whose loss is remembered, so that it can be explained. */
const MAX_REMEMBERED = 10_000;
const ROW_NUMBER_BYTES = 8;

/** Owner of results that are read from files: they take no memory, and belong to no session. */
export const ON_DISK = 'on disk';
const MEBIBYTE = 1024 * 1024;
const BUDGET_SETTING = 'kodiak.results.memoryMegabytes';
const MEMORY_SETTING = 'kodiak.memory.thresholdMegabytes';

/**
 * Results and views that clients hold a handle of. What a client shows is pinned and stays; of the others the ones used least
 * recently are dropped when they are more than the budget allows. Looking for a dropped one says why it is gone.
 * Handles are unique over all processes, because notebooks keep them longer than a server lives.
 */
export class ResultRegistry {
  readonly #budget: ResultBudget;
  readonly #reopen: (resultId: string) => Result | undefined;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  /** Oldest first. */
  readonly #lost = new Map<string, Loss>();

  /** `reopen` gives a result that is not held any more, from wherever it can still be read. */
  constructor(budget: ResultBudget, reopen: (resultId: string) => Result | undefined = () => undefined) {
    this.#budget = budget;
    this.#reopen = reopen;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Estimated bytes of all rows behind handles, in memory or on disk. */
  get bytes(): number {
    let bytes = 0;
    for (const entry of this.#entries.values()) bytes += bytesOf(entry);
    return bytes;
  }

  /** Takes the result over; `owner` is the session that it is released with, `pin` who shows it from the start. */
  add(result: Result, owner: string, pin?: object): string {
    return this.#insert({ result, view: undefined, owner, parent: undefined, pins: new Set(pin ? [pin] : []) });
  }

  /** Takes a view of a result over; releases it and throws `unavailable` when the result has gone meanwhile. */
  addView(view: ResultView, parent: string, pin?: object): string {
    const entry = this.#entries.get(parent);
    if (!entry || entry.view) {
      view.release();
      throw this.#lossOf(parent);
    }
    return this.#insert({ result: entry.result, view, owner: entry.owner, parent, pins: new Set(pin ? [pin] : []) });
  }

  /** Throws `unavailable`, with what to do, for a handle that is gone or was never given out. */
  get(resultId: string): HeldRows {
    const entry = this.#entries.get(resultId) ?? this.#fromDisk(resultId);
    if (!entry) throw this.#lossOf(resultId);
    if (entry.parent !== undefined) this.#touch(entry.parent);
    this.#touch(resultId);
    return entry;
  }

  /** What is held under a handle now. */
  find(resultId: string): HeldRows | undefined {
    return this.#entries.get(resultId);
  }

  /** Keeps the rows while `holder` shows them. Throws as `get` does. */
  pin(resultId: string, holder: object): void {
    this.get(resultId);
    this.#entries.get(resultId)?.pins.add(holder);
  }

  unpin(resultId: string, holder: object): void {
    this.#entries.get(resultId)?.pins.delete(holder);
  }

  /** For a holder that is gone. */
  unpinAll(holder: object): void {
    for (const entry of this.#entries.values()) entry.pins.delete(holder);
  }

  /** Drops what nothing shows, oldest first, until at least this many bytes are free; gives the bytes freed. */
  dropOldest(bytes: number): number {
    let freed = 0;
    for (const resultId of this.#unshown(undefined)) {
      if (freed >= bytes) break;
      freed += this.#remove(resultId, 'memory').bytes;
    }
    return freed;
  }

  release(resultId: string): void {
    this.#remove(resultId, undefined);
  }

  releaseOwner(owner: string): void {
    for (const [resultId, entry] of this.#entries) if (entry.owner === owner) this.#remove(resultId, 'session');
  }

  releaseAll(): void {
    for (const resultId of [...this.#entries.keys()]) this.#remove(resultId, 'closed');
  }

  /** A result that was kept on disk has its old handle again. */
  #fromDisk(resultId: string): Entry | undefined {
    const result = this.#reopen(resultId);
    if (result === undefined) return undefined;
    const entry: Entry = { result, view: undefined, owner: ON_DISK, parent: undefined, pins: new Set() };
    this.#insert(entry, resultId);
    return entry;
  }

  #insert(entry: Entry, resultId: string = randomUUID()): string {
    this.#entries.set(resultId, entry);
    const { maxHandles, maxBytes } = this.#budget;
    // The new one always stays: it is about to be looked at.
    const others = this.#unshown(resultId);
    let handles = others.length + 1;
    let bytes = others.reduce((sum, other) => sum + bytesOf(this.#entries.get(other)), 0);
    for (const other of others) {
      if (bytes <= maxBytes && handles <= maxHandles) break;
      const removed = this.#remove(other, bytes > maxBytes ? 'budget' : 'handles');
      handles -= removed.handles;
      bytes -= removed.bytes;
    }
    return resultId;
  }

  /** Handles that nobody shows and that are not `newest`, oldest first. A result is shown with its view. */
  #unshown(newest: string | undefined): string[] {
    const shown = new Set(newest === undefined ? [] : [newest]);
    for (const [resultId, { pins }] of this.#entries) if (pins.size > 0) shown.add(resultId);
    for (const resultId of [...shown]) {
      const parent = this.#entries.get(resultId)?.parent;
      if (parent !== undefined) shown.add(parent);
    }
    return [...this.#entries.keys()].filter((resultId) => !shown.has(resultId));
  }

  #touch(resultId: string): void {
    const entry = this.#entries.get(resultId);
    if (!entry) return;
    this.#entries.delete(resultId);
    this.#entries.set(resultId, entry);
  }

  /** Removes a handle with its views; gives what is gone. */
  #remove(resultId: string, loss: Loss | undefined): { readonly handles: number; readonly bytes: number } {
    const entry = this.#entries.get(resultId);
    if (!entry) return { handles: 0, bytes: 0 };
    let [handles, bytes] = [1, bytesOf(entry)];
    this.#entries.delete(resultId);
    for (const [viewId, { parent }] of this.#entries) {
      if (parent !== resultId) continue;
      const view = this.#remove(viewId, loss);
      handles += view.handles;
      bytes += view.bytes;
    }
    (entry.view ?? entry.result).release();
    if (loss !== undefined) this.#remember(resultId, loss);
    return { handles, bytes };
  }

  #remember(resultId: string, loss: Loss): void {
    this.#lost.set(resultId, loss);
    for (const oldest of this.#lost.keys()) {
      if (this.#lost.size <= MAX_REMEMBERED) break;
      this.#lost.delete(oldest);
    }
  }

  #lossOf(resultId: string): KodiakError {
    const loss = this.#lost.get(resultId);
    const { maxHandles, maxBytes } = this.#budget;
    const setting = loss === 'budget' ? BUDGET_SETTING : loss === 'memory' ? MEMORY_SETTING : undefined;
    const reasons: Readonly<Record<Loss, string>> = {
      budget: `were dropped to stay under ${Math.floor(maxBytes / MEBIBYTE)} MiB of results that nothing shows (${BUDGET_SETTING})`,
      handles: `were dropped because more than ${maxHandles} results were kept that nothing shows`,
      memory: `were dropped to free memory while nothing showed them (${MEMORY_SETTING})`,
      session: 'are gone with the session that made them',
      closed: 'are gone because the database was closed',
    };
    const reason = loss ? reasons[loss] : 'are no longer kept';
    return new KodiakError('unavailable', `The rows of this result ${reason}: run it again to see them.`, {
      remedy: 'runAgain',
      ...(setting && { setting }),
    });
  }
}

/** A view holds a row number per row; the rows are its result's. */
function bytesOf(held: (HeldRows & Partial<Entry>) | undefined): number {
  if (held?.view) return held.view.rowCount * ROW_NUMBER_BYTES;
  return held === undefined || held.owner === ON_DISK ? 0 : held.result.bytes;
}
