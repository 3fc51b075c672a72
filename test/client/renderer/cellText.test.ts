import { describe, expect, test } from 'vitest';
import { cellPieces, cellText, cellTitle, copyText, isCut, isNumeric, joined, linePieces } from '../../../client/renderer/cellText.ts';

describe('cellText', () => {
  test.each([
    [null, 'NULL', 'null'],
    ['NULL', 'NULL', 'text'],
    [true, 'true', 'text'],
    [1.5, '1.5', 'text'],
    ['', '', 'text'],
    [[1, null, 'a'], '[1,null,"a"]', 'text'],
    [{ a: 1, b: [2] }, '{"a":1,"b":[2]}', 'text'],
  ])('%j', (value, text, kind) => {
    expect(cellText(value, false)).toEqual({ text, kind });
  });

  test('what cannot be seen is shown', () => {
    expect(cellText('a\nb\tc\0\u001b[31m\u007f', false).text).toBe('a↵b⇥c␀␛[31m␡');
    expect(cellText('x\u202Ey\u200Bz\uFEFF\uD800', false).text).toBe('x\\u202ey\\u200bz\\ufeff\\ud800');
    expect(cellText('Ünïcödé 漢字 👩‍👩‍👧', false).text).toContain('漢字');
  });

  test('spaces at the ends and odd white space are marks, other spaces are not', () => {
    expect(cellText('  a b ', false).text).toBe('··a b·');
    expect(cellText('   ', false).text).toBe('···');
    expect(cellText('a\u00a0b\u3000', false).text).toBe('a\\u00a0b\\u3000');
    expect(cellPieces(' a\tb')).toEqual([
      { text: '·', mark: true },
      { text: 'a', mark: false },
      { text: '⇥', mark: true },
      { text: 'b', mark: false },
    ]);
    expect(cellPieces('·')).toEqual([{ text: '·', mark: false }]);
    expect(cellPieces(null)).toEqual([]);
  });

  test('lines stay lines, with marks at their ends', () => {
    expect(joined(linePieces('a \nb\r\n'))).toBe('a·↵\nb␍↵\n');
    expect(joined(linePieces(`x${' '.repeat(200_000)}y`))).toHaveLength(200_002);
  });

  test('numbers have separators where they are wanted', () => {
    expect(cellText('12345678901234567890.25', true).text).toBe('12345678901234567890.25');
    expect(cellText('-12345678901234567890.25', true, true).text).toBe('-12,345,678,901,234,567,890.25');
    expect(cellText(1234567, true, true).text).toBe('1,234,567');
    expect(cellText('NaN', true, true).text).toBe('NaN');
    expect(cellText(1e300, true, true).text).toBe('1e+300');
  });

  test('a beginning is told from a whole value', () => {
    expect(isCut('x'.repeat(10_000))).toBe(false);
    expect(isCut('x'.repeat(10_001))).toBe(true);
    expect(isCut(null)).toBe(false);
  });

  test('a long text is cut, its tooltip later', () => {
    const long = 'x'.repeat(10_000);
    expect(cellText(long, false).text).toHaveLength(201);
    expect(cellTitle(long)).toHaveLength(2001);
    expect(copyText(long)).toBe(long);
  });

  test('a tooltip keeps lines', () => {
    expect(cellTitle('a\nb\tc')).toBe('a\nb⇥c');
  });

  test('a copied NULL is empty', () => {
    expect(copyText(null)).toBe('');
    expect(copyText({ a: '\n' })).toBe('{"a":"\\n"}');
  });
});

test.each([
  ['INTEGER', true],
  ['BIGINT', true],
  ['UTINYINT', true],
  ['UINTEGER', true],
  ['HUGEINT', true],
  ['UHUGEINT', true],
  ['DECIMAL(18,3)', true],
  ['DOUBLE', true],
  ['VARCHAR', false],
  ['INTEGER[]', false],
  ['DECIMAL(18,3)[]', false],
  ['INTERVAL', false],
  ['STRUCT(a INTEGER)', false],
])('%s is numeric: %s', (type, expected) => {
  expect(isNumeric(type)).toBe(expected);
});
