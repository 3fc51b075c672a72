import { expect, it } from 'vitest';
import { comparisonMarks } from '../../../../client/renderer/comparison/comparisonMarks.ts';

it('marks what happened to a row, and of changed rows the cells that differ', () => {
  const mark = comparisonMarks([
    { now: 2, before: 3 },
    { now: 4, before: 5 },
  ]);
  const changed = ['changed', 1, 21, 20, [1, { a: null }], [1, { a: null }]];
  expect(changed.map((_, column) => mark(changed, column)?.className)).toEqual([
    'kodiak-diff-changed',
    undefined,
    'kodiak-diff-now',
    'kodiak-diff-before',
    undefined,
    undefined,
  ]);
  expect(mark(changed, 2)?.description).toBe('changed');
  expect(mark(['changed', 1, null, 0, null, null], 2)?.className).toBe('kodiak-diff-now');
  expect(['added', 'removed', 'unchanged'].map((kind) => mark([kind, 1, 2, null], 2)?.className)).toEqual([
    'kodiak-diff-row-added',
    'kodiak-diff-row-removed',
    undefined,
  ]);
});
