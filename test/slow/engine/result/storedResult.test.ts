import { describe, expect, it } from 'vitest';
import { withSession } from '../../../support/engines.ts';

describe('a view', () => {
  it('sorts more than fits into memory, several results at the same time', async () => {
    await withSession(
      async (session, engine) => {
        const results = await session.runAll(
          "select hash(range) h, 'row ' || range s from range(900000); select hash(range + 1) h, 'row ' || range s from range(900000)",
        );
        const views = await Promise.all(results.map((result) => result.view({ sort: [{ column: 0 }] })));
        for (const view of views) {
          const page = await view.page(450_000, 3000);
          expect(page.every(([hash], index) => index === 0 || (page[index - 1]?.[0] ?? 0n) <= (hash ?? 0n))).toBe(true);
          view.release();
        }
        for (const result of results) result.release();
        expect(engine.stats().parallel.peakRunning).toBeGreaterThan(0);
      },
      { results: { memoryLimitBytes: 32 * 1024 * 1024 } },
    );
  });
});

describe('a column profile', () => {
  it('says when it is an estimate', async () => {
    await withSession(async (session) => {
      const result = await session.run('select range a, range % 3 b from range(1200000)');
      const a = await result.profile(0);
      expect(a).toMatchObject({ distinctIsApproximate: true, quantilesAreApproximate: true, minimum: 0n, maximum: 1_199_999n });
      expect(a.distinctCount / 1_200_000).toBeCloseTo(1, 0);
      expect(Number(a.quantiles?.p50) / 600_000).toBeCloseTo(1, 1);
      expect((await result.profile(1)).top).toEqual([0n, 1n, 2n].map((value) => ({ value, count: 400_000 })));
      result.release();
    });
  });
});
