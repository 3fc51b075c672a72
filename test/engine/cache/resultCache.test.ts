import { expect, it } from 'vitest';
import { ResultCache } from '../../../engine/cache/resultCache.ts';

const reads = { proof: 'plan', dependencies: { tables: [], catalogs: [], definitions: false }, fileCount: 0 } as const;
const prove = () => ({ proof: 'same plan', outdated: false });
const clock = { now: () => 1000, monotonic: () => 0 };

function cacheOf(policy: 'cost' | 'lru') {
  const released: string[] = [];
  const cache = new ResultCache<string>({ enabled: true, maxEntries: 2, maxBytes: 10_000, policy }, clock, (value) => released.push(value));
  const put = (key: string, costMs: number, version = 'v') =>
    cache.put(key, { value: key, sql: key, group: key, sources: [], rows: 1, bytes: 10, costMs, version, storedAt: 0, reads });
  return { cache, released, put };
}

it('evicts by the policy it was given, and says which', () => {
  for (const [policy, survivors] of [
    ['cost', ['expensive', 'new']],
    ['lru', ['new', 'cheap']],
  ] as const) {
    const { cache, released, put } = cacheOf(policy);
    put('expensive', 1000);
    put('cheap', 1);
    expect(put('new', 10)).toBe(true);
    expect(cache.entries(prove).map(({ sql }) => sql)).toEqual(survivors);
    expect(cache.stats(0)).toMatchObject({ policy, entries: 2, evictions: 1, bytes: 20 });
    expect(released.length).toBe(1);
  }
});

it('does not keep, nor release, what the policy refuses, until it was asked for often enough', () => {
  const { cache, released, put } = cacheOf('cost');
  put('a', 100);
  put('b', 100);
  expect(cache.get('wanted', 'v')).toBeUndefined();
  expect(put('wanted', 60)).toBe(false);
  expect([released, cache.stats(0).evictions]).toEqual([[], 0]);
  for (let misses = 0; misses < 3; misses++) cache.get('wanted', 'v');
  expect(put('wanted', 60)).toBe(true);
  expect(cache.stats(0)).toMatchObject({ misses: 4, evictions: 1 });
});

it('drops a value of another version and counts no use of it', () => {
  const { cache, released, put } = cacheOf('cost');
  put('a', 100, 'old');
  expect(cache.get('a', 'new')).toBeUndefined();
  expect([released, cache.stats(0)]).toMatchObject([['a'], { hits: 0, misses: 1, invalidations: 1, evictions: 0, savedMs: 0 }]);
});

it('invalidates one entry by its number, once', () => {
  const { cache, released, put } = cacheOf('cost');
  put('a', 100);
  put('b', 100);
  const id = cache.entries(prove).find(({ sql }) => sql === 'a')?.id ?? 0;
  expect(cache.invalidate(id)).toBe(true);
  expect([released, cache.stats(0)]).toMatchObject([['a'], { entries: 1, invalidations: 1 }]);
  expect(cache.invalidate(id)).toBe(false);
  put('a', 100);
  expect(cache.entries(prove).every((entry) => entry.id !== id)).toBe(true);
  expect(cache.stats(0).invalidations).toBe(1);
});
