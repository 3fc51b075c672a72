import { describe, expect, it } from 'vitest';
import { readFacts } from '../../../client/plan/planFacts.ts';
import type { WireOperator } from '../../../server/protocol/plan.ts';
import { madePlan, recordedPlan } from '../../support/recordedPlan.ts';

const op = (kind: string, more: Partial<WireOperator> = {}): WireOperator => ({ kind, details: [], ...more });

describe('shares', () => {
  it('are parts of the time of all operators', () => {
    const { nodes, cpuMs } = readFacts(recordedPlan('join', 'measured'));
    expect(nodes.reduce((sum, { share = 0 }) => sum + share, 0)).toBeCloseTo(1);
    expect(nodes[0]?.totalShare).toBeCloseTo(1);
    expect(cpuMs).toBeGreaterThan(0);
  });

  it('are unknown where nothing was measured', () => {
    const facts = readFacts(recordedPlan('join', 'estimated'));
    expect(facts.slowest).toBeUndefined();
    expect(facts.nodes.every(({ share, hot }) => share === undefined && !hot)).toBe(true);
  });
});

it('finds the way to where the time goes', () => {
  const plan = madePlan([
    op('PROJECTION', { cpuMs: 1 }),
    op('HASH_JOIN', { parent: 0, cpuMs: 20 }),
    op('SEQ_SCAN', { parent: 1, cpuMs: 4 }),
    op('FILTER', { parent: 1, cpuMs: 5 }),
    op('PARQUET_SCAN', { parent: 3, cpuMs: 70 }),
    op('DUMMY_SCAN', { parent: 4, cpuMs: 0 }),
  ]);
  const { nodes, slowest } = readFacts(plan);
  expect(nodes.flatMap(({ hot, operator }) => (hot ? [operator.kind] : []))).toEqual(['PROJECTION', 'HASH_JOIN', 'FILTER', 'PARQUET_SCAN']);
  expect(slowest?.operator.kind).toBe('PARQUET_SCAN');
  expect(nodes.map(({ depth }) => depth)).toEqual([0, 1, 2, 2, 3, 4]);
});

describe('misestimates', () => {
  const factor = (operator: WireOperator, above: readonly WireOperator[] = []) => {
    const chain = [...above, operator].map((each, index) => (index === 0 ? each : { ...each, parent: index - 1 }));
    return readFacts(madePlan(chain)).nodes.at(-1)?.misestimate;
  };

  it('are told from a factor of 10 on, in both directions, where there are some rows', () => {
    expect(factor(op('FILTER', { rows: 1000, estimatedRows: 100 }))).toEqual({ factor: 10, more: true });
    expect(factor(op('FILTER', { rows: 0, estimatedRows: 5000, cpuMs: 1 }))).toEqual({ factor: 5000, more: false });
    expect(factor(op('FILTER', { rows: 990, estimatedRows: 100 }))).toBeUndefined();
    expect(factor(op('FILTER', { rows: 99, estimatedRows: 1 }))).toBeUndefined();
    expect(factor(op('FILTER', { rows: 10_000 }))).toBeUndefined();
  });

  it('are no mistake where a LIMIT ended the work early', () => {
    const scan = op('SEQ_SCAN', { rows: 2048, estimatedRows: 1_000_000, cpuMs: 1 });
    expect(factor(scan, [op('STREAMING_LIMIT'), op('PROJECTION')])).toBeUndefined();
    expect(factor(scan, [op('LIMIT'), op('HASH_GROUP_BY')])).toBeDefined();
    expect(factor({ ...scan, rows: 1e9 }, [op('LIMIT')])).toBeDefined();
    expect(readFacts(recordedPlan('limit', 'measured')).worst).toBeUndefined();
  });

  it('are no mistake where a filter came while it ran, or nothing is counted', () => {
    const dynamic = { details: [{ name: 'Dynamic Filters', values: ['i<=9'] }] };
    expect(factor(op('SEQ_SCAN', { rows: 10, estimatedRows: 10_000, cpuMs: 1, ...dynamic }))).toBeUndefined();
    expect(factor(op('DELIM_SCAN', { rows: 0, estimatedRows: 10_000, cpuMs: 0 }))).toBeUndefined();
    expect(readFacts(recordedPlan('correlated', 'measured')).nodes.filter(({ operator }) => operator.kind === 'DELIM_SCAN')).toMatchObject([
      { misestimate: undefined },
    ]);
  });
});

it('takes plans of thousands of operators', () => {
  const operators = Array.from({ length: 20_000 }, (_, index) => op('PROJECTION', { cpuMs: 1, ...(index > 0 && { parent: index - 1 }) }));
  expect(readFacts(madePlan(operators)).nodes.at(-1)).toMatchObject({ depth: 19_999 });
});
