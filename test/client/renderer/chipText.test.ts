import { describe, expect, it, test } from 'vitest';
import { filterText, sortText, viewCountText, workText } from '../../../client/renderer/chipText.ts';
import { headLabel } from '../../../client/renderer/headLabel.ts';
import { ALL_ROWS } from '../../../client/renderer/viewSpec.ts';

const columns = [
  { name: 'total', type: 'DOUBLE' },
  { name: 'name', type: 'VARCHAR' },
  { name: 'a\u202eb', type: 'DATE' },
];

test.each([
  [{ column: 0, op: 'greaterOrEqual', values: ['100'] }, 'total ≥ 100'],
  [{ column: 0, op: 'between', values: ['1', '5'] }, 'total between 1 and 5'],
  [{ column: 0, op: 'in', values: ['1', '2', '3', '4', '5'] }, 'total is one of 1, 2, 3, and 2 more'],
  [{ column: 1, op: 'contains', values: ['<img src=x onerror=alert(1)>'] }, 'name contains “<img src=x onerror=alert(1)>”'],
  [{ column: 1, op: 'equals', values: [''] }, 'name = “”'],
  [{ column: 1, op: 'startsWith', values: ['x'.repeat(100)] }, `name starts with “${'x'.repeat(40)}…”`],
  [{ column: 1, op: 'isNull' }, 'name is NULL'],
  [{ column: 2, op: 'equals', values: ['2024-02-29'] }, 'a\\u202eb = 2024-02-29'],
] as const)('%j', (filter, text) => {
  expect(filterText(filter, columns)).toBe(text);
});

describe('what is above a grid', () => {
  it('says the order', () => {
    expect(sortText([{ column: 0, descending: true }, { column: 1 }], columns)).toBe('total ↓, name ↑');
  });

  it('says how many rows are shown', () => {
    expect([viewCountText(1204, 100_000), viewCountText(0, 1), viewCountText(1, 2)]).toEqual([
      '1,204 of 100,000 rows',
      'none of 1 row',
      '1 of 2 rows',
    ]);
  });

  it('says what goes on', () => {
    const sorted = { ...ALL_ROWS, sort: [{ column: 0 }] };
    const texts = [
      workText(sorted, ALL_ROWS, 1_000_000),
      workText({ ...sorted, search: 'a' }, sorted, 1),
      workText(ALL_ROWS, sorted, 2),
      workText({ ...sorted, filters: [{ column: 1, op: 'isNull' }] }, sorted, 2),
    ];
    expect(texts).toEqual(['Sorting 1,000,000 rows…', 'Searching 1 row…', 'Showing all 2 rows…', 'Filtering 2 rows…']);
  });
});

test('a head says how it is marked', () => {
  const total = { name: 'total', type: 'DOUBLE' };
  expect(headLabel(total, undefined)).toBe('total, DOUBLE');
  const state = { sort: { descending: true, rank: 2 }, filtered: true };
  expect(headLabel(total, state)).toBe('total, DOUBLE, sorted descending, key 2, filtered');
});
