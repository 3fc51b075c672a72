import { expect, it } from 'vitest';
import { makeHistory } from '../../../support/cacheHistory.ts';
import { playHistory } from '../../../support/playHistory.ts';

const SEEDS = 8;
const STEPS = 300;
/** As many as there are sessions in a history. */
const CONNECTIONS = 2;

it('answers as without a cache when sessions hand their connections on between their scripts', async () => {
  const total = { comparisons: 0, hits: 0 };
  for (let seed = 101; seed < 101 + SEEDS; seed++) {
    const { mismatch, comparisons, hits } = await playHistory(makeHistory(seed, STEPS), CONNECTIONS);
    expect(mismatch, `seed ${seed}`).toBeUndefined();
    total.comparisons += comparisons;
    total.hits += hits;
  }
  expect(total.comparisons).toBeGreaterThan(SEEDS * STEPS);
  expect(total.hits).toBeGreaterThan(SEEDS * 20);
}, 900_000);
