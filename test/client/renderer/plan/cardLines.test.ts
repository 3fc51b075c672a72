import { expect, it } from 'vitest';
import { readFacts } from '../../../../client/plan/planFacts.ts';
import { cardLines, fitText } from '../../../../client/renderer/plan/cardLines.ts';
import { nodeFacts } from '../../../../client/renderer/plan/planDetails.ts';
import type { WireOperator } from '../../../../server/protocol/plan.ts';
import { madePlan } from '../../../support/recordedPlan.ts';

function lines(operator: WireOperator, rest = 10, hidden = 0): string[] {
  const facts = readFacts(madePlan([operator, { kind: 'X', parent: 0, cpuMs: rest, details: [] }]));
  const node = facts.nodes[0];
  if (node === undefined) throw new Error('No node.');
  return cardLines(node, { isSlowest: node === facts.slowest, hidden }).map(({ text, end }) => text + (end ? ` | ${end}` : ''));
}

it('say what it is, on what, how many rows, and what to look at', () => {
  const scan: WireOperator = {
    kind: 'SEQ_SCAN',
    cpuMs: 90,
    rows: 2000,
    estimatedRows: 100,
    spillBytes: 2 * 1024 * 1024,
    details: [
      { name: 'Table', values: ['db.main.orders'] },
      { name: 'Filters', values: ['a>1', 'b<2'] },
    ],
  };
  expect(lines(scan)).toEqual([
    'Table scan | 90 % · 90 ms',
    'orders',
    'where a>1 AND b<2',
    '2,000 rows · 100 expected',
    '⚠ 20× more than expected',
    'hot path · most time · spilled 2 MiB',
  ]);
  expect(lines({ ...scan, cpuMs: 1, rows: 100, spillBytes: 0 }, 999, 1200)).toEqual([
    'Table scan | <1 % · 1 ms',
    'orders',
    'where a>1 AND b<2',
    '100 rows · 100 expected',
    'hot path · 1,200 more below (→ opens)',
  ]);
});

it('are few for a projection that costs nothing', () => {
  const projection: WireOperator = { kind: 'PROJECTION', cpuMs: 0.01, rows: 10, details: [{ name: 'Projections', values: ['a', 'b'] }] };
  expect(lines(projection)).toEqual(['Projection | <1 % · <0.1 ms', 'a, b']);
  expect(lines({ ...projection, cpuMs: 100 })).toContain('10 rows');
});

it('fit into their card', () => {
  const measure = (text: string) => text.length * 10;
  expect(fitText('abcdef', 60, measure)).toBe('abcdef');
  expect(fitText('abcdefg', 60, measure)).toBe('abcde…');
  expect(fitText('a', 5, measure)).toBe('…');
  expect(fitText('ab😀😀', 40, measure)).toBe('ab…');
  expect(fitText('x'.repeat(100_000), 100, measure)).toHaveLength(10);
});

it('have the whole of it in the details', () => {
  const [node] = readFacts(
    madePlan([
      {
        kind: 'CROSS_PRODUCT',
        rows: 5,
        estimatedRows: 4,
        estimateIsDerived: true,
        cpuMs: 2,
        details: [{ name: 'Text', values: ['a', 'b'] }],
      },
    ]),
  ).nodes;
  expect(node && nodeFacts(node)).toEqual([
    ['Operator', ['CROSS_PRODUCT']],
    ['Rows', ['5']],
    ['Rows expected', ['4, from its inputs']],
    ['Time', ['2 ms of all threads, 100 %']],
    ['With its inputs', ['100 %']],
    ['Hot path', ['yes']],
    ['Text', ['a', 'b']],
  ]);
});
