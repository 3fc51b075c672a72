import { expect, it } from 'vitest';
import { makeHistory } from '../../../support/cacheHistory.ts';
import { type Played, playHistory } from '../../../support/playHistory.ts';
import { shrinkHistory } from '../../../support/shrinkHistory.ts';

/**
 * A cached engine and one without a cache play the same random histories and must give the same answers. By environment:
 * `KODIAK_FUZZ_SEED` plays one seed; `KODIAK_FUZZ_SEEDS` so many of the fixed ones instead of all; `KODIAK_FUZZ_SECONDS` new ones for so long.
 */
const only = numberOf('KODIAK_FUZZ_SEED');
const fewer = numberOf('KODIAK_FUZZ_SEEDS');
const seconds = numberOf('KODIAK_FUZZ_SECONDS');
const FIXED_SEEDS = 24;
const STEPS = 480;
const MIN_COMPARISONS = 20_000;
const MIN_HIT_SHARE = 0.25;
/** Most steps must work, or little is compared. */
const MAX_FAILURE_SHARE = 0.25;
/** Histories at the same time: an engine with one thread leaves the machine half idle. */
const LANES = 2;

it(
  'never answers otherwise than without a cache',
  async () => {
    const total = { seeds: 0, comparisons: 0, outside: 0, hits: 0, failures: 0, abandoned: 0 };
    const queue = seeds();
    let stopped = false;
    const lane = async () => {
      for (const seed of queue) {
        const played = await playHistory(makeHistory(seed, STEPS));
        if (played.mismatch) {
          stopped = true;
          console.error(`Seed ${seed} at step ${played.mismatch.index}: cached ${played.mismatch.answer}; bare ${played.mismatch.truth}`);
          expect.fail(await describeMismatch(seed, played));
        }
        if (stopped) return;
        total.seeds++;
        total.comparisons += played.comparisons;
        total.outside += played.outside;
        total.hits += played.hits;
        total.failures += played.failures;
        if (played.abandoned) total.abandoned++;
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    console.log(JSON.stringify(total));
    expect(total.hits / total.outside).toBeGreaterThanOrEqual(MIN_HIT_SHARE);
    expect(total.failures / total.comparisons).toBeLessThan(MAX_FAILURE_SHARE);
    if (only === undefined && seconds === undefined && (fewer ?? FIXED_SEEDS) >= FIXED_SEEDS) {
      expect(total.comparisons).toBeGreaterThanOrEqual(MIN_COMPARISONS);
    }
  },
  ((seconds ?? 0) + 900) * 1000,
);

/** One queue that all lanes take from. */
function seeds(): IterableIterator<number> {
  let next = only ?? (seconds === undefined ? 1 : Date.now() % 2 ** 32);
  const last = only ?? (seconds === undefined ? (fewer ?? FIXED_SEEDS) : Number.POSITIVE_INFINITY);
  const until = seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
  return {
    next: () => (next <= last && Date.now() < until ? { value: next++ } : { value: undefined, done: true }),
    [Symbol.iterator]() {
      return this;
    },
  };
}

async function describeMismatch(seed: number, played: Played): Promise<string> {
  const history = makeHistory(seed, STEPS);
  // Whoever asks for a few seeds wants a quick verdict.
  const { steps, mismatch } = fewer === undefined ? await shrinkHistory(history, played) : { ...history, ...played };
  const lines = [
    `Seed ${seed}: the cache lies. KODIAK_FUZZ_SEED=${seed} plays it again. After the set-up:`,
    ...steps.map(({ change: _, ...step }) => JSON.stringify(step, (__, value) => (typeof value === 'bigint' ? `${value}n` : value))),
    `cached: ${mismatch?.answer}`,
    `bare:   ${mismatch?.truth}`,
  ];
  return lines.join('\n');
}

function numberOf(name: string): number | undefined {
  const text = process.env[name];
  return text ? Number(text) : undefined;
}
