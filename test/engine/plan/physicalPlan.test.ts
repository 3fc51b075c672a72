import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { largestEstimate, readPhysicalPlan } from '../../../engine/plan/physicalPlan.ts';
import type { Plan, PlanOperator } from '../../../engine/types.ts';

/** What DuckDB 1.5 gave for statements of many shapes, white space left out. */
const recorded: Readonly<Record<string, { readonly sql: string; readonly estimated: string; readonly measured: string }>> = JSON.parse(
  readFileSync('test/fixtures/plans.json', 'utf8'),
);

function planOf(name: string, kind: 'estimated' | 'measured'): Plan {
  const plan = readPhysicalPlan(recorded[name]?.[kind] ?? '');
  if (plan === undefined) throw new Error(`There is no plan in ${name}.`);
  return plan;
}

function find(plan: Plan, kind: string): PlanOperator {
  const found = plan.operators.find((operator) => operator.kind === kind);
  if (found === undefined) throw new Error(`There is no ${kind}.`);
  return found;
}

function detail(operator: PlanOperator, name: string): readonly string[] | undefined {
  return operator.details.find((known) => known.name === name)?.values;
}

/** `HASH_JOIN(SEQ_SCAN SEQ_SCAN)` */
function shape(plan: Plan, parent?: number): string {
  const inputs = plan.operators.flatMap((operator, index) => (operator.parent === parent ? [{ operator, index }] : []));
  return inputs.map(({ operator, index }) => `${operator.kind}(${shape(plan, index)})`.replace('()', '')).join(' ');
}

describe('every recorded plan', () => {
  it.each(Object.keys(recorded).filter((name) => name !== 'values'))('%s: the same operators with and without measures', (name) => {
    const [estimated, measured] = [planOf(name, 'estimated'), planOf(name, 'measured')];
    expect(estimated).toMatchObject({ analyzed: false });
    expect(estimated.totals).toBeUndefined();
    expect(measured.analyzed).toBe(true);
    expect(shape(measured)).toBe(shape(estimated));
    expect(measured.totals?.elapsedMs).toBeGreaterThan(0);
    for (const { rows, cpuMs, kind } of measured.operators) {
      expect(kind).toMatch(/^[A-Z_]+$/);
      expect(rows).toBeGreaterThanOrEqual(0);
      expect(cpuMs).toBeGreaterThanOrEqual(0);
    }
    for (const [index, { parent = -1 }] of measured.operators.entries()) expect(parent).toBeLessThan(index);
    const spent = measured.operators.reduce((sum, { cpuMs = 0 }) => sum + cpuMs, 0);
    expect(spent).toBeLessThanOrEqual((measured.totals?.cpuMs ?? 0) * 1.01);
    expect(JSON.parse(measured.json)).toEqual(JSON.parse(recorded[name]?.measured ?? ''));
  });
});

it('has nothing to read where DuckDB measured nothing', () => {
  expect(planOf('values', 'estimated').operators).toMatchObject([{ kind: 'COLUMN_DATA_SCAN', estimatedRows: 2 }]);
  expect(readPhysicalPlan(recorded['values']?.measured ?? '')).toBeUndefined();
});

it('reads joins with their conditions, inputs in order', () => {
  const plan = planOf('join', 'measured');
  const join = find(plan, 'HASH_JOIN');
  expect(detail(join, 'Conditions')).toEqual(['customer = id']);
  expect(detail(join, 'Join Type')).toEqual(['INNER']);
  const tables = plan.operators.flatMap((operator) => (operator.kind === 'SEQ_SCAN' ? (detail(operator, 'Table') ?? []) : []));
  expect(tables).toEqual(['memory.main.orders', 'memory.main.customers']);
  expect(detail(find(plan, 'TOP_N'), 'Top')).toEqual(['3']);
  expect(plan.operators.some(({ details }) => details.some(({ name }) => name === 'Estimated Cardinality'))).toBe(false);
});

it('reads the files, filters and projections of scans', () => {
  const parquet = find(planOf('parquet', 'measured'), 'PARQUET_SCAN');
  expect(detail(parquet, 'Files')).toEqual(['orders.parquet']);
  expect(detail(parquet, 'Filters')).toEqual(['id<100', "note>='note 1' AND note<'note 2'"]);
  expect(parquet).toMatchObject({ rows: 11, estimatedRows: 4000 });
  const hive = find(planOf('hive', 'estimated'), 'PARQUET_SCAN');
  expect(detail(hive, 'Scanning Files')).toEqual(['1/7']);
  expect(detail(hive, 'Projections')).toBeUndefined();
});

it('knows how deep a recursive and a correlated query is', () => {
  expect(shape(planOf('recursiveCte', 'estimated'))).toContain('REC_CTE(PROJECTION(DUMMY_SCAN) PROJECTION(FILTER(REC_CTE_SCAN)))');
  expect(shape(planOf('correlated', 'estimated'))).toMatch(/DELIM_JOIN\(.*DELIM_SCAN/);
});

it('tells what was spilled and what memory was taken', () => {
  const { totals } = planOf('spill', 'measured');
  expect(totals?.spillBytes).toBeGreaterThan(100_000_000);
  expect(totals?.peakMemoryBytes).toBeGreaterThan(10_000_000);
  expect(totals?.cpuMs).toBeGreaterThan(totals?.elapsedMs ?? 0);
});

it('derives estimates that DuckDB does not give', () => {
  const cross = planOf('crossProduct', 'estimated');
  expect(find(cross, 'CROSS_PRODUCT')).toMatchObject({ estimatedRows: 1_000_000, estimateIsDerived: true });
  expect(largestEstimate(cross)?.kind).toBe('CROSS_PRODUCT');
  expect(find(planOf('topN', 'estimated'), 'TOP_N').estimatedRows).toBe(5);
  expect(find(planOf('window', 'estimated'), 'WINDOW').estimatedRows).toBe(20_000);
  expect(find(planOf('spill', 'estimated'), 'ORDER_BY').estimatedRows).toBe(3_000_000);
  expect(find(planOf('limit', 'estimated'), 'STREAMING_LIMIT').estimatedRows).toBeUndefined();
});

it('keeps a number that DuckDB writes as more than a number can be apart', () => {
  const plan = readPhysicalPlan('[{"name":"X","children":[],"extra_info":{"Estimated Cardinality":"18446744073709551615"}}]');
  expect(plan?.operators).toMatchObject([{ kind: 'X', estimatedRows: 2 ** 64 }]);
});

it('cuts long details and counts what it leaves out', () => {
  const values = Array.from({ length: 250 }, (_, index) => `c${index}`);
  const node = { name: 'FILTER', children: [], extra_info: { Expression: 'x'.repeat(5000), Projections: values, Text: 'a\n b ' } };
  const [filter] = readPhysicalPlan(JSON.stringify([node]))?.operators ?? [];
  expect(filter?.details.map(({ name, values: kept }) => [name, kept.length])).toEqual([
    ['Expression', 1],
    ['Projections', 101],
    ['Text', 2],
  ]);
  expect(filter?.details[0]?.values[0]).toHaveLength(2001);
  expect(filter?.details[1]?.values.at(-1)).toBe('… and 150 more');
});

it.each(['', 'no plan', '[]', '{}', '{"children":[{"operator_name":"EXPLAIN_ANALYZE","children":[]}]}', '7', 'null'])(
  'finds no plan in %s',
  (text) => {
    expect(readPhysicalPlan(text)).toBeUndefined();
  },
);

it('reads plans of any depth', () => {
  const scan = '{"name":"SEQ_SCAN","children":[],"extra_info":{"Estimated Cardinality":"7"}}';
  const text = `[${'{"name":"PROJECTION","extra_info":{},"children":['.repeat(5000)}${scan}${']}'.repeat(5000)}]`;
  const plan = readPhysicalPlan(text);
  expect(plan?.operators).toHaveLength(5001);
  expect(plan?.operators[0]).toMatchObject({ estimatedRows: 7, estimateIsDerived: true });
});
