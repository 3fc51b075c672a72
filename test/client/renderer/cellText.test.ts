import { describe, expect, test } from 'vitest';
import { cellText, cellTitle, copyText, isNumeric } from '../../../client/renderer/cellText.ts';

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
