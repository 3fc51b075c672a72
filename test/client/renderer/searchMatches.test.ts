import { expect, it } from 'vitest';
import { firstMatch, matchesSearch, nextMatch } from '../../../client/renderer/searchMatches.ts';

const lines = [
  ['Anna', 'x', 'hanna'],
  ['y', 'ANNA', null],
  ['annals', 'z', 'z'],
];
const rows = { rowCount: lines.length, row: (index: number) => lines[index] };

it('marks cells by their text, in upper or lower case', () => {
  expect(matchesSearch('Anna', 'aNN')).toBe(true);
  expect(matchesSearch({ a: 'Anna' }, 'anna')).toBe(true);
  expect(matchesSearch(1234, '23')).toBe(true);
  expect(matchesSearch(null, 'null')).toBe(false);
  expect(matchesSearch('Anna', '')).toBe(false);
});

it('goes from one to the next and around, in both directions', () => {
  const places = [{ row: 0, column: 0 }];
  for (let step = 0; step < 4; step++)
    places.push(nextMatch(rows, places.at(-1) ?? { row: 0, column: 0 }, 'anna', false) ?? { row: 9, column: 9 });
  expect(places.map(({ row, column }) => [row, column])).toEqual([
    [0, 0],
    [0, 2],
    [1, 1],
    [2, 0],
    [0, 0],
  ]);
  for (let index = places.length - 1; index > 0; index--) {
    expect(nextMatch(rows, places[index] ?? { row: 9, column: 9 }, 'anna', true)).toEqual(places[index - 1]);
  }
});

it('goes to the beginning of rows that are not here yet', () => {
  const far = { rowCount: 1000, row: () => undefined };
  expect(nextMatch(far, { row: 4, column: 2 }, 'a', false)).toEqual({ row: 5, column: 0 });
  expect(nextMatch(far, { row: 0, column: 0 }, 'a', true)).toEqual({ row: 999, column: 0 });
  expect(nextMatch({ rowCount: 0, row: () => undefined }, { row: 0, column: 0 }, 'a', false)).toBeUndefined();
  expect(firstMatch(rows, 1, 'anna')).toEqual({ row: 1, column: 1 });
});
