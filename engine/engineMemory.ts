import { setImmediate } from 'node:timers/promises';
import { collectGarbage } from './base/collectGarbage.ts';
import { KodiakError } from './base/errors.ts';
import type { ResultCache } from './cache/resultCache.ts';
import type { MemoryLimit, RunRows } from './duckdb/memoryLimit.ts';
import type { HeldRows } from './heldRows.ts';
import type { LazySpool } from './lazySpool.ts';
import type { CleanUpStep } from './memory/cleanUp.ts';
import { MachineMemory, ResidentBytes } from './memory/machineMemory.ts';
import { type DuckdbMemory, MemoryMonitor } from './memory/memoryMonitor.ts';
import { MemoryWatchdog } from './memory/memoryWatchdog.ts';
import { countSpillFiles } from './memory/spillFiles.ts';
import type { ResolvedOptions } from './options.ts';
import type { CachedRows, RunContext } from './queryRun.ts';
import type { MemoryStats } from './types.ts';

/** What idle tables may keep in memory, so that the catalog can be read while they are moved. */
const MIN_IDLE_BYTES = 32 * 1024 * 1024;

/** Uses of DuckDB's memory that are listed. */
const MAX_TAGS = 3;

const MEMORY_QUERY = 'select tag, memory_usage_bytes::double, temporary_storage_bytes::double from duckdb_memory() order by 2 desc, 1';

/** Everything of the engine that takes memory, and the instance's own limit. */
export interface EngineMemoryParts {
  readonly query: RunRows;
  readonly limit: MemoryLimit;
  readonly cache: ResultCache<CachedRows>;
  readonly rows: HeldRows;
  readonly spool: LazySpool;
  readonly temporaryFolder: string;
}

/** The engine's memory: a monitor and a watchdog, the measures that they go by, and the steps in which it is freed. */
export class EngineMemory {
  readonly #parts: EngineMemoryParts;
  readonly #resident = new ResidentBytes();
  readonly #monitor: MemoryMonitor;
  readonly #watchdog: MemoryWatchdog;
  readonly #pressureDrops = new Set<(bytes: number) => number>();

  constructor(parts: EngineMemoryParts, { memory, clock, log }: Pick<ResolvedOptions, 'memory' | 'clock' | 'log'>) {
    this.#parts = parts;
    const { cache, rows, spool, temporaryFolder } = parts;
    const machine = new MachineMemory();
    this.#monitor = new MemoryMonitor(
      memory,
      {
        measureDuckdb: () => this.#measureDuckdb(),
        resultBytes: () => rows.resultBytes(),
        keptBytes: () => cache.bytes,
        spillFiles: () => countSpillFiles(temporaryFolder, spool.folder),
        processBytes: () => this.#resident.read(),
        pressure: () => machine.pressure(),
        steps: this.#cleanUpSteps(),
      },
      clock,
      log,
    );
    this.#watchdog = new MemoryWatchdog(memory.ceilingBytes, {
      processBytes: () => this.#resident.read(),
      relieve: (bytes) => this.#monitor.relieve('the ceiling is near', bytes),
      giveBack: () => this.#giveBackMemory().catch(() => 0),
      checkMachine: () => void this.#monitor.answer(machine.quickPressure()),
    });
  }

  /** Figures of the last sample. */
  stats(): MemoryStats {
    return this.#monitor.stats();
  }

  /** Measures now, and cleans up if need be. */
  sample(): Promise<void> {
    return this.#monitor.sample();
  }

  /** Runs all steps to their end; gives the bytes freed. */
  free(): Promise<number> {
    return this.#monitor.free();
  }

  /** See `RunContext.watch`. */
  readonly watch: RunContext['watch'] = (signal, task) => this.#watchdog.run(signal, task);

  /** Adds what drops stored results that are kept elsewhere; gives what takes it away again. */
  onPressure(drop: (bytes: number) => number): () => void {
    this.#pressureDrops.add(drop);
    return () => this.#pressureDrops.delete(drop);
  }

  /** Ends monitor and watchdog, and waits for what is under way. */
  dispose(): Promise<void> {
    const monitored = this.#monitor.dispose();
    this.#watchdog.dispose();
    return monitored;
  }

  /** To be called when nothing measures any more. */
  close(): void {
    this.#resident.close();
  }

  async #measureDuckdb(): Promise<DuckdbMemory> {
    const rows = await this.#parts.query(MEMORY_QUERY).catch((thrown: unknown) => {
      // A database that a fatal fault has closed answers nothing: what results take is still worth knowing.
      if (thrown instanceof KodiakError && thrown.code === 'unavailable') return [];
      throw thrown;
    });
    const stored = await this.#parts.spool.measure();
    const uses = rows.map(([tag, bytes]) => Object.freeze({ tag: String(tag), bytes: Number(bytes) }));
    return {
      duckdbBytes: uses.reduce((sum, { bytes }) => sum + bytes, 0),
      storedBytes: stored?.memoryBytes ?? 0,
      spillBytes: rows.reduce((sum, [, , bytes]) => sum + Number(bytes), stored?.spillBytes ?? 0),
      tags: Object.freeze(uses.filter(({ bytes }) => bytes > 0).slice(0, MAX_TAGS)),
    };
  }

  /** In the order of what costs the user least. What a closed session had is no step: its connection is destroyed with it. */
  #cleanUpSteps(): readonly CleanUpStep[] {
    const { cache, rows } = this.#parts;
    return [
      { name: 'forgotten results', free: () => rows.freeForgotten() },
      { name: 'cache entries', free: (bytes) => cache.evictTo(Math.max(0, cache.bytes - bytes)), kept: true },
      { name: 'stored results', free: (bytes) => this.#dropElsewhere(bytes) },
      { name: 'idle tables', free: (bytes) => this.#moveIdleTables(bytes) },
      { name: 'allocators', free: () => this.#giveBackMemory(), returns: true },
    ];
  }

  #dropElsewhere(bytes: number): number {
    let freed = 0;
    for (const drop of this.#pressureDrops) if (freed < bytes) freed += drop(bytes - freed);
    return freed;
  }

  /** Temporary tables of idle sessions, tables in memory and blocks of files go to disk; nothing is lost. */
  async #moveIdleTables(bytes: number): Promise<number> {
    const moved = await this.#watchdog.whileQuiet(async () => {
      const { duckdbBytes } = await this.#measureDuckdb();
      const left = Math.max(MIN_IDLE_BYTES, duckdbBytes - bytes);
      if (left >= duckdbBytes) return 0;
      await this.#parts.limit.evictTo(this.#parts.query, left);
      return duckdbBytes - (await this.#measureDuckdb()).duckdbBytes;
    });
    return moved ?? 0;
  }

  async #giveBackMemory(): Promise<number> {
    const before = this.#resident.read();
    collectGarbage();
    await setImmediate();
    await this.#parts.limit.giveBack(this.#parts.query);
    return before - this.#resident.read();
  }
}
