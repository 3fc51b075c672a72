import { describe, expect, test } from 'vitest';
import { openMetricsText } from '../../../client/monitor/openMetrics.ts';
import { statsReport } from '../../../client/monitor/statsReport.ts';
import { closedStats } from '../../../server/closedStats.ts';
import type { WireStats } from '../../../server/protocol/stats.ts';
import { parseOpenMetrics } from '../../support/parseOpenMetrics.ts';

const CLOSED = closedStats({ database: ':memory:' });
const HOSTILE = 'a "quoted" \\ path\nwith a line feed\u001b[31m';
const BUSY: WireStats = {
  ...CLOSED,
  database: HOSTILE,
  cache: { ...CLOSED.cache, hits: 7, savedMs: 1500, bypassReasons: { 'random()': 3, [HOSTILE]: 1 } },
  pool: { ...CLOSED.pool, active: 2, waitP50Ms: 0.25, waitP99Ms: 12 },
  memory: {
    ...CLOSED.memory,
    rssBytes: 123_456_789_012,
    duckdbTags: [{ tag: 'HASH_TABLE', bytes: 5 }],
    pressure: { level: 'high', source: 'psi' },
    lastCleanUp: { at: 1_700_000_000_500, reason: 'x', steps: [] },
  },
  parallel: { ...CLOSED.parallel, lastRun: { cells: 3, elapsedMs: 10, sumMs: 25, speedUp: 2.5 } },
};

describe('the figures in the format of OpenMetrics', () => {
  test('keep to its grammar, whatever the texts in them are', () => {
    for (const stats of [CLOSED, BUSY]) {
      const families = parseOpenMetrics(openMetricsText(stats));
      expect(families.length).toBeGreaterThan(45);
      for (const { name, type, help, samples } of families) {
        expect(name).toMatch(/^kodiak_[a-z_]+$/);
        expect([type, help], name).toEqual([
          expect.stringMatching(/^(gauge|counter|summary|stateset|info)$/),
          expect.stringMatching(/\.$/),
        ]);
        expect(samples.length, name).toBeGreaterThan(0);
      }
    }
  });

  test('are those of the statistics, in base units', () => {
    const samples = parseOpenMetrics(openMetricsText(BUSY)).flatMap((family) => family.samples);
    const value = (name: string, labels = {}) =>
      samples.find((sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels))?.value;
    expect(value('kodiak_cache_hits_total')).toBe(7);
    expect(value('kodiak_cache_saved_seconds_total')).toBe(1.5);
    expect(value('kodiak_cache_bypass_reasons_total', { reason: HOSTILE })).toBe(1);
    expect(value('kodiak_database_info', { path: HOSTILE })).toBe(1);
    expect(value('kodiak_pool_connections', { state: 'active' })).toBe(2);
    expect(value('kodiak_pool_wait_seconds', { quantile: '0.5' })).toBe(0.00025);
    expect(value('kodiak_process_resident_bytes')).toBe(123_456_789_012);
    expect(value('kodiak_memory_pressure', { kodiak_memory_pressure: 'high' })).toBe(1);
    expect(value('kodiak_memory_pressure', { kodiak_memory_pressure: 'none' })).toBe(0);
    expect(value('kodiak_memory_last_cleanup_timestamp_seconds')).toBe(1_700_000_000.5);
    expect(value('kodiak_parallel_last_run_speedup_ratio')).toBe(2.5);
  });

  test.each([
    ['# TYPE a gauge\na 1\n', 'EOF'],
    ['# TYPE a counter\na 1\n# EOF\n', 'no figure of a'],
    ['# TYPE a gauge\n# UNIT a bytes\na 1\n# EOF\n', 'unit'],
    ['# TYPE a gauge\na 1\na 2\n# EOF\n', 'twice'],
    ['# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\n# EOF\n', 'two places'],
    ['# TYPE a gauge\n\na 1\n# EOF\n', 'grammar'],
    ['# TYPE a gauge\na{b="\n"} 1\n# EOF\n', 'grammar'],
  ])('are judged by a reader that refuses %j', (text, message) => expect(() => parseOpenMetrics(text)).toThrow(message));

  test('are the same as JSON and as text', () => {
    expect(JSON.parse(statsReport(BUSY, 'json'))).toEqual(JSON.parse(JSON.stringify(BUSY)));
    expect(statsReport(BUSY, 'text')).toMatch(
      /^Cache\n {2}State[\s\S]*\n\nConnections\n[\s\S]*\n\nMemory\n[\s\S]*\n\nParallel execution\n/,
    );
    expect(statsReport(BUSY, 'openmetrics')).toBe(openMetricsText(BUSY));
  });
});
