import { describe, expect, test } from 'vitest';
import { type ColumnType, isNumber, parseColumnType } from '../../../client/text/columnType.ts';

describe('columnType', () => {
  test.each<[string, ColumnType]>([
    ['BIGINT', { kind: 'scalar', name: 'BIGINT' }],
    ['DECIMAL(18,3)', { kind: 'scalar', name: 'DECIMAL' }],
    ['TIMESTAMP WITH TIME ZONE', { kind: 'scalar', name: 'TIMESTAMP WITH TIME ZONE' }],
    ["ENUM('a)', 'it''s')", { kind: 'scalar', name: 'ENUM' }],
    ['INTEGER[3][]', { kind: 'list', element: { kind: 'list', element: { kind: 'scalar', name: 'INTEGER' } } }],
    [
      'MAP(VARCHAR, DATE[])',
      { kind: 'map', key: { kind: 'scalar', name: 'VARCHAR' }, value: { kind: 'list', element: { kind: 'scalar', name: 'DATE' } } },
    ],
    ['UNION(num INTEGER, str VARCHAR)', { kind: 'union' }],
    ['STRUCT(broken', { kind: 'scalar', name: 'STRUCT(broken' }],
    ['', { kind: 'scalar', name: '' }],
  ])('reads %s', (text, type) => expect(parseColumnType(text)).toEqual(type));

  test('reads structs with quoted names', () => {
    const type = parseColumnType('STRUCT("a, ""b""" INTEGER, __proto__ STRUCT(x DOUBLE))');
    expect(type.kind === 'struct' && [...type.fields.keys()]).toEqual(['a, "b"', '__proto__']);
  });

  test('knows numbers', () => {
    expect(['HUGEINT', 'DECIMAL(4,1)', 'FLOAT', 'VARCHAR', 'BIGINT[]'].map((text) => isNumber(parseColumnType(text)))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
