import { describe, expect, it } from 'vitest';
import { activityGraphs, formatValue, graphText } from '../../../client/monitor/activityGraphs.ts';
import { statusText } from '../../../client/status/statusText.ts';
import type { ActivitySample } from '../../../server/protocol/activity.ts';
import { sampleStats } from '../../support/sampleStats.ts';

const BASE = 1_700_000_000_000;
const ZERO = { hits: 0, misses: 0, savedMs: 0, duckdbBytes: 0, resultBytes: 0, cacheBytes: 0, processBytes: 0, active: 0, idle: 0 };

function sample(second: number, more: Partial<ActivitySample> = {}): ActivitySample {
  return { ...ZERO, at: BASE + second * 1000, waiting: 0, running: 0, queued: 0, ...more };
}

function graph(id: string, samples: readonly ActivitySample[], stats = sampleStats, cleanUps: Parameters<typeof activityGraphs>[2] = []) {
  const found = activityGraphs(samples, stats, cleanUps).find((one) => one.id === id);
  if (!found) throw new Error(`There is no graph ${id}.`);
  return found;
}

describe('activityGraphs', () => {
  it('says what the status bar says', () => {
    const texts = activityGraphs([sample(0)], sampleStats, []).map(({ now }) => now);
    expect(texts).toEqual(['67 % hits, 12 ms saved', '120 MiB of 9.4 GiB', '2 of 10 in use', '1 running, 0 queued']);
    expect(statusText('cache', sampleStats)).toBe('$(database) 67% hits');
    expect(statusText('memory', sampleStats)).toBe('$(server-process) 120 MiB / 9.4 GiB');
    expect(statusText('connections', sampleStats)).toBe('$(plug) 2/10');
  });

  it('counts hits since the start and of the last minute', () => {
    const samples = [
      sample(0),
      sample(10, { hits: 1, misses: 1 }),
      sample(65, { hits: 2, misses: 1 }),
      sample(130, { hits: 2, misses: 1 }),
    ];
    const [start, minute] = graph('cache', samples).series;
    expect(start?.values).toEqual([null, 0.5, 2 / 3, 2 / 3]);
    expect(minute?.values).toEqual([null, 0.5, 2 / 3, null]);
  });

  it('tells lines apart by their dashes', () => {
    for (const { series } of activityGraphs([sample(0)], sampleStats, [])) {
      const dashes = series.map(({ dash }) => dash.join(' '));
      expect(new Set(dashes).size).toBe(series.length);
    }
  });

  it('puts a graph into words', () => {
    const samples = [sample(0, { active: 1 }), sample(1, { active: 4 }), sample(2, { active: 2 })];
    expect(graphText(graph('connections', samples))).toBe(
      'Connections: 2 of 10 in use. In the last 15 minutes in use: now 2, lowest 1, highest 4; idle: now 0, lowest 0, highest 0; ' +
        'waiting: now 0, lowest 0, highest 0. waits: 0 ms median, 1 ms 99th percentile.',
    );
    expect(graphText(graph('cache', []))).toContain('hits since start: nothing yet');
    expect(graphText(graph('cache', [sample(0)]))).toContain('time saved: now 0 ms');
  });

  it('marks the clean-ups of the time that is shown', () => {
    const marks = [
      { at: BASE - 1_000_000, reason: 'asked for', freedBytes: 1 },
      { at: BASE, reason: 'asked for', freedBytes: 2048 },
    ];
    const memory = graph('memory', [sample(0)], sampleStats, marks);
    expect(memory.marks).toEqual([marks[1]]);
    expect(memory.notes.at(-1)).toMatch(/^1 clean-up, the last at \d\d:\d\d:\d\d freed 2 KiB \(asked for\)$/);
    expect(graph('memory', [sample(0)]).notes.at(-1)).toBe('no clean-ups');
  });

  it('says that a cache is off, who waits, and what was refused', () => {
    const { cache, pool } = sampleStats;
    expect(graph('cache', [], { ...sampleStats, cache: { ...cache, enabled: false } }).now).toMatch(/^off/);
    const crowded = graph('connections', [], { ...sampleStats, pool: { ...pool, active: 10, waiting: 3, refused: 2 } });
    expect([crowded.now, crowded.notes.at(-1)]).toEqual(['10 of 10 in use, 3 waiting', '2 refused']);
  });

  it('writes values with their unit', () => {
    expect([formatValue(0.5, 'share'), formatValue(1500, 'duration'), formatValue(2048, 'bytes'), formatValue(1234, 'count')]).toEqual([
      '50 %',
      '1.5 s',
      '2 KiB',
      '1,234',
    ]);
  });
});
