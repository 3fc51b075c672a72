import { expect, it } from 'vitest';
import { nameColumns } from '../../../client/plan/columnNames.ts';
import { detailOf } from '../../../client/plan/planFacts.ts';
import type { WireOperator } from '../../../server/protocol/plan.ts';
import { recordedPlan } from '../../support/recordedPlan.ts';

function named(name: string, kind: string, detail: string): readonly string[] {
  const operator = nameColumns(recordedPlan(name, 'measured').operators).find((known) => known.kind === kind);
  return operator === undefined ? [] : detailOf(operator, detail);
}

it('writes the names of columns that come from a projection, also through those that make them smaller', () => {
  expect(named('join', 'HASH_GROUP_BY', 'Groups').concat(named('join', 'PERFECT_HASH_GROUP_BY', 'Groups'))).toEqual(['country']);
  expect(named('distinct', 'HASH_GROUP_BY', 'Groups').concat(named('distinct', 'PERFECT_HASH_GROUP_BY', 'Groups'))).toEqual(['product']);
  expect(named('rollup', 'HASH_GROUP_BY', 'Aggregates')[0]).toBe('count(DISTINCT customer)');
  expect(named('aggregate', 'UNGROUPED_AGGREGATE', 'Aggregates')).toEqual(['min(amount)', 'max(amount)']);
});

it('names what a grouping gives', () => {
  const operators: WireOperator[] = [
    { kind: 'PROJECTION', details: [{ name: 'Projections', values: ['__internal_decompress_integral_bigint(#0, 0)', '(#1 + #7)'] }] },
    {
      kind: 'HASH_GROUP_BY',
      parent: 0,
      details: [
        { name: 'Groups', values: ['#0'] },
        { name: 'Aggregates', values: ['sum(#1)'] },
      ],
    },
    {
      kind: 'PROJECTION',
      parent: 1,
      details: [{ name: 'Projections', values: ['__internal_compress_integral_utinyint(a, -3)', 'x'.repeat(300)] }],
    },
  ];
  const [top, group] = nameColumns(operators);
  expect(group && detailOf(group, 'Groups')).toEqual(['a']);
  expect(group && detailOf(group, 'Aggregates')).toEqual(['sum(#1)']);
  expect(top && detailOf(top, 'Projections')).toEqual(['__internal_decompress_integral_bigint(a, 0)', '(sum(#1) + #7)']);
});

it('leaves references that nothing names', () => {
  expect(named('window', 'PROJECTION', 'Projections')).toEqual(expect.arrayContaining(['#0', '#5']));
});
