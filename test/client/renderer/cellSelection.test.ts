import { expect, test } from 'vitest';
import {
  ALL_ROWS_END,
  cellCount,
  clampRange,
  columnsRange,
  rangeBetween,
  rangeHas,
  rowsRange,
} from '../../../client/renderer/cellSelection.ts';

test('a rectangle is the same from any of its corners', () => {
  const range = { fromRow: 2, toRow: 5, fromColumn: 1, toColumn: 3 };
  expect(rangeBetween({ row: 2, column: 3 }, { row: 5, column: 1 })).toEqual(range);
  expect(rangeBetween({ row: 5, column: 1 }, { row: 2, column: 3 })).toEqual(range);
  expect(cellCount(range)).toBe(12);
});

test('whole rows and columns, as far as there are any', () => {
  expect(rowsRange(7, 4, 3)).toEqual({ fromRow: 4, toRow: 7, fromColumn: 0, toColumn: 2 });
  const columns = columnsRange(2, 1);
  expect(columns).toEqual({ fromRow: 0, toRow: ALL_ROWS_END, fromColumn: 1, toColumn: 2 });
  expect(clampRange(columns, 10, 5)).toEqual({ fromRow: 0, toRow: 9, fromColumn: 1, toColumn: 2 });
  expect(clampRange(columns, 10, 2)).toEqual({ fromRow: 0, toRow: 9, fromColumn: 1, toColumn: 1 });
  expect(clampRange(columns, 0, 5)).toBeUndefined();
});

test('which cells are in a range', () => {
  const range = { fromRow: 2, toRow: 5, fromColumn: 1, toColumn: 3 };
  expect(rangeHas(range, 2, 3)).toBe(true);
  expect(rangeHas(range, 6, 3)).toBe(false);
  expect(rangeHas(range, 5, 0)).toBe(false);
  expect(rangeHas(undefined, 0, 0)).toBe(false);
});
