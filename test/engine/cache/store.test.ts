import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CostAwareStore } from '../../../engine/cache/costAwareStore.ts';
import { LruStore } from '../../../engine/cache/lruStore.ts';
import { largestEntry, type RemovalReason, type Store, type StoreOptions, wholeBytes } from '../../../engine/cache/store.ts';

type Removal = [value: string, reason: RemovalReason];

const POLICIES: Readonly<Record<string, (options: StoreOptions<string>) => Store<string>>> = {
  CostAwareStore: (options) => new CostAwareStore(options),
  LruStore: (options) => new LruStore(options),
};

const key = fc.constantFrom('', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const operation = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('peek' as const), key }),
  fc.record({ kind: fc.constant('miss' as const), key }),
  fc.record({
    kind: fc.constant('put' as const),
    key,
    bytes: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 101 }) }, { weight: 1, arbitrary: fc.double() }),
    costMs: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 50 }) }, { weight: 1, arbitrary: fc.double() }),
    group: fc.constantFrom('x', 'y', 'z'),
  }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('evictTo' as const), bytes: fc.integer({ min: -1, max: 400 }) }),
  fc.record({ kind: fc.constant('clear' as const) }),
);

for (const [name, makeStore] of Object.entries(POLICIES)) {
  describe(name, () => {
    it('keeps both budgets, exact sums, and reports every value it took exactly once', () => {
      const history = fc.array(operation, { maxLength: 120 });
      fc.assert(
        fc.property(history, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 1000 }), (operations, maxEntries, maxBytes) => {
          const removed: Removal[] = [];
          const store = makeStore({ maxEntries, maxBytes, onRemoved: (value, reason) => removed.push([value, reason]) });
          const model = new Map<string, { value: string; bytes: number }>();
          const taken: string[] = [];
          for (const [step, action] of operations.entries()) {
            const removedBefore = removed.length;
            const bytesBefore = store.bytes;
            if (action.kind === 'get') expect(store.get(action.key)).toBe(model.get(action.key)?.value);
            if (action.kind === 'peek') expect(store.peek(action.key)).toBe(model.get(action.key)?.value);
            if (action.kind === 'miss') store.noteMiss(action.key);
            if (action.kind === 'delete') expect(store.delete(action.key)).toBe(model.has(action.key));
            if (action.kind === 'clear') expect(store.clear()).toBe(model.size);
            if (action.kind === 'evictTo') {
              const freed = store.evictTo(action.bytes);
              expect(freed).toBe(bytesBefore - store.bytes);
              expect(store.bytes).toBeLessThanOrEqual(Math.max(0, action.bytes));
            }
            const value = `value ${step}`;
            const stored = action.kind === 'put' && store.put(action.key, value, action);
            const reasons = { get: '', peek: '', miss: '', put: 'evicted', delete: 'deleted', evictTo: 'evicted', clear: 'deleted' };
            for (const [gone, reason] of removed.slice(removedBefore)) {
              const [goneKey] = [...model].find(([, entry]) => entry.value === gone) ?? [];
              expect(goneKey).toBeDefined();
              expect(reason).toBe(action.kind === 'put' && goneKey === action.key ? 'replaced' : reasons[action.kind]);
              model.delete(goneKey ?? '');
            }
            if (action.kind === 'put') {
              if (stored) {
                taken.push(value);
                model.set(action.key, { value, bytes: wholeBytes(action.bytes) });
                expect(wholeBytes(action.bytes)).toBeLessThanOrEqual(largestEntry(maxBytes));
              } else {
                expect(store.peek(action.key)).toBeUndefined();
              }
            }
            expect(store.size).toBe(model.size);
            expect(store.size).toBeLessThanOrEqual(maxEntries);
            expect(store.bytes).toBe([...model.values()].reduce((sum, { bytes }) => sum + bytes, 0));
            expect(store.bytes).toBeLessThanOrEqual(maxBytes);
            expect(new Map(store.entries())).toEqual(new Map([...model].map(([at, entry]) => [at, entry.value])));
          }
          store.clear();
          expect(removed.map(([value]) => value).sort()).toEqual(taken.sort());
        }),
        { numRuns: 300 },
      );
    });

    it('lists most valuable first: the reverse of the order in which it evicts', () => {
      fc.assert(
        fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
          const removed: string[] = [];
          const store = makeStore({ maxEntries: 6, maxBytes: 1000, onRemoved: (value) => removed.push(value) });
          for (const action of operations) {
            if (action.kind === 'get') store.get(action.key);
            if (action.kind === 'miss') store.noteMiss(action.key);
            // Costs of their own: entries of equal rank have no order.
            if (action.kind === 'put')
              store.put(action.key, action.key, { ...action, bytes: 10, costMs: 1 + action.key.charCodeAt(0) / 1e3 });
          }
          const live = [...store.entries()].map(([, value]) => value);
          removed.length = 0;
          while (store.size > 0) store.evictTo(store.bytes - 1);
          expect(removed).toEqual(live.reverse());
        }),
      );
    });

    it('refuses more than a tenth of the byte budget, and then holds no outdated value either', () => {
      const removed: Removal[] = [];
      const store = makeStore({ maxEntries: 10, maxBytes: 1000, onRemoved: (value, reason) => removed.push([value, reason]) });
      expect(store.put('a', 'small', { bytes: 100, costMs: 1, group: 'a' })).toBe(true);
      expect(store.put('a', 'large', { bytes: 101, costMs: 1e6, group: 'a' })).toBe(false);
      expect([store.size, store.bytes, removed]).toEqual([0, 0, [['small', 'replaced']]]);
    });

    it('evicts a superseded entry before all others, however precious', () => {
      const removed: string[] = [];
      const store = makeStore({ maxEntries: 3, maxBytes: 1000, onRemoved: (value) => removed.push(value) });
      const put = (at: string, costMs: number, group: string) => store.put(at, at, { bytes: 10, costMs, group });
      put('cheap', 1, 'other');
      put('version 1', 1000, 'text');
      put('version 2', 1000, 'text');
      expect([...store.entries()].map(([at]) => at).at(-1)).toBe('version 1');
      expect(put('new', 1, 'another')).toBe(true);
      expect(removed).toEqual(['version 1']);
    });

    it('learns from a use of a superseded entry that the group has several living versions', () => {
      const removed: string[] = [];
      const store = makeStore({ maxEntries: 4, maxBytes: 1000, onRemoved: (value) => removed.push(value) });
      const put = (at: string, costMs: number, group: string) => store.put(at, at, { bytes: 10, costMs, group });
      put('other', 1, 'other');
      put('parameter 1', 1000, 'text');
      put('parameter 2', 1000, 'text');
      expect(store.get('parameter 1')).toBe('parameter 1');
      put('parameter 3', 1000, 'text');
      put('parameter 4', 1000, 'text');
      expect(removed).toEqual(['other']);
    });
  });
}
