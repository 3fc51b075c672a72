import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ColumnArrangement,
  naturalArrangement,
  pinnedThatFit,
  rearranged,
  shownColumns,
  withAllShown,
  withHidden,
  withMoved,
  withOrder,
  withPinned,
  withWidth,
} from '../../../client/renderer/columnArrangement.ts';

const five = naturalArrangement(5);

test('columns are hidden, but not the last one, and come back where they were', () => {
  let arrangement = withHidden(five, 1);
  expect(shownColumns(arrangement).columns).toEqual([0, 2, 3, 4]);
  for (const column of [0, 2, 3, 4]) arrangement = withHidden(arrangement, column);
  expect(shownColumns(arrangement).columns).toEqual([4]);
  expect(shownColumns(withAllShown(arrangement)).columns).toEqual([0, 1, 2, 3, 4]);
});

test('pinned columns are the first, in the order in which they were pinned, and go back to their places', () => {
  const pinned = withPinned(withPinned(five, 3, true), 1, true);
  expect(shownColumns(pinned)).toEqual({ columns: [3, 1, 0, 2, 4], pinned: 2 });
  expect(shownColumns(withHidden(pinned, 3))).toEqual({ columns: [1, 0, 2, 4], pinned: 1 });
  expect(shownColumns(withPinned(pinned, 3, false))).toEqual({ columns: [1, 0, 2, 3, 4], pinned: 1 });
});

test('a column moves past hidden ones, and stays among the pinned or among the others', () => {
  const arrangement = withPinned(withHidden(five, 2), 0, true);
  expect(shownColumns(withMoved(arrangement, 1, 1)).columns).toEqual([0, 3, 1, 4]);
  expect(shownColumns(withMoved(arrangement, 1, -1)).columns).toEqual([0, 1, 3, 4]);
  expect(shownColumns(withMoved(arrangement, 0, 1)).columns).toEqual([0, 1, 3, 4]);
  expect(shownColumns(withMoved(arrangement, 4, 1)).columns).toEqual([0, 1, 3, 4]);
});

test('a width that was chosen is kept until the column is fitted again', () => {
  const wide = withWidth(five, 2, 300);
  expect(wide.widths).toEqual({ 2: 300 });
  expect(withWidth(wide, 2, undefined).widths).toEqual({});
});

test('commands arrange the columns, others do not', () => {
  expect(rearranged(five, 'pin', 2)).toEqual(withPinned(five, 2, true));
  expect(rearranged(withPinned(five, 2, true), 'unpin', 2)).toEqual(five);
  expect(rearranged(five, 'left', 2)).toEqual(withMoved(five, 2, -1));
  expect(rearranged(withHidden(five, 1), 'showAll', 0)).toEqual(five);
  expect(rearranged(withWidth(five, 1, 50), 'fit', 1)).toEqual(five);
  expect(rearranged(five, 'filter', 1)).toBeUndefined();
});

test('pinned columns leave room for others', () => {
  expect(pinnedThatFit([100, 100, 100], 250)).toBe(2);
  expect(pinnedThatFit([100, 100], 250)).toBe(2);
  expect(pinnedThatFit([300], 250)).toBe(0);
});

type Step = (arrangement: ColumnArrangement) => ColumnArrangement;
const column = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  column.map(
    (index): Step =>
      (arrangement) =>
        withHidden(arrangement, index),
  ),
  fc.tuple(column, fc.boolean()).map(
    ([index, pinned]): Step =>
      (arrangement) =>
        withPinned(arrangement, index, pinned),
  ),
  fc.tuple(column, fc.constantFrom(-1 as const, 1 as const)).map(
    ([index, by]): Step =>
      (arrangement) =>
        withMoved(arrangement, index, by),
  ),
  fc.constant(withAllShown),
);

test('no column is lost or doubled by anything', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const arrangement = steps.reduce((before, change) => change(before), naturalArrangement(8));
      const { columns, pinned } = shownColumns(arrangement);
      expect([...columns, ...arrangement.hidden].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(pinned).toBeLessThanOrEqual(columns.length);
      expect(shownColumns(withOrder(arrangement, columns, pinned))).toEqual({ columns, pinned });
      expect([...shownColumns(withAllShown(arrangement)).columns].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    }),
  );
});
