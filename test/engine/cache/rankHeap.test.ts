import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RankHeap } from '../../../engine/cache/rankHeap.ts';

interface Item {
  rank: number;
  position: number;
}

const rank = fc.integer({ min: 0, max: 30 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('push' as const), rank }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('move' as const), at: fc.nat(), rank }),
  fc.record({ kind: fc.constant('pop' as const) }),
);

it('keeps heap order and positions, and finds exactly the items below a rank', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), rank, (steps, limit) => {
      const heap = new RankHeap<Item>();
      const inside = new Set<Item>();
      for (const action of steps) {
        const chosen = 'at' in action ? [...inside][action.at % Math.max(1, inside.size)] : heap.lowest;
        if (action.kind === 'push') {
          const item = { rank: action.rank, position: -1 };
          inside.add(item);
          heap.push(item);
        } else if (chosen && action.kind === 'move') {
          chosen.rank = action.rank;
          heap.moved(chosen);
        } else if (chosen) {
          heap.remove(chosen);
          inside.delete(chosen);
          expect(chosen.position).toBe(-1);
        }
        const items = [...heap];
        expect(new Set(items)).toEqual(inside);
        expect(items.map(({ position }) => position)).toEqual(items.map((_, index) => index));
        for (const [index, item] of items.entries()) {
          if (index > 0) expect(items[(index - 1) >> 1]?.rank).toBeLessThanOrEqual(item.rank);
        }
        const lowest = Math.min(...items.map((item) => item.rank));
        expect(heap.lowest?.rank ?? Number.POSITIVE_INFINITY).toBe(lowest);
        expect(new Set(heap.below(limit))).toEqual(new Set(items.filter((item) => item.rank < limit)));
      }
    }),
  );
});
