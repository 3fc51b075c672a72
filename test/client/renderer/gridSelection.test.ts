import { expect, test } from 'vitest';
import type { Selection } from '../../../client/renderer/gridParts.ts';
import { GridSelection } from '../../../client/renderer/gridSelection.ts';

/** Ten rows; of four columns the second is hidden and the last stands first. */
function selectionIn() {
  const shown = [3, 0, 2];
  const told: (Selection | undefined)[] = [];
  const grid = { rowCount: 10, shown, position: (column: number) => shown.indexOf(column) };
  return { selection: new GridSelection(grid, (selected) => told.push(selected)), told };
}

test('reaches from where it began to the focused cell, over the columns as they are shown', () => {
  const { selection, told } = selectionIn();
  selection.begin({ row: 2, column: 2 });
  selection.extendTo({ row: 4, column: 3 });
  expect(told.at(-1)).toEqual({ range: { fromRow: 2, toRow: 4, fromColumn: 0, toColumn: 2 }, columns: [3, 0, 2] });
  expect(selection.has({ row: 3, column: 0 })).toBe(true);
  expect(selection.has({ row: 5, column: 0 })).toBe(false);
  selection.begin({ row: 0, column: 0 });
  expect(told.at(-1)).toBeUndefined();
  expect(selection.any).toBe(false);
});

test('what is meant without a selection is the focused cell', () => {
  const { selection } = selectionIn();
  expect(selection.meant({ row: 7, column: 0 })).toEqual({ range: { fromRow: 7, toRow: 7, fromColumn: 1, toColumn: 1 }, columns: [0] });
  expect(selection.meant({ row: 70, column: 0 })).toBeUndefined();
});

test('whole rows, columns and all cells', () => {
  const { selection, told } = selectionIn();
  selection.begin({ row: 5, column: 0 });
  selection.rowsTo(3);
  expect(told.at(-1)?.range).toEqual({ fromRow: 3, toRow: 5, fromColumn: 0, toColumn: 2 });
  selection.columnsTo(2);
  expect(told.at(-1)).toEqual({ range: { fromRow: 0, toRow: 9, fromColumn: 1, toColumn: 2 }, columns: [0, 2] });
  selection.all();
  expect(told.at(-1)?.columns).toEqual([3, 0, 2]);
  expect(selection.has({ row: 1_000_000, column: 3 })).toBe(true);
});

test('dragging gives the corner that the pointer is at', () => {
  const { selection } = selectionIn();
  selection.begin({ row: 5, column: 0 });
  expect(selection.drag({ fromRow: 2, toRow: 5, fromColumn: 1, toColumn: 2 })).toEqual({ row: 2, column: 2 });
  expect(selection.drag({ fromRow: 5, toRow: 8, fromColumn: 0, toColumn: 1 })).toEqual({ row: 8, column: 3 });
});
