import { describe, expect, it } from 'vitest';
import { CostAwareStore } from '../../../engine/cache/costAwareStore.ts';

function storeOf(maxEntries: number, maxBytes = 1_000_000) {
  const removed: string[] = [];
  const store = new CostAwareStore<string>({ maxEntries, maxBytes, onRemoved: (value) => removed.push(value) });
  const put = (key: string, costMs: number, bytes = 100) => store.put(key, key, { bytes, costMs, group: key });
  return { store, removed, put };
}

describe('cost-aware store', () => {
  it('evicts what saves least: cheap, rarely used or large', () => {
    const { store, removed, put } = storeOf(1000, 10_000);
    put('cheap', 10);
    put('expensive', 1000);
    put('large', 100, 1000);
    put('used', 10);
    for (let use = 0; use < 5; use++) store.get('used');
    expect([...store.entries()].map(([key]) => key)).toEqual(['expensive', 'used', 'large', 'cheap']);
    store.evictTo(200);
    expect(removed).toEqual(['cheap', 'large']);
  });

  it('counts the share of the scarcer budget: with few entries, small size is no merit', () => {
    const { removed, put } = storeOf(2);
    put('tiny', 10, 1);
    put('worth it', 100, 10_000);
    expect(put('newer', 50, 5000)).toBe(true);
    expect(removed).toEqual(['tiny']);
  });

  it('refuses what is worth less than any entry that it would displace', () => {
    const { store, removed, put } = storeOf(1000, 10_000);
    for (let index = 0; index < 9; index++) put(`kept ${index}`, 1000, 1000);
    put('weak', 1, 900);
    expect(put('candidate', 500, 900)).toBe(true);
    expect(put('weak', 1, 900)).toBe(false);
    expect(removed).toEqual(['weak']);
    expect(store.bytes).toBe(9900);
  });

  it('does not sacrifice several weak entries and one strong to a middling one', () => {
    const { removed, put } = storeOf(1000, 1000);
    for (let index = 0; index < 10; index++) put(`strong ${index}`, 1000, 95);
    put('weak', 1, 50);
    expect(put('middling', 100, 60)).toBe(false);
    expect(removed).toEqual([]);
    expect(put('middling', 100, 45)).toBe(true);
    expect(removed).toEqual(['weak']);
  });

  it('takes a refused value once it was asked for often enough', () => {
    const { store, removed, put } = storeOf(2);
    put('a', 100);
    put('b', 150);
    let tries = 0;
    do {
      tries++;
      store.noteMiss('wanted');
    } while (!put('wanted', 40) && tries < 100);
    // 1 + (tries − 1) / 2 times 40 must exceed 100.
    expect(tries).toBe(5);
    expect(removed).toEqual(['a']);
  });

  it('remembers half of how often an entry was used when it comes back', () => {
    const { store, put } = storeOf(10);
    put('back', 100);
    for (let use = 0; use < 8; use++) store.get('back');
    put('four', 100);
    for (let use = 0; use < 3; use++) store.get('four');
    put('six', 100);
    for (let use = 0; use < 5; use++) store.get('six');
    store.delete('back');
    put('back', 100);
    expect([...store.entries()].map(([key]) => key)).toEqual(['six', 'back', 'four']);
  });

  it('ages: a once precious entry that nobody uses gives way to what is in use', () => {
    const { store, put } = storeOf(4);
    put('once precious', 10_000);
    let rounds = 0;
    while (store.peek('once precious') !== undefined && rounds < 10_000) {
      const key = `in use ${rounds++}`;
      for (let asked = 0; asked < 3; asked++) store.noteMiss(key);
      put(key, 50 + ((rounds * 37) % 50));
    }
    expect(rounds).toBeGreaterThan(50);
    expect(rounds).toBeLessThan(1000);
  });

  for (const [how, revive] of [
    ['used again', (store: CostAwareStore<string>) => store.get('version 1')],
    ['deleted', (store: CostAwareStore<string>) => store.delete('version 1')],
    ['evicted', (store: CostAwareStore<string>) => store.evictTo(store.bytes - 1)],
  ] as const) {
    it(`finds no room in a superseded entry that was ${how}`, () => {
      const { store, removed, put } = storeOf(1000, 1000);
      for (const version of ['version 1', 'version 2']) store.put(version, version, { bytes: 100, costMs: 1e6, group: 'text' });
      revive(store);
      for (let index = 0; store.bytes < 1000; index++) put(`kept ${index}`, 1000);
      removed.length = 0;
      expect(put('weak', 10)).toBe(false);
      expect(removed).toEqual([]);
    });
  }

  it('stays usable after costs that are no numbers', () => {
    const { store, put, removed } = storeOf(3);
    for (const cost of [Number.NaN, Number.POSITIVE_INFINITY, -5]) expect(put(`cost ${cost}`, cost)).toBe(true);
    expect(put('real', 1)).toBe(true);
    expect(removed.length).toBe(1);
    expect([...store.entries()][0]?.[0]).toBe('real');
  });
});
