import type { Clock } from '../base/clock.ts';
import { KodiakError } from '../base/errors.ts';
import { after, type Timer } from '../base/timers.ts';

export interface AdmissionOptions {
  /** Statements of any length that run at the same time. */
  readonly maxRunning: number;
  /** Slots beyond them, for those that must not wait behind long ones. */
  readonly shortSlots: number;
}

/** What is known of a task before it runs. */
export interface AdmissionRequest {
  readonly signal?: AbortSignal | undefined;
  /** The same for tasks that are expected to take the same time: the length of the last one decides the lane of the next. */
  readonly key?: string | undefined;
  /** True when the task cannot take long whatever the data is. */
  readonly trivial?: boolean;
}

/** A task that runs, in one of the slots of its lane. */
interface Run {
  readonly since: number;
  readonly lane: Set<Run>;
}

interface Waiter {
  readonly since: number;
  readonly admit: (run: Run) => void;
}

/** A task that has run for this long is a long one: a statement that waits should not wait for its end. */
export const LONG_AFTER_MS = 500;

/** A task that took no more than this is expected to be short the next time. */
const SHORT_MS = 50;

const MAX_REMEMBERED = 1000;

/**
 * Lets a bounded number of tasks run at a time; the others wait in the order in which they came.
 *
 * How long a statement takes is not known before it ran, so no promise rests on a guess alone. There are `maxRunning` slots for
 * any statement and `shortSlots` more that a crowd of long statements cannot use up:
 * 1. A task expected to be short (trivial, or short the last time) takes a short slot; if none is free, it waits in its turn for
 *    any slot like the others. So short ones do not starve long ones either.
 * 2. Any other task at the head of the queue gets a short slot once all that run in the `maxRunning` slots have run for
 *    `LONG_AFTER_MS`: then the end of none is in sight. The last short slot is kept for tasks of the first kind.
 * A wrong guess costs one slot while the task runs, and the next guess for its key is right. Never more than
 * `maxRunning + shortSlots` run in all; the caller keeps that below the number of libuv threads.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #clock: Clock;
  /** Sets keep the order and let go of an aborted waiter without a search. */
  readonly #queue = new Set<Waiter>();
  readonly #shortQueue = new Set<Waiter>();
  readonly #general = new Set<Run>();
  readonly #short = new Set<Run>();
  readonly #lastMs = new Map<string, number>();
  #timer: Timer | undefined;
  #completed = 0;
  #peakRunning = 0;
  #shortCompleted = 0;
  #longestShortWaitMs = 0;

  constructor(options: AdmissionOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Runs `task` when there is room. An abort while it waits rejects with `cancelled`; afterwards the task itself must listen. */
  async submit<T>(task: () => Promise<T>, request: AdmissionRequest = {}): Promise<T> {
    const run = await this.#admit(request);
    try {
      return await task();
    } finally {
      run.lane.delete(run);
      this.#completed++;
      if (run.lane === this.#short) this.#shortCompleted++;
      if (request.key !== undefined) this.#remember(request.key, this.#clock.monotonic() - run.since);
      this.#admitWaiting();
    }
  }

  stats(): {
    readonly maxRunning: number;
    readonly shortSlots: number;
    readonly running: number;
    readonly queued: number;
    readonly completed: number;
    readonly peakRunning: number;
    /** Tasks that ran in a short slot. */
    readonly shortCompleted: number;
    readonly longestShortWaitMs: number;
  } {
    return {
      ...this.#options,
      running: this.#running,
      queued: this.#queue.size + this.#shortQueue.size,
      completed: this.#completed,
      peakRunning: this.#peakRunning,
      shortCompleted: this.#shortCompleted,
      longestShortWaitMs: this.#longestShortWaitMs,
    };
  }

  get #running(): number {
    return this.#general.size + this.#short.size;
  }

  #admit(request: AdmissionRequest): Promise<Run> | Run {
    const { signal } = request;
    if (signal?.aborted) throw cancelledError();
    const short = this.#options.shortSlots > 0 && (request.trivial === true || this.#isShort(request.key));
    const queue = short ? this.#shortQueue : this.#queue;
    const lane = short ? (this.#freeShortSlot ?? this.#freeSlot) : this.#freeSlot;
    // Past those who wait only into a short slot: they were not let into it either.
    const mayPass = this.#queue.size + this.#shortQueue.size === 0 || (short && lane === this.#short && this.#shortQueue.size === 0);
    if (lane && mayPass) return this.#start(lane);
    return new Promise((resolve, reject) => {
      const abort = () => {
        queue.delete(waiter);
        this.#watch();
        reject(cancelledError());
      };
      const waiter: Waiter = {
        since: this.#clock.monotonic(),
        admit: (run) => {
          signal?.removeEventListener('abort', abort);
          resolve(run);
        },
      };
      queue.add(waiter);
      signal?.addEventListener('abort', abort, { once: true });
      this.#watch();
    });
  }

  /** For a task expected to be short. */
  get #freeShortSlot(): Set<Run> | undefined {
    return this.#short.size < this.#options.shortSlots ? this.#short : undefined;
  }

  /** For any task. */
  get #freeSlot(): Set<Run> | undefined {
    if (this.#general.size < this.#options.maxRunning) return this.#general;
    return this.#short.size < this.#options.shortSlots - 1 && this.#untilAllAreLongMs() <= 0 ? this.#short : undefined;
  }

  #untilAllAreLongMs(): number {
    let newest = 0;
    for (const run of this.#general) newest = Math.max(newest, run.since);
    return newest + LONG_AFTER_MS - this.#clock.monotonic();
  }

  #start(lane: Set<Run>): Run {
    const run: Run = { since: this.#clock.monotonic(), lane };
    lane.add(run);
    this.#peakRunning = Math.max(this.#peakRunning, this.#running);
    return run;
  }

  #admitWaiting(): void {
    for (;;) {
      const [first] = this.#queue;
      const [firstShort] = this.#shortQueue;
      const shortSlot = firstShort && this.#freeShortSlot;
      if (firstShort && shortSlot) {
        this.#admitWaiter(firstShort, this.#shortQueue, shortSlot);
        continue;
      }
      const slot = this.#freeSlot;
      if (!slot) break;
      if (firstShort && (!first || firstShort.since < first.since)) this.#admitWaiter(firstShort, this.#shortQueue, slot);
      else if (first) this.#admitWaiter(first, this.#queue, slot);
      else break;
    }
    this.#watch();
  }

  #admitWaiter(waiter: Waiter, queue: Set<Waiter>, lane: Set<Run>): void {
    queue.delete(waiter);
    const waitedMs = this.#clock.monotonic() - waiter.since;
    if (queue === this.#shortQueue) this.#longestShortWaitMs = Math.max(this.#longestShortWaitMs, waitedMs);
    waiter.admit(this.#start(lane));
  }

  /** Looks again when all running tasks have become long ones, while somebody waits whom that would help. */
  #watch(): void {
    if (this.#queue.size === 0 || this.#short.size >= this.#options.shortSlots - 1) {
      this.#timer?.dispose();
      this.#timer = undefined;
    } else {
      this.#timer ??= after(Math.max(1, Math.ceil(this.#untilAllAreLongMs())), () => {
        this.#timer = undefined;
        this.#admitWaiting();
      });
    }
  }

  #isShort(key: string | undefined): boolean {
    const lastMs = key === undefined ? undefined : this.#lastMs.get(key);
    return lastMs !== undefined && lastMs <= SHORT_MS;
  }

  #remember(key: string, elapsedMs: number): void {
    // Deleted first, so that the map's order is the order of last use.
    this.#lastMs.delete(key);
    this.#lastMs.set(key, elapsedMs);
    if (this.#lastMs.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#lastMs.keys()) {
      this.#lastMs.delete(oldest);
      return;
    }
  }
}

export function cancelledError(): KodiakError {
  return new KodiakError('cancelled', 'The query was cancelled.');
}
