import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { EngineOptions } from '../engine/types.ts';
import type { KodiakSettings } from './protocol/settings.ts';

const MEBIBYTE = 1024 * 1024;

/** The engine's options for a client's settings. A relative database path is read against `folder`. */
export function engineOptions(settings: KodiakSettings, folder: string): EngineOptions {
  const database = databasePath(settings.database, folder);
  return {
    database,
    readOnly: settings.readOnly && database !== ':memory:',
    cache: {
      enabled: settings.cacheEnabled,
      maxEntries: settings.cacheMaxEntries,
      maxBytes: settings.cacheMaxMegabytes * MEBIBYTE,
      minCostMs: settings.cacheMinCostMs,
      policy: settings.cachePolicy,
    },
    pool: {
      maxConnections: settings.poolMaxConnections,
      acquireTimeoutMs: settings.poolAcquireTimeoutMs,
      maxWaiting: settings.poolMaxWaiting,
    },
    memory: {
      ...(settings.memoryCeilingMegabytes > 0 && { ceilingBytes: settings.memoryCeilingMegabytes * MEBIBYTE }),
      ...(settings.memoryLimitMegabytes > 0 && { limitBytes: settings.memoryLimitMegabytes * MEBIBYTE }),
      thresholdBytes: settings.memoryThresholdMegabytes * MEBIBYTE,
      sampleIntervalMs: settings.memorySampleIntervalSeconds * 1000,
    },
    parallel: {
      enabled: settings.parallelEnabled,
      ...(settings.parallelThreads > 0 && { threads: settings.parallelThreads }),
      maxRunning: settings.parallelMaxRunning,
    },
    results: { memoryLimitBytes: settings.resultsMemoryMegabytes * MEBIBYTE },
  };
}

/** `:memory:` for none; `~/` is the home folder. */
export function databasePath(database: string, folder: string): string {
  const trimmed = database.trim();
  if (trimmed === '' || trimmed === ':memory:') return ':memory:';
  if (trimmed === '~' || trimmed.startsWith('~/')) return resolve(homedir(), trimmed.slice(2));
  return resolve(folder, trimmed);
}
