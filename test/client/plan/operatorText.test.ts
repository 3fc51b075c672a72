import { expect, it } from 'vitest';
import { operatorName, operatorSubject, rowsText, scanFilters, spokenText } from '../../../client/plan/operatorText.ts';
import { readFacts } from '../../../client/plan/planFacts.ts';
import { roughCount } from '../../../client/plan/roughCount.ts';
import { recordedPlan } from '../../support/recordedPlan.ts';

function textOf(name: string, kind: string): [string, string] {
  const operator = recordedPlan(name, 'measured').operators.find((known) => known.kind === kind);
  if (operator === undefined) throw new Error(`No ${kind} in ${name}.`);
  return [operatorName(operator), operatorSubject(operator)];
}

it.each([
  ['join', 'HASH_JOIN', 'Hash join', 'customer = id'],
  ['leftJoin', 'HASH_JOIN', 'Hash join', 'left on customer = id'],
  ['join', 'SEQ_SCAN', 'Table scan', 'orders'],
  ['join', 'TOP_N', 'Top N', '3 by sum(o.amount) DESC'],
  ['parquet', 'PARQUET_SCAN', 'Parquet scan', 'orders.parquet'],
  ['csv', 'READ_CSV_AUTO', 'CSV scan', 'customers.csv'],
  ['inequalityJoin', 'IE_JOIN', 'Inequality join', 'id < id AND country > country'],
  ['crossProduct', 'CROSS_PRODUCT', 'Cross product', 'every row with every row'],
  ['rollup', 'HASH_GROUP_BY', 'Group by (hash)', '#0: count(DISTINCT #1), sum(#2) FILTER (WHERE #2) Filter: #2'],
  ['window', 'WINDOW', 'Window', 'ROW_NUMBER() OVER (PARTITION BY customer ORDER BY amount ASC NULLS LAST)'],
  ['recursiveCte', 'REC_CTE', 'Recursive CTE', 'r'],
  ['delete', 'DELETE', 'Delete', ''],
  ['csv', 'FILTER', 'Filter', '(country = 2)'],
])('%s: %s', (name, kind, title, subject) => {
  expect(textOf(name, kind)).toEqual([title, subject]);
});

it('says in words what DuckDB does for itself', () => {
  expect(textOf('materializedCte', 'PROJECTION')[1]).toBe('gives columns their types back');
});

it('names a table with the schema that is not the usual one, and an operator that is new by DuckDB’s name', () => {
  const table = (name: string) => operatorSubject({ kind: 'SEQ_SCAN', details: [{ name: 'Table', values: [name] }] });
  expect(table('shop.sales.orders')).toBe('sales.orders');
  expect(table('memory.main."my ""own"". table"')).toBe('"my ""own"". table"');
  expect(operatorName({ kind: 'BRAND_NEW_SCAN', details: [] })).toBe('Brand new scan');
});

it('tells filters, rows and all of it together', () => {
  const facts = readFacts(recordedPlan('parquet', 'measured'));
  const scan = facts.nodes.find(({ operator }) => operator.kind === 'PARQUET_SCAN');
  if (scan === undefined) throw new Error('No scan.');
  expect(scanFilters(scan.operator)).toBe("id<100 AND note>='note 1' AND note<'note 2'");
  expect(rowsText(scan.operator)).toBe('11 rows · 4,000 expected');
  expect(spokenText(scan, true)).toMatch(
    /^Parquet scan, orders\.parquet, where id<100 AND .*, 11 rows · 4,000 expected, 364 times fewer rows than expected, \d+ % · .* ms, takes most time, on the hot path$/,
  );
});

it.each([
  [0, '0'],
  [99_994, '99,994'],
  [1_234_567, '1.23 million'],
  [999_999_999, '1 billion'],
  [12e9, '12 billion'],
  [2.5e12, '2.5 trillion'],
  [1e18, '10^18'],
])('%d is roughly %s', (count, text) => {
  expect(roughCount(count)).toBe(text);
});
