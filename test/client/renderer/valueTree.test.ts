import { expect, test } from 'vitest';
import { foldedText, partsOf } from '../../../client/renderer/valueTree.ts';

test('fields have their names, list items their numbers, entries of a map their keys', () => {
  expect(partsOf({ a: 1, b: null }, false)).toEqual([
    ['a', 1],
    ['b', null],
  ]);
  expect(partsOf(['x', ['y']], false)).toEqual([
    ['1', 'x'],
    ['2', ['y']],
  ]);
  expect(
    partsOf(
      [
        ['k', 1],
        [{ a: 1 }, 2],
      ],
      true,
    ),
  ).toEqual([
    ['k', 1],
    ['{"a":1}', 2],
  ]);
  expect(partsOf('text', false)).toEqual([]);
});

test('what is folded is said in short', () => {
  expect(foldedText([1])).toBe('1 item');
  expect(foldedText(Array.from({ length: 1500 }, () => 0))).toBe('1,500 items');
  expect(foldedText({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 })).toBe('{ a, b, c, d, e, … }');
});
