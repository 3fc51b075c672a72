import { describe, expect, test } from 'vitest';
import { failureOf, presentError } from '../../client/presentError.ts';

describe('presentError', () => {
  test('a place in the text gets its line and carets', () => {
    const sql = 'select 1;\n\tselect colour from t';
    const { summary, text } = presentError(
      {
        code: 'sql',
        message: 'Binder Error: no column "colour"',
        position: { offset: 18, line: 1, column: 8, length: 6 },
        candidates: ['color'],
      },
      sql,
    );
    expect(summary).toBe('Binder Error: no column "colour" (line 2, column 9)');
    expect(text.split('\n')).toEqual([
      'Binder Error: no column "colour"',
      'Did you mean color?',
      '',
      'Line 2, column 9:',
      '2 | \tselect colour from t',
      '    \t       ^^^^^^',
    ]);
  });

  test('a long line is cut around the place', () => {
    const sql = `select ${'a, '.repeat(200)}wrong`;
    const { text } = presentError({ code: 'sql', message: 'x', position: { offset: 607, line: 0, column: 607, length: 5 } }, sql);
    const [line = '', carets = ''] = text.split('\n').slice(-2);
    expect(line.length).toBeLessThan(120);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('wrong');
  });

  test('long lines are wrapped for reading, and only then', () => {
    const message = `Binder Error: ${'word '.repeat(60)}end`;
    expect(
      Math.max(
        ...presentError({ code: 'sql', message }, '')
          .text.split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(110);
    expect(presentError({ code: 'sql', message }).text).toBe(message);
    const word = 'x'.repeat(300);
    expect(presentError({ code: 'sql', message: word }, '').text.replaceAll('\n', '')).toBe(word);
  });

  test('a place beyond the line does not throw', () => {
    expect(presentError({ code: 'sql', message: 'x', position: { offset: 99, line: 7, column: 99, length: 3 } }, 'a').text).toContain('^');
  });

  test('names that the message has already are not repeated', () => {
    expect(presentError({ code: 'sql', message: 'Did you mean "color"?', candidates: ['color'] }).text).toBe('Did you mean "color"?');
  });

  test('a limit names its setting and what to do', () => {
    const { text } = presentError({ code: 'limit', message: 'Out of memory.', setting: 'kodiak.memory.limitMegabytes' });
    expect(text).toMatch(/^Out of memory\.\nSetting: kodiak\.memory\.limitMegabytes\. .*raise this setting/);
  });

  test('the holder of a lock is told as it is', () => {
    const message = '/data/a.duckdb is locked by python (process 12).';
    expect(presentError({ code: 'unavailable', message })).toEqual({ summary: message, text: message });
  });
});

describe('failureOf', () => {
  test('a failure that a response carries', () => {
    const failure = { code: 'timeout', message: 'Too slow.' } as const;
    expect(failureOf(Object.assign(new Error('x'), { data: failure }))).toBe(failure);
    expect(failureOf(Object.assign(new Error('x'), { failure }))).toBe(failure);
    expect(failureOf(failure)).toBe(failure);
  });

  test('a cancelled request', () => {
    expect(failureOf(Object.assign(new Error('x'), { code: -32800 })).code).toBe('cancelled');
  });

  test('anything else is a fault', () => {
    expect(failureOf(new Error('boom'))).toEqual({ code: 'bug', message: 'boom' });
    expect(failureOf({ code: 'ENOENT', message: 'no file' })).toMatchObject({ code: 'bug' });
    expect(failureOf(undefined)).toEqual({ code: 'bug', message: 'undefined' });
  });
});
