import { expect, it } from 'vitest';
import { makeHistory } from '../../support/cacheHistory.ts';
import { playHistory, type Played } from '../../support/playHistory.ts';
import { shrinkHistory } from '../../support/shrinkHistory.ts';

/**
 * A cached engine and one without a cache play the same random histories and must give the same answers. By environment:
 * `KODIAK_FUZZ_SEED` plays one seed; `KODIAK_FUZZ_SEEDS` so many of the fixed ones; `KODIAK_FUZZ_SECONDS` new ones for so long.
 */
const only = number('KODIAK_FUZZ_SEED');
const seconds = number('KODIAK_FUZZ_SECONDS');
const fixedSeeds = number('KODIAK_FUZZ_SEEDS') ?? 36;
const STEPS = 420;
const MIN_COMPARISONS = 20_000;
const MIN_HIT_SHARE = 0.25;

it(
  'never answers otherwise than without a cache',
  async () => {
    const total = { comparisons: 0, outside: 0, hits: 0, failures: 0, abandoned: 0 };
    for (const seed of seeds()) {
      const history = makeHistory(seed, STEPS);
      const played = await playHistory(history);
      if (played.mismatch) expect.fail(await describeMismatch(seed, played));
      total.comparisons += played.comparisons;
      total.outside += played.outside;
      total.hits += played.hits;
      total.failures += played.failures;
      if (played.abandoned) total.abandoned++;
    }
    console.log(JSON.stringify(total));
    expect(total.hits / total.outside).toBeGreaterThanOrEqual(MIN_HIT_SHARE);
    // Most steps must work, or little is compared.
    expect(total.failures / total.comparisons).toBeLessThan(0.35);
    if (only === undefined && fixedSeeds >= 36) expect(total.comparisons).toBeGreaterThanOrEqual(MIN_COMPARISONS);
  },
  ((seconds ?? 0) + 900) * 1000,
);

function* seeds(): Generator<number> {
  if (only !== undefined) return yield only;
  if (seconds === undefined) {
    for (let seed = 1; seed <= fixedSeeds; seed++) yield seed;
    return;
  }
  const until = Date.now() + seconds * 1000;
  for (let seed = Date.now() % 2 ** 32; Date.now() < until; seed++) yield seed;
}

async function describeMismatch(seed: number, played: Played): Promise<string> {
  const shrunk = await shrinkHistory(makeHistory(seed, STEPS), played);
  const lines = shrunk.steps.map(({ change: _, ...step }) => JSON.stringify(step));
  const { mismatch } = shrunk;
  return [
    `Seed ${seed}: the cache lies. KODIAK_FUZZ_SEED=${seed} plays it again. After the set-up:`,
    ...lines,
    `cached: ${mismatch?.answer}`,
    `bare:   ${mismatch?.truth}`,
  ].join('\n');
}

function number(name: string): number | undefined {
  const text = process.env[name];
  return text ? Number(text) : undefined;
}
