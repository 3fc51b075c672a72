import { expect, it } from 'vitest';
import { readFacts } from '../../../client/plan/planFacts.ts';
import { planFigures, planSentences } from '../../../client/plan/planSummary.ts';
import type { WirePlan } from '../../../server/protocol/plan.ts';
import { madePlan, recordedPlan } from '../../support/recordedPlan.ts';

const figures = (plan: WirePlan) => Object.fromEntries(planFigures(plan, readFacts(plan)).map(({ label, value }) => [label, value]));
const sentences = (plan: WirePlan) => planSentences(plan, readFacts(plan));

it('gives the figures of a run', () => {
  const spill = figures(recordedPlan('spill', 'measured'));
  expect(spill).toMatchObject({ Rows: '3,000,000 rows', 'Rows read': '3,000,000', 'Spilled to disk': expect.stringMatching(/MiB$/) });
  expect(Object.keys(spill).slice(0, 3)).toEqual(['Time', 'Rows', 'CPU']);
  expect(figures(recordedPlan('join', 'measured'))['Spilled to disk']).toBe('nothing');
  expect(figures(recordedPlan('insert', 'measured'))).not.toHaveProperty('Rows');
});

it('gives what is expected where nothing ran', () => {
  expect(figures(recordedPlan('leftJoin', 'estimated'))).toEqual({ 'Rows expected': '20,000 rows', Operators: '4' });
  expect(sentences(recordedPlan('crossProduct', 'estimated'))).toBe(
    'The largest step is expected to give about 1 million rows: the cross product (every row with every row).',
  );
});

it('names the most expensive operator and the worst estimate', () => {
  const plan = madePlan([
    { kind: 'HASH_JOIN', cpuMs: 66, rows: 99_994, estimatedRows: 5031, details: [{ name: 'Conditions', values: ['i = i'] }] },
    { kind: 'READ_CSV_AUTO', parent: 0, cpuMs: 34, rows: 10, estimatedRows: 10, details: [] },
  ]);
  expect(sentences(plan)).toBe(
    'The hash join (i = i) takes most time: 66 %, 66 ms. It gave 20 times more rows than expected (99,994 rows where 5,031 were expected).',
  );
  expect(sentences(madePlan(plan.operators.map(({ estimatedRows: _, ...operator }) => operator)))).toContain('No estimate is off');
  expect(sentences(recordedPlan('spill', 'measured'))).toMatch(/^The sort .* went to disk for a while\.$/);
});

it('says first why there are no measures', () => {
  expect(sentences({ ...recordedPlan('values', 'estimated'), notice: 'It was run.' })).toMatch(/^It was run\. The largest/);
});
