import { describe, expect, it } from 'vitest';
import { moreScenarios } from '../../../support/moreScenarios.ts';
import { playScenario } from '../../../support/playScenario.ts';

describe('a cached engine answers every step as one without a cache, also where a cache forgets one thing', () => {
  let hits = 0;
  it.each(moreScenarios)('$name: $why', async (scenario) => {
    hits += await playScenario(scenario);
  });

  it('answers the repeated ones from the cache where that is sound', () => {
    expect(hits).toBeGreaterThanOrEqual(300);
  });
});
