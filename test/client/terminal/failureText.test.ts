import { describe, expect, test } from 'vitest';
import { formatFailure } from '../../../client/terminal/failureText.ts';
import { createStyle } from '../../../client/text/style.ts';

const PLAIN = createStyle(false);

describe('failureText', () => {
  test('names file, line and column, and points at the place', () => {
    const text = 'select 1;\n  select\n\tcol, 日本, nme\nfrom t;';
    const start = text.indexOf('select\n');
    const offset = text.indexOf('nme') - start;
    const failure = {
      code: 'sql',
      message: 'Column "nme" not found',
      position: { offset, line: 1, column: 10, length: 3 },
      candidates: ['name'],
    } as const;
    expect(formatFailure(failure, { name: 'a.sql', text }, start, PLAIN)).toEqual([
      'a.sql:3:11: error: Column "nme" not found',
      '3 |   col, 日本, nme',
      '  |              ^^^',
      'Did you mean name?',
    ]);
  });

  test('counts the lines that came before', () => {
    const failure = { code: 'sql', message: 'no', position: { offset: 0, line: 0, column: 0, length: 1 } } as const;
    expect(formatFailure(failure, { name: '<stdin>', text: 'x', linesBefore: 4 }, 0, PLAIN)[0]).toBe('<stdin>:5:1: error: no');
  });

  test('shows the part of a long line around the place', () => {
    const text = `select ${'a, '.repeat(100)}oops, ${'b, '.repeat(100)}1`;
    const failure = { code: 'sql', message: 'no', position: { offset: text.indexOf('oops'), line: 0, column: 0, length: 4 } } as const;
    const [, line = '', caret = ''] = formatFailure(failure, { text }, 0, PLAIN);
    expect(line.length).toBeLessThan(120);
    expect(line.slice(caret.indexOf('^'), caret.indexOf('^') + 4)).toBe('oops');
  });

  test('names the statement where the place is unknown, and the setting of a limit', () => {
    expect(formatFailure({ code: 'limit', message: 'Too much', setting: 'kodiak.x' }, { name: 'a.sql', text: 'x\ny' }, 2, PLAIN)).toEqual([
      'a.sql:2: error: Too much',
      'The setting kodiak.x sets this limit.',
    ]);
  });

  test('shows a place at the end of the text, and no escape of the message', () => {
    const failure = { code: 'sql', message: 'end\u001b[2J', position: { offset: 6, line: 0, column: 6, length: 1 } } as const;
    expect(formatFailure(failure, { text: 'select' }, 0, PLAIN)).toEqual(['error: end␛[2J', '1 | select', '  |       ^']);
  });
});
