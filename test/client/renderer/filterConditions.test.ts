import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { conditionsFor, joinList, readFilter, splitList, writeFilter } from '../../../client/renderer/filterConditions.ts';
import { openView, runQuery, type WireFilter } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

function read(type: string, label: string, ...texts: string[]): WireFilter | string {
  const condition = conditionsFor(type).find((offered) => offered.label === label);
  if (condition === undefined) throw new Error(`${type} has no condition ${label}`);
  return readFilter(3, type, condition, texts);
}

test.each([
  ['DECIMAL(18,2)', '=', ['100.50'], { column: 3, op: 'equals', values: ['100.50'] }],
  ['BIGINT', 'between', [' 1 ', '5'], { column: 3, op: 'between', values: ['1', '5'] }],
  ['DOUBLE', '<', ['1e-3'], { column: 3, op: 'less', values: ['1e-3'] }],
  ['DOUBLE', '=', ['NaN'], { column: 3, op: 'equals', values: ['NaN'] }],
  ['INTEGER', 'is one of', ['1, 2,3'], { column: 3, op: 'in', values: ['1', '2', '3'] }],
  ['BOOLEAN', 'is false', [], { column: 3, op: 'equals', values: [false] }],
  ['DATE', 'before', ['2024-02-29'], { column: 3, op: 'less', values: ['2024-02-29'] }],
  ['VARCHAR', 'is', [''], { column: 3, op: 'equals', values: [''] }],
  ['VARCHAR', 'contains', [' a'], { column: 3, op: 'contains', values: [' a'] }],
  ['INTEGER[]', 'contains', ['7'], { column: 3, op: 'contains', values: ['7'] }],
  ['UUID', 'is NULL', ['ignored'], { column: 3, op: 'isNull' }],
] as const)('%s %s %j', (type, label, texts, filter) => {
  expect(read(type, label, ...texts)).toEqual(filter);
});

test.each([
  ['INTEGER', '=', ['1,000'], '“1,000” is not a number.'],
  ['INTEGER', '=', [' '], 'Give a value.'],
  ['INTEGER', 'between', ['1'], 'Give both values.'],
  ['INTEGER', 'between', ['1', ''], 'Give both values.'],
  ['INTEGER', 'is one of', [' , '], 'Give at least one value.'],
  ['TIMESTAMP', 'after', [''], 'Give a value.'],
  ['VARCHAR', 'contains', [''], 'Give a value.'],
] as const)('%s %s %j is told to be wrong', (type, label, texts, problem) => {
  const filled = texts.length === 1 && label === 'between' ? [...texts, ''] : texts;
  expect(read(type, label, ...filled)).toBe(problem);
});

describe('a filter that is changed', () => {
  it('shows its condition and its values', () => {
    expect(writeFilter({ column: 0, op: 'between', values: ['1', '2'] }, 'INTEGER')).toMatchObject({
      condition: { label: 'between' },
      texts: ['1', '2'],
    });
    expect(writeFilter({ column: 0, op: 'equals', values: [false] }, 'BOOLEAN').condition.label).toBe('is false');
    expect(writeFilter({ column: 0, op: 'in', values: ['a', 'b,c'] }, 'VARCHAR').texts).toEqual(['a, "b,c"']);
  });

  it('stays what it is where its column offers no such condition', () => {
    const filter: WireFilter = { column: 0, op: 'equals', values: ['[1]'] };
    const { condition, texts } = writeFilter(filter, 'INTEGER[]');
    expect(readFilter(0, 'INTEGER[]', condition, texts)).toEqual(filter);
  });
});

test('a list is read as it was written', () => {
  expect(splitList('a, "b,c" ,d e,,"say ""x""", ""')).toEqual(['a', 'b,c', 'd e', 'say "x"', '']);
  fc.assert(
    fc.property(fc.array(fc.string()), (values) => {
      expect(splitList(joinList(values))).toEqual(values);
    }),
  );
});

test('DuckDB can answer every condition that a column offers', async () => {
  const { client } = await startEditor();
  const columns: readonly (readonly [sql: string, value: string])[] = [
    ['1', '1'],
    ['1.5::decimal(9, 2)', '1.25'],
    ['1.5::double', '1.25'],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105726'],
    ['true', 'true'],
    ["'a'", 'a'],
    ["'a'::enum('a', 'b')", 'b'],
    ["date '2024-02-29'", '2024-01-01'],
    ["time '12:30:00'", '12:00'],
    ["timestamp '2024-02-29 12:00'", '2024-02-29'],
    ["timestamptz '2024-02-29 12:00+00'", '2024-02-29 12:00:00+00'],
    ["interval '3 days'", '2 days'],
    ["'ab'::blob", 'ab'],
    ["'11111111-1111-1111-1111-111111111111'::uuid", '11111111-1111-1111-1111-111111111112'],
    ["'101'::bit", '1'],
    ['[1, 2]', '1'],
    ["{'a': 1}", '1'],
    ["map {'a': 1}", '1'],
    ['union_value(n := 1)', '1'],
    ["'[1]'::json", '1'],
    ['null', '1'],
  ];
  const sql = `select ${columns.map(([value], index) => `${value} as c${index}`).join(', ')}`;
  const { statements } = await client.request(runQuery, { runId: randomUUID(), sessionId: 'notebook', sql });
  const result = statements[0]?.result;
  for (const [column, { type }] of (result?.columns ?? []).entries()) {
    const text = columns[column]?.[1] ?? '';
    for (const condition of conditionsFor(type)) {
      const filter = readFilter(column, type, condition, [text, text]);
      if (typeof filter === 'string') throw new Error(`${type} ${condition.label}: ${filter}`);
      const view = client.request(openView, { resultId: result?.resultId ?? '', filters: [filter] });
      await expect(view, `${type} ${condition.label}`).resolves.toHaveProperty('rowCount');
    }
  }
});
