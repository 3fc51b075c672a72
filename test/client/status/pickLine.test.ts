import { expect, test } from 'vitest';
import { pickLine } from '../../../client/status/pickLine.ts';

test('label and value', () => {
  expect(pickLine('Time saved  0 ms')).toEqual({ label: 'Time saved', description: '0 ms' });
  expect(pickLine('  DuckDB          10 KiB')).toEqual({ label: 'DuckDB', description: '10 KiB' });
});

test('a row of a table', () => {
  expect(pickLine('     0          1        4 B     1.9 ms  select 1')).toEqual({ label: '0 · 1 · 4 B · 1.9 ms · select 1' });
  expect(pickLine('       3  reads a changing file')).toEqual({ label: '3 · reads a changing file' });
});
