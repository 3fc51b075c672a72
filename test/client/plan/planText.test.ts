import { expect, it } from 'vitest';
import { planText } from '../../../client/plan/planText.ts';
import { madePlan, recordedPlan } from '../../support/recordedPlan.ts';

it('is DuckDB’s drawing where there is one', () => {
  expect(planText({ ...recordedPlan('join', 'estimated'), text: '┌──┐' })).toBe('┌──┐');
});

it('lists operators below those that take their rows', () => {
  const text = planText(
    madePlan([
      { kind: 'TOP_N', cpuMs: 1, rows: 3, details: [] },
      { kind: 'HASH_JOIN', parent: 0, cpuMs: 80, rows: 500, estimatedRows: 50, details: [{ name: 'Conditions', values: ['a = b'] }] },
      { kind: 'SEQ_SCAN', parent: 1, cpuMs: 9, rows: 7, details: [{ name: 'Filters', values: ['a>1'] }] },
      { kind: 'FILTER', parent: 1, cpuMs: 10, rows: 7, details: [] },
      { kind: 'CSV', parent: 3, cpuMs: 0, rows: 7, details: [] },
    ]),
  );
  expect(text.split('\n').slice(3)).toEqual([
    'TOP_N  [3 rows · 1 % · 1 ms · hot path]',
    'HASH_JOIN  a = b  [500 rows · 50 expected · 10 times more rows than expected · 80 % · 80 ms · hot path]',
    '├─ SEQ_SCAN  where a>1  [7 rows · 9 % · 9 ms]',
    '└─ FILTER  [7 rows · 10 % · 10 ms · hot path]',
    '   CSV  [7 rows · 0 % · 0 ms]',
  ]);
});
