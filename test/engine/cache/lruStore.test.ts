import { expect, it } from 'vitest';
import { LruStore } from '../../../engine/cache/lruStore.ts';

it('evicts what was not used for longest, whatever it cost', () => {
  const removed: string[] = [];
  const store = new LruStore<string>({ maxEntries: 2, maxBytes: 1000, onRemoved: (value) => removed.push(value) });
  const put = (key: string, costMs: number) => store.put(key, key, { bytes: 10, costMs, group: key });
  put('expensive', 1e6);
  put('used', 1);
  store.peek('expensive');
  store.get('used');
  put('new', 1);
  expect(removed).toEqual(['expensive']);
  expect([...store.entries()].map(([key]) => key)).toEqual(['new', 'used']);
});
