import { describe, expect, it } from 'vitest';
import { makeHistory } from '../../support/cacheHistory.ts';
import { moreScenarios } from '../../support/moreScenarios.ts';
import { noCount, playFreshness } from '../../support/playFreshness.ts';

const SEEDS = 8;
const STEPS = 300;

describe('an answer is not called fresh when a run would give another one', () => {
  const told = noCount();
  it.each(moreScenarios)('$name', async (scenario) => {
    await playFreshness(scenario, told);
  });

  it('and not often called stale or unknown when it would be the same', () => {
    expect(told.noticed).toBeGreaterThan(50);
    expect(told.falseAlarms + told.unknown).toBeLessThan(told.noticed);
  });
});

describe('nor in random histories', () => {
  const told = noCount();
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))('of seed %i', { timeout: 300_000 }, async (seed) => {
    const { setUp, steps } = makeHistory(seed, STEPS);
    // In a transaction a query that is stopped after so many rows can abort it, or come to its end before.
    const unlimited = steps.map(({ maxRows: _, ...step }) => step);
    await playFreshness({ name: `seed ${seed}`, steps: [...setUp, ...unlimited] }, told, 20);
  });

  it('where most claims are right', () => {
    console.log(JSON.stringify(told));
    expect(told.noticed).toBeGreaterThan(100);
    expect(told.fresh).toBeGreaterThan(50);
    // Half of the steps write, and many of them in ways of which nobody knows what they change.
    expect(told.falseAlarms).toBeLessThan(told.noticed);
  });
});
