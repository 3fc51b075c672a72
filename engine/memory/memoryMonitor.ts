import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { every, type Timer } from '../base/timers.ts';
import type { MemoryStats } from '../types.ts';

export interface MemoryMonitorOptions {
  /** DuckDB's own limit, for the record. */
  readonly limitBytes: number;
  readonly thresholdBytes: number;
  readonly sampleIntervalMs: number;
}

/** What the monitor is told; it measures nothing but the process itself. */
export interface MemorySources {
  /** DuckDB's buffers and spill files, over all instances. */
  measureDuckdb(): Promise<{ memoryBytes: number; spillBytes: number }>;
  /** Native bytes of results that DuckDB does not count. */
  resultBytes(): number;
  /** Bytes kept only for later. */
  keptBytes(): number;
  /** Drops what is kept for later until at most `bytes` are left; gives the bytes freed. */
  cleanUp(bytes: number): number;
}

/** Samples memory on an interval and on demand, and cleans up when what is kept for later is above the threshold. */
export class MemoryMonitor {
  readonly #options: MemoryMonitorOptions;
  readonly #sources: MemorySources;
  readonly #clock: Clock;
  readonly #timer: Timer;
  #sampling: Promise<void> | undefined;
  #duckdb = { memoryBytes: 0, spillBytes: 0 };
  #rssBytes = 0;
  #heapUsedBytes = 0;
  #sampledAt = 0;
  #cleanUps = 0;
  #freedBytes = 0;

  constructor(options: MemoryMonitorOptions, sources: MemorySources, clock: Clock, log: (line: string) => void) {
    this.#options = options;
    this.#sources = sources;
    this.#clock = clock;
    this.#timer = every(options.sampleIntervalMs, () => {
      this.sample().catch((thrown: unknown) => log(`Memory could not be measured: ${messageOf(thrown)}`));
    });
  }

  /** Measures now; calls that come while a measurement runs share it. */
  sample(): Promise<void> {
    this.#sampling ??= this.#measure().finally(() => {
      this.#sampling = undefined;
    });
    return this.#sampling;
  }

  /** Cleans up to nothing kept; gives the bytes freed. */
  free(): number {
    return this.#cleanUp(0);
  }

  stats(): MemoryStats {
    const resultBytes = this.#sources.resultBytes();
    return Object.freeze({
      usedBytes: this.#duckdb.memoryBytes + resultBytes,
      limitBytes: this.#options.limitBytes,
      duckdbBytes: this.#duckdb.memoryBytes,
      resultBytes,
      spillBytes: this.#duckdb.spillBytes,
      rssBytes: this.#rssBytes,
      heapUsedBytes: this.#heapUsedBytes,
      thresholdBytes: this.#options.thresholdBytes,
      keptBytes: this.#sources.keptBytes(),
      sampleIntervalMs: this.#options.sampleIntervalMs,
      sampledAt: this.#sampledAt,
      cleanUps: this.#cleanUps,
      freedBytes: this.#freedBytes,
    });
  }

  dispose(): void {
    this.#timer.dispose();
  }

  async #measure(): Promise<void> {
    this.#duckdb = await this.#sources.measureDuckdb();
    const usage = process.memoryUsage();
    this.#rssBytes = usage.rss;
    this.#heapUsedBytes = usage.heapUsed;
    this.#sampledAt = this.#clock.now();
    if (this.#sources.keptBytes() > this.#options.thresholdBytes) this.#cleanUp(this.#options.thresholdBytes / 2);
  }

  #cleanUp(bytes: number): number {
    const freed = this.#sources.cleanUp(bytes);
    if (freed > 0) this.#cleanUps++;
    this.#freedBytes += freed;
    return freed;
  }
}
