import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { playScenario, type Scenario } from '../../support/playScenario.ts';

const scenarios = JSON.parse(readFileSync('test/fixtures/staleScenarios.json', 'utf8')) as Scenario[];

describe('a cached engine answers every step as one without a cache', () => {
  let hits = 0;
  it.each(scenarios)('$name: $why', async (scenario) => {
    hits += await playScenario(scenario);
  });

  it('answers the repeated ones from the cache where that is sound', () => {
    expect(hits).toBeGreaterThanOrEqual(60);
  });
});
