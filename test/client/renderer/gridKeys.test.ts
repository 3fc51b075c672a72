import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveByKey } from '../../../client/renderer/gridKeys.ts';

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
      expect(Math.min(place?.row ?? -1, place?.column ?? -1)).toBeGreaterThanOrEqual(0);
    }),
  );
});
