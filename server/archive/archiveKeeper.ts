import { rmSync, statSync } from 'node:fs';
import type { Clock } from '../../engine/base/clock.ts';
import { KodiakError, messageOf } from '../../engine/base/errors.ts';
import { after, type Timer } from '../../engine/base/timers.ts';
import type { Engine, Result } from '../../engine/types.ts';
import { abortable } from '../abortable.ts';
import type { Log } from '../log.ts';
import type { ArchivedCell } from '../protocol/archive.ts';
import type { StatementOutcome } from '../protocol/requests.ts';
import { readPreview } from '../runScript.ts';
import type { ArchiveStore, WrittenRows } from './archiveStore.ts';

export interface ArchiveKeeperOptions {
  readonly store: ArchiveStore;
  /** The engine that ran what is to be kept, if it is still open. */
  readonly engine: () => Engine | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once when nothing is kept any more, in words for a person. */
  readonly onStopped: (message: string) => void;
}

/** What a cell showed, with holds on its results until it is written. */
export interface KeepOrder {
  readonly key: string;
  readonly ranAt: number;
  /** Those with a result in `results` have no preview yet. */
  readonly outcome: ArchivedCell['outcome'];
  /** By handle. */
  readonly results: ReadonlyMap<string, Result>;
  /** What the statements read, when it is to be written down. */
  readonly readings: () => Promise<readonly unknown[]>;
}

interface Queued {
  readonly order: KeepOrder;
  /** Monotonic milliseconds. */
  readonly since: number;
}

/** No script has run for so long: then nobody waits for the processor. */
const QUIET_MS = 100;

/** Rows were last looked at so long ago: nobody scrolls. */
const UNSEEN_MS = 1_000;

/** Writing less than this takes no time that somebody who scrolls would notice. */
const LARGE_BYTES = 16 * 1024 * 1024;

/** What has waited for so long is written although scripts run and rows are looked at. */
const PATIENCE_MS = 10_000;

/** What may be written, and for how long, when the server ends. */
const CLOSING_BYTES = 4 * 1024 * 1024;
const CLOSING_MS = 700;

/** Results of so many cells wait at most: what waits cannot be dropped to save memory. */
const MAX_QUEUED = 100;

/** Of a result larger than the quota's quarter, and than this, only the first rows are kept. */
const MIN_RESULT_BYTES = 4 * 1024 * 1024;

/**
 * Writes what cells showed to disk, one cell after the other, when nothing runs: a script that begins interrupts it, and it begins
 * again when that has ended. Large results wait for a person who scrolls, too. A cell that ran again meanwhile takes its own place in
 * the queue.
 */
export class ArchiveKeeper {
  readonly #options: ArchiveKeeperOptions;
  readonly #queue = new Map<string, Queued>();
  #running = 0;
  #quietSince = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #writing: { readonly abort: AbortController; readonly done: Promise<void>; readonly queued: Queued } | undefined;
  #stopped = false;

  constructor(options: ArchiveKeeperOptions) {
    this.#options = options;
  }

  runBegan(): void {
    this.#running++;
    this.#interrupt(() => true);
  }

  runEnded(): void {
    this.#running--;
    this.#quietSince = this.#options.clock.monotonic();
    this.#schedule();
  }

  /** Somebody looks at rows of a result. */
  looked(): void {
    this.#lookedAt = this.#options.clock.monotonic();
    this.#interrupt(isLarge);
  }

  /** Takes the holds over. */
  keep(order: KeepOrder): void {
    this.drop(order.key);
    if (this.#stopped) {
      release(order);
      return;
    }
    this.#queue.set(order.key, { order, since: this.#options.clock.monotonic() });
    for (const key of this.#queue.keys()) {
      if (this.#queue.size <= MAX_QUEUED) break;
      this.drop(key);
    }
    this.#schedule();
  }

  /** Nothing that waits is written any more. */
  async forget(): Promise<void> {
    for (const key of [...this.#queue.keys()]) this.drop(key);
    this.#writing?.abort.abort();
    await this.#writing?.done;
    for (const key of [...this.#queue.keys()]) this.drop(key);
  }

  /** Writes what is small and waits still, for a moment: a window is often closed just after a run. */
  async close(): Promise<void> {
    this.#stopped = true;
    this.#timer?.dispose();
    const late = new AbortController();
    const limit = after(CLOSING_MS, () => {
      this.#writing?.abort.abort();
      late.abort();
    });
    await this.#writing?.done;
    for (const { order } of this.#queue.values()) {
      if (late.signal.aborted) break;
      if (bytesOf(order) > CLOSING_BYTES) continue;
      await this.#write(order, late.signal).catch((thrown: unknown) => {
        this.#options.log(`The output of a cell is not kept on disk: ${messageOf(thrown)}`);
      });
    }
    limit.dispose();
    await this.forget();
  }

  /** What waits for this cell is not written. */
  drop(key: string): void {
    const queued = this.#queue.get(key);
    this.#queue.delete(key);
    if (queued) release(queued.order);
  }

  #isOverdue({ since }: Queued): boolean {
    return this.#options.clock.monotonic() - since > PATIENCE_MS;
  }

  /** What has waited for long is written to its end. */
  #interrupt(isMeant: (order: KeepOrder) => boolean): void {
    const writing = this.#writing;
    if (writing && isMeant(writing.queued.order) && !this.#isOverdue(writing.queued)) writing.abort.abort();
  }

  #isUnseen({ order }: Queued): boolean {
    return !isLarge(order) || this.#options.clock.monotonic() - this.#lookedAt >= UNSEEN_MS;
  }

  #schedule(): void {
    if (this.#timer || this.#writing || this.#stopped || this.#queue.size === 0) return;
    this.#timer = after(QUIET_MS, () => {
      this.#timer = undefined;
      const [next] = this.#queue.values();
      if (next === undefined || this.#stopped) return;
      const isQuiet = this.#running === 0 && this.#options.clock.monotonic() - this.#quietSince >= QUIET_MS;
      if ((isQuiet && this.#isUnseen(next)) || this.#isOverdue(next)) this.#begin(next);
      else this.#schedule();
    });
  }

  #begin(queued: Queued): void {
    const { order } = queued;
    this.#queue.delete(order.key);
    const abort = new AbortController();
    const done = this.#write(order, abort.signal).then(
      () => release(order),
      (thrown: unknown) => this.#failed(queued, thrown),
    );
    const ended = done.then(() => {
      this.#writing = undefined;
      const [next] = this.#queue.values();
      // In a quiet time one follows the other at once.
      if (next !== undefined && this.#running === 0 && !this.#stopped && this.#isUnseen(next)) this.#begin(next);
      else this.#schedule();
    });
    this.#writing = { abort, done: ended, queued };
  }

  async #write(order: KeepOrder, signal: AbortSignal): Promise<void> {
    const { store, engine } = this.#options;
    const written: WrittenRows[] = [];
    const stored: Record<string, { rows: number; bytes: number }> = {};
    const statements: StatementOutcome[] = [];
    try {
      for (const statement of order.outcome.statements) {
        const result = order.results.get(statement.result.resultId);
        if (result === undefined) {
          statements.push(statement);
          continue;
        }
        const open = engine();
        if (open === undefined) return;
        const path = store.temporaryRows();
        const { resultId } = statement.result;
        written.push({ resultId, path, fingerprint: '' });
        const { rows, fingerprint } = await open.archive(result, path, { maxRows: rowsToKeep(result, store.maxBytes), signal });
        // A grid that shows all rows must not find fewer under the same handle.
        const handle = rows === result.rowCount ? resultId : `${resultId}-first`;
        written[written.length - 1] = { resultId: handle, path, fingerprint };
        stored[handle] = { rows, bytes: Math.max(statSync(path).size, (result.bytes * rows) / Math.max(1, result.rowCount)) };
        statements.push({ ...statement, result: { ...statement.result, resultId: handle, preview: await readPreview(result) } });
      }
      // Asked in the sessions' turn, which may have begun something long by now.
      const readings = await abortable(order.readings(), signal);
      if (signal.aborted) throw new KodiakError('cancelled', 'Something runs.');
      const { key, ranAt, outcome } = order;
      store.put(key, { ranAt, outcome: { ...outcome, statements }, stored, readings }, written);
    } finally {
      for (const { path } of written) for (const file of [path, `${path}.wal`]) rmSync(file, { force: true });
    }
  }

  /** What a run interrupted waits again; a disk that is full or fails will not be better for the next. */
  #failed(queued: Queued, thrown: unknown): void {
    const { order } = queued;
    const code = thrown instanceof KodiakError ? thrown.code : undefined;
    if (code === 'cancelled' && !this.#stopped && !this.#queue.has(order.key)) {
      this.#queue.set(order.key, queued);
      return;
    }
    release(order);
    if (code === 'cancelled' || this.#stopped) return;
    this.#options.log(`The output of a cell is not kept on disk: ${messageOf(thrown)}`);
    if (code !== 'limit' && !isDiskFailure(thrown)) return;
    this.#stopped = true;
    for (const key of [...this.#queue.keys()]) this.drop(key);
    this.#options.onStopped(`Outputs are no longer kept for the next time a notebook is opened: ${messageOf(thrown)}`);
  }
}

/** All rows, or a round number of first ones that fit into a quarter of the quota. */
export function rowsToKeep({ bytes, rowCount }: Pick<Result, 'bytes' | 'rowCount'>, maxBytes: number): number {
  const limit = Math.max(MIN_RESULT_BYTES, maxBytes / 4);
  if (bytes <= limit) return rowCount;
  const fitting = Math.max(1, Math.floor((rowCount * limit) / bytes));
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(fitting)) - 1);
  return Math.floor(fitting / unit) * unit;
}

function bytesOf({ results }: KeepOrder): number {
  return [...results.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

function isLarge(order: KeepOrder): boolean {
  return bytesOf(order) > LARGE_BYTES;
}

function release(order: KeepOrder): void {
  for (const result of order.results.values()) result.release();
}

function isDiskFailure(thrown: unknown): boolean {
  return /ENOSPC|EDQUOT|EROFS|EACCES|EPERM|EIO|No space left|disk fails/.test(messageOf(thrown));
}
