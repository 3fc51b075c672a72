import { expect, test } from 'vitest';
import { NOTHING, sumOf, sumText, together } from '../../../client/renderer/selectionSum.ts';
import type { WireValue } from '../../../server/protocol/values.ts';

const sumAll = (values: readonly WireValue[], numeric: boolean) => values.map((value) => sumOf(value, numeric)).reduce(together, NOTHING);

test('numbers are added up, also those that travel as texts; NULL and NaN are not', () => {
  expect(sumText(sumAll([1, 2.5, '9007199254740993', null, 'NaN'], true))).toBe(
    '5 cells · 4 not NULL · sum 9.007199254741e+15 · avg 3,002,399,751,580,332 · min 1 · max 9.00719925474099e+15',
  );
  expect(sumText(sumAll([0.1, 0.2], true))).toBe('2 cells · sum 0.3 · avg 0.15 · min 0.1 · max 0.2');
  expect(sumText(sumAll([1000, 234.5], true))).toBe('2 cells · sum 1,234.5 · avg 617.25 · min 234.5 · max 1,000');
});

test('texts are counted', () => {
  expect(sumText(sumAll(['1', 'b', null], false))).toBe('3 cells · 2 not NULL');
  expect(sumText(sumAll(['a'], false))).toBe('1 cell');
});

test('what is not finite is said', () => {
  expect(sumText(sumAll(['Infinity', 1], true))).toContain('sum Infinity');
});
