import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noCount, playFreshness } from '../../support/playFreshness.ts';
import type { Scenario } from '../../support/playScenario.ts';

const scenarios = JSON.parse(readFileSync('test/fixtures/staleScenarios.json', 'utf8')) as Scenario[];

describe('an answer is not called fresh when a run would give another one', () => {
  const count = noCount();
  it.each(scenarios)('$name', async (scenario) => {
    await playFreshness(scenario, count);
  });

  it('and seldom called stale or unknown when it would be the same', () => {
    expect(count.noticed).toBeGreaterThan(50);
    expect(count.fresh).toBeGreaterThan(0);
    expect(count.falseAlarms).toBeLessThanOrEqual(2);
    expect(count.unknown).toBeLessThanOrEqual(5);
  });
});
