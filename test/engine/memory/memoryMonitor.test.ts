import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KodiakError } from '../../../engine/base/errors.ts';
import { MemoryMonitor, type MemoryMonitorOptions, type MemorySources } from '../../../engine/memory/memoryMonitor.ts';
import type { Judgement } from '../../../engine/memory/pressure.ts';

const CALM: Judgement = { level: 'none', source: 'fake', missingBytes: 0 };
const OPTIONS: MemoryMonitorOptions = { ceilingBytes: 1000, limitBytes: 400, thresholdBytes: 100, sampleIntervalMs: 60_000 };

/** A monitor over a cache of `entries` bytes each, of which the first `pinned` cannot be dropped. */
function monitored(entries: number[] = [], over: Partial<MemorySources> = {}, pinned = 0, options = OPTIONS) {
  const time = { now: 5_000, monotonic: 5_000 };
  const kept = () => entries.reduce((sum, bytes) => sum + bytes, 0);
  const sources: MemorySources = {
    measureDuckdb: () => Promise.resolve({ duckdbBytes: 200, storedBytes: 20, spillBytes: 7, tags: [{ tag: 'HASH_TABLE', bytes: 200 }] }),
    resultBytes: () => 30,
    keptBytes: kept,
    spillFiles: () => ({ count: 1, bytes: 9, folder: '/spill' }),
    processBytes: () => 500,
    pressure: () => CALM,
    steps: [
      { name: 'forgotten results', free: () => 5 },
      {
        name: 'cache entries',
        kept: true,
        free: (bytes) => {
          let freed = 0;
          while (freed < bytes && entries.length > pinned) freed += entries.pop() ?? 0;
          return freed;
        },
      },
    ],
    ...over,
  };
  const clock = { now: () => time.now, monotonic: () => time.monotonic };
  const lines: string[] = [];
  const monitor = new MemoryMonitor(options, sources, clock, (line) => lines.push(line));
  onTestFinished(() => monitor.dispose());
  return { monitor, time, lines };
}

describe('MemoryMonitor', () => {
  it('reports by owner, and the rest as other', async () => {
    const { monitor } = monitored([40], { processBytes: () => 2 ** 40 }, 0, { ...OPTIONS, ceilingBytes: 2 ** 41 });
    expect(monitor.stats()).toMatchObject({ sampledAt: 0, pressure: { level: 'none', source: 'not measured yet' } });
    await monitor.sample();
    const stats = monitor.stats();
    expect(stats).toMatchObject({
      usedBytes: 250,
      duckdbBytes: 200,
      storedBytes: 20,
      resultBytes: 30,
      keptBytes: 40,
      spillBytes: 7,
      spillFiles: { count: 1, bytes: 9, folder: '/spill' },
      rssBytes: 2 ** 40,
      sampledAt: 5_000,
      cleanUps: 0,
      pressure: { level: 'none', source: 'fake' },
    });
    expect(stats.otherBytes).toBe(2 ** 40 - 250 - stats.heapUsedBytes - stats.arrayBufferBytes);
    expect(stats).not.toHaveProperty('lastCleanUp');
    expect(Object.isFrozen(stats)).toBe(true);
  });

  it('drops what is kept above the threshold, down to half of it, by that step alone', async () => {
    const { monitor } = monitored(new Array(20).fill(10));
    await monitor.sample();
    expect(monitor.stats()).toMatchObject({ keptBytes: 50, cleanUps: 1, freedBytes: 150 });
    expect(monitor.stats().lastCleanUp).toEqual({
      at: 5_000,
      reason: 'kept more than the threshold',
      steps: [{ name: 'cache entries', freedBytes: 150 }],
    });
  });

  it('answers pressure with the steps in order, but not more often than every five seconds', async () => {
    const pressure: Judgement = { level: 'some', source: 'available memory', missingBytes: 12 };
    const { monitor, time } = monitored([10, 10, 10, 10], { pressure: () => pressure });
    await monitor.sample();
    expect(monitor.stats().lastCleanUp).toMatchObject({
      reason: 'some pressure: available memory',
      steps: [
        { name: 'forgotten results', freedBytes: 5 },
        { name: 'cache entries', freedBytes: 10 },
      ],
    });
    time.monotonic += 4_999;
    await monitor.sample();
    expect(monitor.stats()).toMatchObject({ cleanUps: 1, keptBytes: 30 });
    time.monotonic += 1;
    await monitor.sample();
    expect(monitor.stats()).toMatchObject({ cleanUps: 2, keptBytes: 20 });
  });

  it('cleans up when the process is near its ceiling, whatever the machine says', async () => {
    const { monitor } = monitored([60], { processBytes: () => 851 });
    await monitor.sample();
    expect(monitor.stats()).toMatchObject({ keptBytes: 0, pressure: { level: 'high', source: 'the ceiling is near' } });
  });

  it('frees everything when asked', async () => {
    const { monitor } = monitored([10, 20]);
    expect(await monitor.free()).toBe(35);
    expect(monitor.stats().lastCleanUp?.reason).toBe('asked for');
  });

  it('takes DuckDB’s limit for its size when DuckDB is too full to answer', async () => {
    const full = () => Promise.reject(new KodiakError('limit', 'failed to allocate'));
    const { monitor } = monitored([], { measureDuckdb: full });
    await monitor.sample();
    expect(monitor.stats()).toMatchObject({ duckdbBytes: 400, sampledAt: 5_000 });
  });

  it('passes on other failures of a measurement, and measures again at the next call', async () => {
    const failures = [new Error('broken')];
    const measureDuckdb = () => {
      const failure = failures.pop();
      return failure ? Promise.reject(failure) : Promise.resolve({ duckdbBytes: 1, storedBytes: 0, spillBytes: 0, tags: [] });
    };
    const { monitor } = monitored([], { measureDuckdb });
    await expect(monitor.sample()).rejects.toThrow('broken');
    await monitor.sample();
    expect(monitor.stats().duckdbBytes).toBe(1);
  });

  it('never reports more kept than the threshold after a sample, unless it is pinned', async () => {
    const pressure = fc.record({
      level: fc.constantFrom('none' as const, 'some' as const, 'high' as const),
      source: fc.constant('fake'),
      missingBytes: fc.nat(500),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 30 }),
        fc.nat(3),
        fc.nat(300),
        fc.nat(2000),
        pressure,
        async (entries, pinned, thresholdBytes, rss, judged) => {
          const pinnedBytes = entries.slice(0, pinned).reduce((sum, bytes) => sum + bytes, 0);
          const { monitor } = monitored(entries, { processBytes: () => rss, pressure: () => judged }, pinned, {
            ...OPTIONS,
            thresholdBytes,
          });
          await monitor.sample();
          expect(monitor.stats().keptBytes).toBeLessThanOrEqual(Math.max(thresholdBytes, pinnedBytes));
          await monitor.dispose();
        },
      ),
    );
  });
});
