import type { EngineOptions } from '../engine/types.ts';
import type { WireStats } from './protocol/stats.ts';

/** The figures of an engine that is not open: its limits, and nothing used. */
export function closedStats(options: EngineOptions): WireStats {
  const { rss, heapUsed } = process.memoryUsage();
  return {
    database: options.database ?? ':memory:',
    cache: {
      enabled: options.cache?.enabled ?? true,
      policy: options.cache?.policy ?? 'cost',
      entries: 0,
      maxEntries: options.cache?.maxEntries ?? 0,
      bytes: 0,
      maxBytes: options.cache?.maxBytes ?? 0,
      hits: 0,
      misses: 0,
      bypasses: 0,
      bypassReasons: {},
      evictions: 0,
      invalidations: 0,
      savedMs: 0,
      shared: 0,
    },
    pool: {
      active: 0,
      idle: 0,
      creating: 0,
      closing: 0,
      stuck: 0,
      waiting: 0,
      max: options.pool?.maxConnections ?? 0,
      acquired: 0,
      refused: 0,
      failedCreations: 0,
      leaks: 0,
      waitP50Ms: 0,
      waitP99Ms: 0,
      holders: [],
    },
    memory: {
      usedBytes: 0,
      limitBytes: options.memory?.limitBytes ?? 0,
      duckdbBytes: 0,
      resultBytes: 0,
      spillBytes: 0,
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      thresholdBytes: options.memory?.thresholdBytes ?? 0,
      keptBytes: 0,
      sampleIntervalMs: options.memory?.sampleIntervalMs ?? 0,
      sampledAt: 0,
      cleanUps: 0,
      freedBytes: 0,
    },
    parallel: {
      enabled: options.parallel?.enabled ?? true,
      threads: options.parallel?.threads ?? 0,
      running: 0,
      queued: 0,
      maxRunning: options.parallel?.maxRunning ?? 0,
      completed: 0,
      peakRunning: 0,
    },
  };
}
