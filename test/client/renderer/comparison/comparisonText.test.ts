import { expect, it } from 'vitest';
import { comparisonNotes, countsText, keySentence } from '../../../../client/renderer/comparison/comparisonText.ts';
import type { WireComparison } from '../../../../server/protocol/requests.ts';

const SUMMARY: WireComparison = {
  key: ['id'],
  keyIsGuessed: true,
  added: 3,
  removed: 1,
  changed: 2,
  unchanged: 1298,
  changedColumns: [
    { name: 'name', changed: 1 },
    { name: 'kept', changed: 0 },
    { name: 'amount', changed: 2 },
  ],
  onlyLeft: ['gone'],
  onlyRight: Array.from({ length: 14 }, (_, index) => `c${index}`),
  otherTypes: [{ name: 'day', left: 'DATE', right: 'VARCHAR' }],
  duplicateKeys: { left: 2, right: 3 },
  cells: [],
};

it('says how rows were paired', () => {
  expect(keySentence(SUMMARY)).toBe('Rows are paired by id, which tells all rows apart.');
  expect(keySentence({ ...SUMMARY, key: ['a', 'b'], keyIsGuessed: false })).toBe('Rows are paired by a, b.');
  expect(keySentence({ ...SUMMARY, key: [] })).toMatch(/^No column, or pair of columns, tells all rows apart: whole rows are compared/);
  expect(keySentence({ ...SUMMARY, key: [], keyIsGuessed: false })).toMatch(/^Whole rows are compared/);
});

it('says what changed where, what repeats and what was left out', () => {
  expect(comparisonNotes(SUMMARY)).toEqual([
    'Changed: amount in 2 rows, name in 1 row.',
    expect.stringMatching(/^The key id repeats: 2 rows before and 3 rows now .* choose a key that does not repeat\.$/),
    'Only before: gone.',
    'Only now: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 2 more.',
    'Not compared: day was DATE and is VARCHAR.',
  ]);
  expect(countsText(SUMMARY)).toBe('3 added, 1 removed, 2 changed, 1,298 unchanged');
  expect(countsText({ ...SUMMARY, added: 0, removed: 0, changed: 0 })).toBe('No differences: 1,298 unchanged');
});
