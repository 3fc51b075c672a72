import { describe, expect, test } from 'vitest';
import { statusText } from '../../../client/status/statusText.ts';
import { subsystemLines } from '../../../client/status/subsystemLines.ts';
import { sampleStats as stats } from '../../support/sampleStats.ts';

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
