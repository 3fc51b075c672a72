import { KodiakError } from '../base/errors.ts';
import { after, every, type Timer } from '../base/timers.ts';

export interface WatchdogSources {
  /** Resident bytes of the process. */
  processBytes(): number;
  /** Frees at least this much if it can. Never rejects. */
  relieve(bytes: number): Promise<unknown>;
  /** Returns freed memory to the system, without giving up anything. Never rejects. */
  giveBack(): Promise<unknown>;
  /** Looks at the machine's memory, at a cost of microseconds. */
  checkMachine(): void;
}

/** One statement that runs. */
interface Run {
  readonly controller: AbortController;
  /** Its share of what the process grew by while it ran. */
  grownBytes: number;
}

const CHECK_INTERVAL_MS = 50;
const CHECKS_PER_MACHINE_CHECK = 20;

/** Clean-up begins at the first share of the ceiling, aims at the second, and a query is stopped at the third. */
const CLEAN_UP_SHARE = 0.85;
const AIM_SHARE = 0.75;
const STOP_SHARE = 0.95;

/** After a clean-up, the process must have grown by this share of the ceiling before another is worth its time. */
const WORTHWHILE_SHARE = 0.02;

/** How long nothing must run before freed memory is returned, and how much it must have grown. */
const QUIET_MS = 1_000;
const QUIET_GROWTH_BYTES = 32 * 1024 * 1024;

/**
 * Keeps the process below its ceiling while statements run. DuckDB's `memory_limit` bounds its buffers, not the process; so the
 * resident size is looked at twenty times a second. Near the ceiling it cleans up; if that is not enough it stops the statement
 * during whose run the process grew most. Nothing ticks while nothing runs, but for one look after the last statement.
 */
export class MemoryWatchdog {
  readonly #ceilingBytes: number;
  readonly #sources: WatchdogSources;
  readonly #runs = new Set<Run>();
  #timer: Timer | undefined;
  #quiet: Timer | undefined;
  #pause: Promise<unknown> | undefined;
  #checks = 0;
  #lastBytes = 0;
  #quietBytes: number;
  #cleanedAtBytes = 0;
  #acting = false;
  #stopping: Run | undefined;
  #disposed = false;

  constructor(ceilingBytes: number, sources: WatchdogSources) {
    this.#ceilingBytes = ceilingBytes;
    this.#sources = sources;
    this.#quietBytes = sources.processBytes();
  }

  /**
   * Runs a statement under watch. The signal it is given is also aborted when the statement is stopped for its memory; then this
   * rejects with `limit`, naming the ceiling. The other function tells what the process has grown by for it so far.
   */
  async run<T>(signal: AbortSignal | undefined, task: (signal: AbortSignal, grownBytes: () => number) => Promise<T>): Promise<T> {
    while (this.#pause !== undefined) await this.#pause;
    const run: Run = { controller: new AbortController(), grownBytes: 0 };
    this.#begin(run);
    try {
      const either = signal ? AbortSignal.any([signal, run.controller.signal]) : run.controller.signal;
      return await task(either, () => run.grownBytes);
    } catch (thrown) {
      if (!run.controller.signal.aborted || signal?.aborted) throw thrown;
      await this.#sources.giveBack();
      throw run.controller.signal.reason;
    } finally {
      this.#end(run);
    }
  }

  /** Does something that no statement may see; undefined, and nothing done, when one runs. Statements wait until it is done. */
  async whileQuiet<T>(task: () => Promise<T>): Promise<T | undefined> {
    if (this.#runs.size > 0 || this.#pause !== undefined) return undefined;
    const paused = task();
    this.#pause = paused.catch(() => undefined);
    try {
      return await paused;
    } finally {
      this.#pause = undefined;
    }
  }

  /** One look. The timer calls it; it never rejects. */
  async check(): Promise<void> {
    const bytes = this.#sources.processBytes();
    this.#shareGrowth(bytes);
    if (++this.#checks % CHECKS_PER_MACHINE_CHECK === 0) this.#sources.checkMachine();
    if (this.#acting || bytes < this.#ceilingBytes * CLEAN_UP_SHARE) return;
    this.#acting = true;
    try {
      if (bytes >= this.#cleanedAtBytes + this.#ceilingBytes * WORTHWHILE_SHARE) {
        await this.#sources.relieve(Math.ceil(bytes - this.#ceilingBytes * AIM_SHARE));
        this.#cleanedAtBytes = this.#sources.processBytes();
      }
      this.#stopLargest();
    } finally {
      this.#acting = false;
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#quiet?.dispose();
  }

  #begin(run: Run): void {
    this.#quiet?.dispose();
    if (this.#runs.size === 0) {
      this.#lastBytes = this.#sources.processBytes();
      this.#cleanedAtBytes = 0;
      this.#timer = every(CHECK_INTERVAL_MS, () => void this.check());
    }
    this.#runs.add(run);
  }

  #end(run: Run): void {
    this.#runs.delete(run);
    if (this.#stopping === run) this.#stopping = undefined;
    if (this.#runs.size > 0) return;
    this.#timer?.dispose();
    this.#timer = undefined;
    if (!this.#disposed) this.#quiet = after(QUIET_MS, () => void this.#settle());
  }

  async #settle(): Promise<void> {
    if (this.#sources.processBytes() < this.#quietBytes + QUIET_GROWTH_BYTES) return;
    await this.#sources.giveBack();
    this.#quietBytes = this.#sources.processBytes();
  }

  #shareGrowth(bytes: number): void {
    const grown = Math.max(0, bytes - this.#lastBytes);
    this.#lastBytes = bytes;
    for (const run of this.#runs) run.grownBytes += grown / this.#runs.size;
  }

  /** One at a time: what a stopped statement held is known only when it has ended. Among equals, the newest. */
  #stopLargest(): void {
    const bytes = this.#sources.processBytes();
    if (this.#stopping || bytes < this.#ceilingBytes * STOP_SHARE) return;
    let largest: Run | undefined;
    for (const run of this.#runs) if (!largest || run.grownBytes >= largest.grownBytes) largest = run;
    if (!largest) return;
    this.#stopping = largest;
    largest.controller.abort(ceilingError(bytes, this.#ceilingBytes));
  }
}

function ceilingError(bytes: number, ceilingBytes: number): KodiakError {
  const megabytes = (value: number) => Math.round(value / (1024 * 1024));
  return new KodiakError(
    'limit',
    `The query was stopped because Kodiak came to ${megabytes(bytes)} MiB, and kodiak.memory.ceilingMegabytes allows ${megabytes(ceilingBytes)} MiB.`,
    { setting: 'kodiak.memory.ceilingMegabytes' },
  );
}
