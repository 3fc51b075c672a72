import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_ROWS,
  cycleSort,
  filterOf,
  sameView,
  showsAll,
  sortMark,
  withFilter,
  withoutFilter,
} from '../../../client/renderer/viewSpec.ts';

describe('sorting by clicks', () => {
  it('goes up, down and back to the rows in their own order', () => {
    const up = cycleSort([], 2, false);
    expect(up).toEqual([{ column: 2 }]);
    const down = cycleSort(up, 2, false);
    expect(down).toEqual([{ column: 2, descending: true }]);
    expect(cycleSort(down, 2, false)).toEqual([]);
  });

  it('of another column forgets the keys before, with Shift it adds to them', () => {
    const one = [{ column: 0, descending: true }];
    expect(cycleSort(one, 3, false)).toEqual([{ column: 3 }]);
    const two = cycleSort(one, 3, true);
    expect(two).toEqual([{ column: 0, descending: true }, { column: 3 }]);
    expect(cycleSort(two, 3, true)).toEqual([
      { column: 0, descending: true },
      { column: 3, descending: true },
    ]);
    expect(cycleSort(two, 0, true)).toEqual([{ column: 3 }]);
    expect(cycleSort(two, 0, false)).toEqual([{ column: 0 }]);
  });

  it('never has a column twice', () => {
    const clicks = fc.array(fc.tuple(fc.nat(4), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(clicks, (all) => {
        const sort = all.reduce((keys, [column, add]) => cycleSort(keys, column, add), ALL_ROWS.sort);
        expect(new Set(sort.map(({ column }) => column)).size).toBe(sort.length);
        for (const [index, { column }] of sort.entries()) {
          expect(sortMark(sort, column)?.rank).toBe(sort.length > 1 ? index + 1 : undefined);
        }
      }),
    );
  });
});

describe('filters', () => {
  it('are one per column, in the order in which they came', () => {
    const both = withFilter(withFilter(ALL_ROWS, { column: 1, op: 'isNull' }), { column: 0, op: 'isNotNull' });
    const changed = withFilter(both, { column: 1, op: 'equals', values: ['a'] });
    expect(changed.filters).toEqual([
      { column: 1, op: 'equals', values: ['a'] },
      { column: 0, op: 'isNotNull' },
    ]);
    expect(filterOf(changed, 0)?.op).toBe('isNotNull');
    expect(showsAll(withoutFilter(withoutFilter(changed, 0), 1))).toBe(true);
  });

  it('tell views apart', () => {
    expect(sameView(ALL_ROWS, { ...ALL_ROWS, search: 'a' })).toBe(false);
    expect(sameView(ALL_ROWS, { search: '', filters: [], sort: [] })).toBe(true);
    expect(sortMark([], 0)).toBeUndefined();
  });
});
