import { expect, it } from 'vitest';
import { insertion } from '../../../client/explorer/insertion.ts';

it.each([
  ['', '', 'orders'],
  ['FROM ', '', 'orders'],
  ['FROM', '', ' orders'],
  ['FROM "a"', 'WHERE', ' orders '],
  ['count(', ')', 'orders'],
  ['s.', '', 'orders'],
  ['a,', 'b', 'orders '],
])('stands apart from words: %j, %j', (before, after, written) => {
  expect(insertion(before, 'orders', after)).toBe(written);
});
