import { expect, it } from 'vitest';
import { GrowingNames } from '../../../engine/sql/growingNames.ts';

it('keeps what was known at each place, however many names come after it', () => {
  const names = new GrowingNames(['a']);
  const first = names.now();
  names.add('b');
  names.add('a');
  const second = names.now();
  for (let index = 0; index < 10_000; index++) names.add(`name ${index}`);
  expect(['a', 'b', 'name 1'].map((name) => first.has(name))).toEqual([true, false, false]);
  expect(['a', 'b', 'name 1'].map((name) => second.has(name))).toEqual([true, true, false]);
  expect(names.now().has('name 9999')).toBe(true);
});
