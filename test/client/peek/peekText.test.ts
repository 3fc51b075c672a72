import { describe, expect, it } from 'vitest';
import { peekFailureText, peekText } from '../../../client/peek/peekText.ts';

const columns = [
  { name: 'id', type: 'BIGINT' },
  { name: 'note', type: 'VARCHAR' },
];

describe('peekText', () => {
  it('is a table with names and types, NULLs, and how many rows there are', () => {
    const rows = [
      [1, 'a'],
      [22, null],
    ];
    expect(peekText({ title: 'recent', columns, rows, rowCount: 2, elapsedMs: 12 }, 'Esc closes').split('\n')).toEqual([
      'recent: 2 rows · 2 columns · 12 ms',
      'Esc closes',
      '┌────────┬─────────┐',
      '│   id   │  note   │',
      '│ BIGINT │ VARCHAR │',
      '├────────┼─────────┤',
      '│      1 │ a       │',
      '│     22 │ NULL    │',
      '└────────┴─────────┘',
      '',
    ]);
  });

  it('says of how many the rows are the first, and when nobody knows', () => {
    const first = (rowCount: number | undefined) =>
      peekText({ title: 't', columns, rows: [[1, 'a']], rowCount, elapsedMs: 1 }, '').split('\n')[0];
    expect(first(4711)).toBe('t: first 1 of 4,711 rows · 2 columns · 1 ms');
    expect(first(undefined)).toBe('t: first 1 of ≥ 1 row · 2 columns · 1 ms');
    expect(first(1)).toBe('t: 1 row · 2 columns · 1 ms');
  });

  it('keeps values and names in their cells, whatever they are', () => {
    const hostile = ['\u001b[31m', 'a\nb', '\u202edesrever', '<img src=x onerror=alert(1)>'];
    const text = peekText(
      { title: 'a\nb', columns: [{ name: 'x\ny', type: 'VARCHAR' }], rows: hostile.map((v) => [v]), rowCount: 4, elapsedMs: 1 },
      '',
    );
    expect([text.includes('\u001b'), text.includes('\u202e')]).toEqual([false, false]);
    expect(text.split('\n')).toHaveLength(1 + 5 + 4 + 2);
    expect(text).toContain('│ <img src=x onerror=alert(1)> │');
  });

  it('bounds columns and long values', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({ name: `c${at}`, type: 'INTEGER' }));
    const wide = peekText({ title: 't', columns: many, rows: [many.map((_, at) => at)], rowCount: 1, elapsedMs: 1 }, '');
    expect(wide).toContain('The first 200 of 10,000 columns are here.');
    expect(wide.length).toBeLessThan(20_000);
    const long = peekText({ title: 't', columns, rows: [[1, 'x'.repeat(5_000_000)]], rowCount: 1, elapsedMs: 1 }, '');
    expect(long.length).toBeLessThan(2_000);
  });

  it('shows a head without rows', () => {
    expect(peekText({ title: 't', columns, rows: [], rowCount: 0, elapsedMs: 1 }, '')).toContain('t: 0 rows · 2 columns');
  });
});

describe('peekFailureText', () => {
  it('has the message and the place, without what could move text', () => {
    const failure = { code: 'sql', message: 'No \u001b[1mb.', position: { offset: 7, line: 0, column: 7, length: 1 } } as const;
    const text = peekFailureText('recent', failure, 'select b');
    expect(text).toContain('recent could not be shown.\n\nNo ␛[1mb.');
    expect(text).toContain('1 | select b\n           ^');
  });
});
