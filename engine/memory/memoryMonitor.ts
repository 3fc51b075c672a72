import type { Clock } from '../base/clock.ts';
import { KodiakError, messageOf } from '../base/errors.ts';
import { every, type Timer } from '../base/timers.ts';
import type { CleanUp, MemoryStats, SpillFiles } from '../types.ts';
import { type CleanUpStep, cleanUp } from './cleanUp.ts';
import type { Judgement } from './pressure.ts';

export interface MemoryMonitorOptions {
  /** For the whole process. */
  readonly ceilingBytes: number;
  /** DuckDB's own limit, for the record. */
  readonly limitBytes: number;
  readonly thresholdBytes: number;
  readonly sampleIntervalMs: number;
}

/** Memory of DuckDB's instances. */
export interface DuckdbMemory {
  /** Buffers of the user's database. */
  readonly duckdbBytes: number;
  /** Buffers of the instance that keeps large results. */
  readonly storedBytes: number;
  readonly spillBytes: number;
  /** What the user's database uses them for, the largest first. */
  readonly tags: readonly { readonly tag: string; readonly bytes: number }[];
}

/** What the monitor is told; it measures nothing but V8 itself. */
export interface MemorySources {
  measureDuckdb(): Promise<DuckdbMemory>;
  /** Native bytes of results that DuckDB does not count. */
  resultBytes(): number;
  /** Bytes kept only for later. */
  keptBytes(): number;
  spillFiles(): SpillFiles;
  /** Resident bytes of the process. */
  processBytes(): number;
  pressure(): Judgement;
  /** In the order in which they are used. */
  readonly steps: readonly CleanUpStep[];
}

/** The process is under pressure above the first share of its ceiling, and is brought down to the second. */
const HIGH_SHARE = 0.85;
const LOW_SHARE = 0.75;

/** Pressure that lasts is answered this often: what a clean-up could give, it has given. */
const RELIEF_INTERVAL_MS = 5_000;

/**
 * Samples memory on an interval and on demand. Cleans up when what is kept for later is above the threshold, when the machine is
 * short of memory, and when the process comes near its ceiling.
 */
export class MemoryMonitor {
  readonly #options: MemoryMonitorOptions;
  readonly #sources: MemorySources;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #timer: Timer;
  #sampling: Promise<void> | undefined;
  #cleaning: Promise<number> | undefined;
  #relievedAt = Number.NEGATIVE_INFINITY;
  #duckdb: DuckdbMemory = { duckdbBytes: 0, storedBytes: 0, spillBytes: 0, tags: [] };
  #pressure: Judgement = { level: 'none', source: 'not measured yet', missingBytes: 0 };
  #spillFiles: SpillFiles = { count: 0, bytes: 0, folder: '' };
  #rssBytes = 0;
  #heapUsedBytes = 0;
  #arrayBufferBytes = 0;
  #sampledAt = 0;
  #cleanUps = 0;
  #freedBytes = 0;
  #lastCleanUp: CleanUp | undefined;

  constructor(options: MemoryMonitorOptions, sources: MemorySources, clock: Clock, log: (line: string) => void) {
    this.#options = options;
    this.#sources = sources;
    this.#clock = clock;
    this.#log = log;
    this.#timer = every(options.sampleIntervalMs, () => {
      this.sample().catch((thrown: unknown) => log(`Memory could not be measured: ${messageOf(thrown)}`));
    });
  }

  /** Measures now, and cleans up if need be; calls that come meanwhile share it. */
  sample(): Promise<void> {
    this.#sampling ??= this.#measure().finally(() => {
      this.#sampling = undefined;
    });
    return this.#sampling;
  }

  /** Runs all steps to their end; gives the bytes freed. */
  async free(): Promise<number> {
    // One that is running already may have a smaller aim.
    await this.#cleaning;
    return await this.relieve('asked for', Number.MAX_SAFE_INTEGER);
  }

  /** Frees at least `bytes` if it can; gives the bytes freed. One at a time: who comes meanwhile gets what that one gives. */
  relieve(reason: string, bytes: number): Promise<number> {
    this.#relievedAt = this.#clock.monotonic();
    return this.#cleanUp(this.#sources.steps, reason, bytes);
  }

  /** Answers pressure that was found elsewhere, unless it was answered just now. */
  async answer(pressure: Judgement): Promise<void> {
    this.#pressure = pressure;
    if (pressure.level === 'none' || this.#clock.monotonic() - this.#relievedAt < RELIEF_INTERVAL_MS) return;
    await this.relieve(`${pressure.level} pressure: ${pressure.source}`, pressure.missingBytes);
  }

  stats(): MemoryStats {
    const resultBytes = this.#sources.resultBytes();
    const { duckdbBytes, storedBytes, spillBytes, tags } = this.#duckdb;
    const owned = duckdbBytes + storedBytes + resultBytes + this.#heapUsedBytes + this.#arrayBufferBytes;
    return Object.freeze({
      usedBytes: duckdbBytes + storedBytes + resultBytes,
      limitBytes: this.#options.limitBytes,
      ceilingBytes: this.#options.ceilingBytes,
      duckdbBytes,
      duckdbTags: tags,
      storedBytes,
      resultBytes,
      spillBytes,
      spillFiles: this.#spillFiles,
      rssBytes: this.#rssBytes,
      heapUsedBytes: this.#heapUsedBytes,
      arrayBufferBytes: this.#arrayBufferBytes,
      otherBytes: Math.max(0, this.#rssBytes - owned),
      pressure: Object.freeze({ level: this.#pressure.level, source: this.#pressure.source }),
      thresholdBytes: this.#options.thresholdBytes,
      keptBytes: this.#sources.keptBytes(),
      sampleIntervalMs: this.#options.sampleIntervalMs,
      sampledAt: this.#sampledAt,
      cleanUps: this.#cleanUps,
      freedBytes: this.#freedBytes,
      ...(this.#lastCleanUp && { lastCleanUp: this.#lastCleanUp }),
    });
  }

  /** Ends the sampling and waits for what is under way. */
  async dispose(): Promise<void> {
    this.#timer.dispose();
    await this.#sampling?.catch(() => undefined);
    await this.#cleaning;
  }

  async #measure(): Promise<void> {
    this.#duckdb = await this.#sources.measureDuckdb().catch((thrown: unknown) => this.#duckdbAtLimit(thrown));
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    this.#rssBytes = this.#sources.processBytes();
    this.#heapUsedBytes = heapUsed;
    this.#arrayBufferBytes = arrayBuffers;
    this.#spillFiles = Object.freeze(this.#sources.spillFiles());
    this.#sampledAt = this.#clock.now();
    await this.#keepBelowThreshold();
    await this.answer(this.#worstPressure());
  }

  /** DuckDB answers this from its own memory, so that at its limit it cannot. */
  #duckdbAtLimit(thrown: unknown): DuckdbMemory {
    if (!(thrown instanceof KodiakError) || thrown.code !== 'limit') throw thrown;
    return { ...this.#duckdb, duckdbBytes: Math.max(this.#duckdb.duckdbBytes, this.#options.limitBytes) };
  }

  async #keepBelowThreshold(): Promise<void> {
    const kept = this.#sources.keptBytes();
    if (kept <= this.#options.thresholdBytes) return;
    // Only these steps: nothing else makes less of what is kept.
    const steps = this.#sources.steps.filter((step) => step.kept);
    await this.#cleaning;
    await this.#cleanUp(steps, 'kept more than the threshold', kept - this.#options.thresholdBytes / 2);
  }

  #worstPressure(): Judgement {
    const { ceilingBytes } = this.#options;
    if (this.#rssBytes <= ceilingBytes * HIGH_SHARE) return this.#sources.pressure();
    return { level: 'high', source: 'the ceiling is near', missingBytes: Math.ceil(this.#rssBytes - ceilingBytes * LOW_SHARE) };
  }

  #cleanUp(steps: readonly CleanUpStep[], reason: string, bytes: number): Promise<number> {
    this.#cleaning ??= this.#runSteps(steps, reason, bytes).finally(() => {
      this.#cleaning = undefined;
    });
    return this.#cleaning;
  }

  async #runSteps(steps: readonly CleanUpStep[], reason: string, bytes: number): Promise<number> {
    const results = await cleanUp(steps, bytes, this.#log);
    const freed = results.reduce((sum, { freedBytes }) => sum + freedBytes, 0);
    if (freed > 0) this.#cleanUps++;
    this.#freedBytes += freed;
    this.#lastCleanUp = Object.freeze({ at: this.#clock.now(), reason, steps: Object.freeze(results) });
    return freed;
  }
}
