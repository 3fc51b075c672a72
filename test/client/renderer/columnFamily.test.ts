import { expect, test } from 'vitest';
import { columnFamily } from '../../../client/renderer/columnFamily.ts';

test.each([
  ['HUGEINT', 'number'],
  ['DECIMAL(18,3)', 'number'],
  ['TIMESTAMP WITH TIME ZONE', 'time'],
  ['TIME_NS', 'time'],
  ['DATE', 'time'],
  ['INTERVAL', 'time'],
  ['VARCHAR', 'text'],
  ['JSON', 'text'],
  ["ENUM('DATE', 'b')", 'label'],
  ['INTEGER[]', 'nested'],
  ["ENUM('a')[3]", 'nested'],
  ['STRUCT(a INTEGER)', 'nested'],
  ['MAP(VARCHAR, DATE)', 'nested'],
  ['UNION(n INTEGER)', 'nested'],
  ['BOOLEAN', 'boolean'],
  ['UUID', 'other'],
  ['BLOB', 'other'],
])('%s is %s', (type, family) => {
  expect(columnFamily(type)).toBe(family);
});
