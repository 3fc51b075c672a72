import { describe, expect, test } from 'vitest';
import { statusText } from '../../../client/status/statusText.ts';
import { subsystemLines } from '../../../client/status/subsystemLines.ts';
import type { WireStats } from '../../../server/protocol/stats.ts';

const stats: WireStats = {
  database: ':memory:',
  cache: {
    enabled: true,
    policy: 'cost',
    entries: 3,
    maxEntries: 100,
    bytes: 1024,
    maxBytes: 67_108_864,
    hits: 2,
    misses: 1,
    bypasses: 0,
    bypassReasons: {},
    evictions: 0,
    invalidations: 0,
    savedMs: 12,
    shared: 0,
  },
  pool: {
    active: 2,
    idle: 1,
    creating: 0,
    closing: 0,
    stuck: 0,
    waiting: 0,
    max: 10,
    acquired: 5,
    refused: 0,
    failedCreations: 0,
    leaks: 0,
    waitP50Ms: 0,
    waitP99Ms: 1,
    holders: [],
  },
  memory: {
    usedBytes: 125_829_120,
    limitBytes: 10_093_173_146,
    ceilingBytes: 25_232_932_864,
    duckdbBytes: 0,
    duckdbTags: [],
    storedBytes: 0,
    resultBytes: 0,
    spillBytes: 0,
    spillFiles: { count: 0, bytes: 0, folder: '' },
    rssBytes: 0,
    heapUsedBytes: 0,
    arrayBufferBytes: 0,
    otherBytes: 0,
    pressure: { level: 'none', source: 'unknown' },
    thresholdBytes: 0,
    keptBytes: 0,
    sampleIntervalMs: 60_000,
    sampledAt: 0,
    cleanUps: 0,
    freedBytes: 0,
  },
  parallel: {
    enabled: true,
    threads: 2,
    running: 1,
    queued: 0,
    maxRunning: 2,
    completed: 7,
    peakRunning: 2,
    shortSlots: 0,
    shortCompleted: 0,
    longestShortWaitMs: 0,
    lastRun: undefined,
    lastAggregate: undefined,
  },
};

describe('statusText', () => {
  test('the four items', () => {
    expect(statusText('cache', stats)).toBe('$(database) 67% hits');
    expect(statusText('memory', stats)).toBe('$(server-process) 120 MiB / 9.4 GiB');
    expect(statusText('connections', stats)).toBe('$(plug) 2/10');
    expect(statusText('parallel', stats)).toBe('$(pulse) 1/2');
  });

  test('before a database is open', () => {
    expect(statusText('cache', undefined)).toBe('$(database) –');
    expect(statusText('parallel', undefined)).toBe('$(pulse) –');
  });

  test('who waits is counted', () => {
    expect(statusText('connections', { ...stats, pool: { ...stats.pool, active: 10, waiting: 3 } })).toBe('$(plug) 10/10 +3');
    expect(statusText('parallel', { ...stats, parallel: { ...stats.parallel, queued: 4 } })).toBe('$(pulse) 1/2 +4');
  });

  test('a cache without work, and one that is off', () => {
    expect(statusText('cache', { ...stats, cache: { ...stats.cache, hits: 0, misses: 0 } })).toBe('$(database) no hits');
    expect(statusText('cache', { ...stats, cache: { ...stats.cache, enabled: false } })).toBe('$(database) off');
  });

  test('the numbers are those of the REPL', () => {
    for (const [hits, misses, rate] of [
      [1, 999, '<1'],
      [999, 1, '99'],
      [1, 0, '100'],
      [0, 4, '0'],
    ] as const) {
      const some = { ...stats, cache: { ...stats.cache, hits, misses } };
      expect(statusText('cache', some)).toBe(`$(database) ${rate}% hits`);
      expect(subsystemLines('cache', some)).toContain(`Hits         ${hits} (${rate} %)`);
    }
    expect(subsystemLines('memory', stats)[0]).toContain('120 MiB of 9.4 GiB');
    expect(subsystemLines('connections', stats)[0]).toMatch(/2 in use, .* at most 10$/);
    expect(subsystemLines('parallel', stats)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Threads +2\b/), expect.stringMatching(/^Running +1 of/)]),
    );
  });
});

test('each subsystem has its lines', () => {
  for (const subsystem of ['cache', 'memory', 'connections', 'parallel'] as const) {
    expect(subsystemLines(subsystem, stats).length).toBeGreaterThan(2);
  }
});
