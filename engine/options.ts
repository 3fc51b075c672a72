import { availableParallelism } from 'node:os';
import { systemClock } from './base/clock.ts';
import {
  type CeilingParts,
  type CeilingRequest,
  divideCeiling,
  MIN_CEILING_BYTES,
  MIN_DUCKDB_BYTES,
  MIN_RESULTS_BYTES,
} from './memory/divideCeiling.ts';
import { MachineMemory } from './memory/machineMemory.ts';
import type { EngineOptions } from './types.ts';

const MEBIBYTE = 1024 * 1024;

/** libuv threads kept free for pages, catalog and files: a blocked pool freezes all of Node. */
const RESERVED_THREADS = 2;
const DEFAULT_UV_THREADS = 4;

/** Beyond `maxRunning`, for statements that must not wait behind long ones. */
const SHORT_SLOTS = 4;
/** With more threads than this, two are kept for short statements whatever the setting; fewer are all for any statement. */
const MANY_THREADS = 4;
const KEPT_SHORT_SLOTS = 2;

/** See `resolveOptions`. */
export type ResolvedOptions = ReturnType<typeof resolveOptions>;

/** Options with all defaults filled in and all bounds kept; each correction is one line for the log. */
export function resolveOptions(options: EngineOptions) {
  const log = options.log ?? (() => undefined);
  const bounded = (name: string, value: number | undefined, fallback: number, minimum: number, maximum: number): number => {
    if (value === undefined) return Math.min(Math.max(Math.floor(fallback), minimum), maximum);
    const used = Number.isFinite(value) ? Math.min(Math.max(Math.floor(value), minimum), maximum) : fallback;
    if (used !== value) log(`${name}: ${value} is outside ${minimum} to ${maximum}; using ${used}.`);
    return used;
  };
  const policy: 'cost' | 'lru' = options.cache?.policy === 'lru' ? 'lru' : 'cost';
  if ((options.cache?.policy ?? policy) !== policy) log(`cache.policy: ${options.cache?.policy} is neither cost nor lru; using ${policy}.`);
  const enabled = options.parallel?.enabled ?? true;
  const uvThreads = Number(process.env['UV_THREADPOOL_SIZE']) || DEFAULT_UV_THREADS;
  const callThreads = Math.max(1, uvThreads - RESERVED_THREADS);
  const maxRunning = bounded('parallel.maxRunning', options.parallel?.maxRunning, 8, 1, callThreads);
  const shortSlots = callThreads > MANY_THREADS ? Math.min(SHORT_SLOTS, Math.max(KEPT_SHORT_SLOTS, callThreads - maxRunning)) : 0;
  // DuckDB has one pool of threads per instance and no limit per statement (`threads` cannot be set locally; set on one connection
  // it holds for all), so there is one figure. A statement alone gets all threads; several share them in morsels.
  const threads = bounded('parallel.threads', options.parallel?.threads, availableParallelism(), 1, 1024);
  const maximum = Number.MAX_SAFE_INTEGER;
  const machineBytes = new MachineMemory().limitBytes();
  const ceilingBytes = bounded('memory.ceilingBytes', options.memory?.ceilingBytes, machineBytes, MIN_CEILING_BYTES, maximum);
  const duckdbBytes = options.memory?.limitBytes;
  const asked = {
    ceilingBytes,
    duckdbBytes: duckdbBytes === undefined ? undefined : bounded('memory.limitBytes', duckdbBytes, 0, MIN_DUCKDB_BYTES, maximum),
    resultsBytes: bounded('results.memoryLimitBytes', options.results?.memoryLimitBytes, 512 * MEBIBYTE, MIN_RESULTS_BYTES, maximum),
    cacheBytes: bounded('cache.maxBytes', options.cache?.maxBytes, 64 * MEBIBYTE, 1024, maximum),
  };
  const parts = divideCeiling(asked);
  const corrections = describeCorrections(asked, parts);
  if (corrections) log(`memory.ceilingBytes: ${inMegabytes(ceilingBytes)} leave less than asked for: ${corrections}.`);
  return {
    log,
    clock: options.clock ?? systemClock,
    database: options.database ?? ':memory:',
    readOnly: options.readOnly ?? false,
    temporaryFolder: options.temporaryFolder,
    historyFolder: options.historyFolder,
    cache: {
      enabled: options.cache?.enabled ?? true,
      maxEntries: bounded('cache.maxEntries', options.cache?.maxEntries, 100, 1, 1_000_000),
      minCostMs: bounded('cache.minCostMs', options.cache?.minCostMs, 3, 0, 86_400_000),
      maxBytes: parts.cacheBytes,
      policy,
    },
    pool: {
      maxConnections: bounded('pool.maxConnections', options.pool?.maxConnections, 10, 1, 10_000),
      acquireTimeoutMs: bounded('pool.acquireTimeoutMs', options.pool?.acquireTimeoutMs, 10_000, 1, 3_600_000),
      maxWaiting: bounded('pool.maxWaiting', options.pool?.maxWaiting, 100, 0, 1_000_000),
    },
    memory: {
      ceilingBytes,
      limitBytes: parts.duckdbBytes,
      thresholdBytes: bounded('memory.thresholdBytes', options.memory?.thresholdBytes, 100 * MEBIBYTE, 0, Number.MAX_SAFE_INTEGER),
      sampleIntervalMs: bounded('memory.sampleIntervalMs', options.memory?.sampleIntervalMs, 60_000, 100, 86_400_000),
    },
    parallel: {
      enabled,
      threads: enabled ? threads : 1,
      maxRunning: enabled ? Math.min(maxRunning, callThreads - shortSlots) : 1,
      shortSlots: enabled ? shortSlots : 0,
    },
    results: { memoryLimitBytes: parts.resultsBytes, maxSpillBytes: options.results?.maxSpillBytes },
  };
}

/** The limits that were cut to fit below the ceiling, in words; empty without any. */
function describeCorrections(asked: CeilingRequest, parts: CeilingParts): string {
  const limits = [
    ['memory.limitBytes', asked.duckdbBytes, parts.duckdbBytes],
    ['results.memoryLimitBytes', asked.resultsBytes, parts.resultsBytes],
    ['cache.maxBytes', asked.cacheBytes, parts.cacheBytes],
  ] as const;
  const cut = limits.filter(([, wanted, given]) => wanted !== undefined && given < wanted);
  return cut.map(([name, wanted, given]) => `${name} ${inMegabytes(given)} instead of ${inMegabytes(wanted ?? 0)}`).join(', ');
}

function inMegabytes(bytes: number): string {
  return `${Number((bytes / MEBIBYTE).toFixed(1))} MiB`;
}
