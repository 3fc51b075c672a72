import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnAction, HEAD_ROW, moveByKey } from '../../../client/renderer/gridKeys.ts';

const extent = { rowCount: 1000, columnCount: 5, pageStep: 15 };
const from = { row: 500, column: 2 };

test.each([
  ['ArrowUp', false, { row: 499, column: 2 }],
  ['ArrowDown', false, { row: 501, column: 2 }],
  ['ArrowLeft', false, { row: 500, column: 1 }],
  ['ArrowRight', false, { row: 500, column: 3 }],
  ['ArrowDown', true, { row: 999, column: 2 }],
  ['PageUp', false, { row: 485, column: 2 }],
  ['PageDown', false, { row: 515, column: 2 }],
  ['Home', false, { row: 500, column: 0 }],
  ['End', false, { row: 500, column: 4 }],
  ['Home', true, { row: 0, column: 0 }],
  ['End', true, { row: 999, column: 4 }],
])('%s, with Ctrl: %s', (key, toEnd, expected) => {
  expect(moveByKey(key, toEnd, from, extent)).toEqual(expected);
});

test('other keys are for others', () => {
  expect(moveByKey('Escape', false, from, extent)).toBeUndefined();
  expect(moveByKey('c', true, from, extent)).toBeUndefined();
});

test('no key leaves the grid', () => {
  const keys = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End');
  fc.assert(
    fc.property(keys, fc.boolean(), fc.nat(20), fc.nat(20), (key, toEnd, rowCount, columnCount) => {
      const place = moveByKey(key, toEnd, { row: 0, column: 0 }, { rowCount, columnCount, pageStep: 15 });
      expect(place?.row).toBeLessThanOrEqual(Math.max(0, rowCount - 1));
      expect(place?.column).toBeLessThanOrEqual(Math.max(0, columnCount - 1));
      expect(place?.row).toBeGreaterThanOrEqual(HEAD_ROW);
      expect(place?.column).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('the head is above the first row, and only single steps lead there', () => {
  const first = { row: 0, column: 2 };
  const head = { row: HEAD_ROW, column: 2 };
  expect(moveByKey('ArrowUp', false, first, extent)).toEqual(head);
  expect(moveByKey('ArrowUp', true, { row: 7, column: 2 }, extent)).toEqual(first);
  expect(moveByKey('PageUp', false, { row: 7, column: 2 }, extent)).toEqual(first);
  expect(moveByKey('ArrowUp', false, head, extent)).toEqual(head);
  expect(moveByKey('PageUp', false, head, extent)).toEqual(head);
  expect(moveByKey('ArrowRight', false, head, extent)).toEqual({ row: HEAD_ROW, column: 3 });
  expect(moveByKey('ArrowDown', false, head, extent)).toEqual(first);
});

test.each([
  ['Enter', false, false, 'sort'],
  ['Enter', true, false, 'addSort'],
  [' ', true, false, 'addSort'],
  ['f', false, false, 'filter'],
  ['ArrowDown', false, true, 'filter'],
  ['P', true, false, 'profile'],
  ['x', false, false, undefined],
  ['p', false, true, undefined],
] as const)('%s in the head, with Shift %s, with Alt %s', (key, shiftKey, altKey, action) => {
  expect(columnAction({ key, shiftKey, altKey }, { row: HEAD_ROW, column: 0 })).toBe(action);
});

test('in a cell only Alt+Down does something with its column', () => {
  expect(columnAction({ key: 'Enter', shiftKey: false, altKey: false }, from)).toBeUndefined();
  expect(columnAction({ key: 'ArrowDown', shiftKey: false, altKey: true }, from)).toBe('filter');
});
