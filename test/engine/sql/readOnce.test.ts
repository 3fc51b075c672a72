import { expect, it } from 'vitest';
import { readOnce } from '../../../engine/sql/readOnce.ts';

it('reads the long texts that came last once, and short ones each time', () => {
  const read: string[] = [];
  const length = readOnce((text) => {
    read.push(text.charAt(0));
    return text.length;
  });
  const long = (letter: string) => letter.repeat(5_000);
  for (const letter of 'aabab') expect(length(long(letter))).toBe(5_000);
  expect(read.join('')).toBe('ab');
  for (const letter of 'cdea') length(long(letter));
  expect(read.join('')).toBe('abcdea');
  length(long('b'));
  expect(read.join('')).toBe('abcdeab');
  length('s');
  length('s');
  expect(read.join('')).toBe('abcdeabss');
});

it('forgets texts that would take too much memory together', () => {
  let count = 0;
  const length = readOnce((text) => {
    count++;
    return text.length;
  });
  const [one, two] = ['1'.repeat(3_000_000), '2'.repeat(3_000_000)];
  for (const text of [one, two, one]) length(text);
  expect(count).toBe(3);
});
