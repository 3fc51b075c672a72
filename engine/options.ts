import { availableParallelism, totalmem } from 'node:os';
import { systemClock } from './base/clock.ts';
import type { EngineOptions } from './types.ts';

const MEBIBYTE = 1024 * 1024;

/** Share of the machine's memory that DuckDB may use: a query's peak is up to 2.4 times its `memory_limit`. */
const MEMORY_SHARE = 0.4;

/** libuv threads kept free for pages, catalog and files: a blocked pool freezes all of Node. */
const RESERVED_THREADS = 2;
const DEFAULT_UV_THREADS = 4;

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
  const maxRunning = bounded('parallel.maxRunning', options.parallel?.maxRunning, 8, 1, Math.max(1, uvThreads - RESERVED_THREADS));
  const threads = bounded('parallel.threads', options.parallel?.threads, availableParallelism(), 1, 1024);
  return {
    log,
    clock: options.clock ?? systemClock,
    database: options.database ?? ':memory:',
    readOnly: options.readOnly ?? false,
    temporaryFolder: options.temporaryFolder,
    cache: {
      enabled: options.cache?.enabled ?? true,
      maxEntries: bounded('cache.maxEntries', options.cache?.maxEntries, 100, 1, 1_000_000),
      minCostMs: bounded('cache.minCostMs', options.cache?.minCostMs, 3, 0, 86_400_000),
      maxBytes: bounded('cache.maxBytes', options.cache?.maxBytes, 64 * MEBIBYTE, 1024, Number.MAX_SAFE_INTEGER),
      policy,
    },
    pool: {
      maxConnections: bounded('pool.maxConnections', options.pool?.maxConnections, 10, 1, 10_000),
      acquireTimeoutMs: bounded('pool.acquireTimeoutMs', options.pool?.acquireTimeoutMs, 10_000, 1, 3_600_000),
      maxWaiting: bounded('pool.maxWaiting', options.pool?.maxWaiting, 100, 0, 1_000_000),
    },
    memory: {
      limitBytes: bounded(
        'memory.limitBytes',
        options.memory?.limitBytes,
        totalmem() * MEMORY_SHARE,
        16 * MEBIBYTE,
        Number.MAX_SAFE_INTEGER,
      ),
      thresholdBytes: bounded('memory.thresholdBytes', options.memory?.thresholdBytes, 100 * MEBIBYTE, 0, Number.MAX_SAFE_INTEGER),
      sampleIntervalMs: bounded('memory.sampleIntervalMs', options.memory?.sampleIntervalMs, 60_000, 100, 86_400_000),
    },
    parallel: { enabled, threads: enabled ? threads : 1, maxRunning: enabled ? maxRunning : 1 },
    results: {
      memoryLimitBytes: bounded(
        'results.memoryLimitBytes',
        options.results?.memoryLimitBytes,
        512 * MEBIBYTE,
        32 * MEBIBYTE,
        Number.MAX_SAFE_INTEGER,
      ),
      maxSpillBytes: options.results?.maxSpillBytes,
    },
  };
}
