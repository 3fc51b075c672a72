import { expect, it } from 'vitest';
import { dynamicPivots } from '../../../engine/sql/dynamicPivots.ts';
import { withReplacements } from '../../../engine/sql/nameRepairs.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

function check(sql: string, expected: string | undefined) {
  const [statement] = splitStatements(sql);
  const found = statement && dynamicPivots(statement, sql);
  const pieces = found?.flatMap((pivot) => pivot.pieces);
  expect(statement && pieces && withReplacements(statement, pieces).text).toBe(expected);
}

it.each([
  ['select 1', 'select 1'],
  ["pivot t on a in ('x') using sum(b)", "pivot t on a in ('x') using sum(b)"],
  ['pivot t on a using sum(b)', "pivot t on a in ('') using sum(b)"],
  ['pivot t on a', "pivot t on a in ('')"],
  ['pivot (from t) on year(d), a group by b', "pivot (from t) on year(d) in (''), a in ('') group by b"],
  ['pivot t on a in (select distinct a from t) using sum(b)', "pivot t on a in ('') using sum(b)"],
  ['with p as (pivot t on a using sum(b)) from p', "with p as (pivot t on a in ('') using sum(b)) from p"],
  ['pivot t on a || b using sum(c)', undefined],
  ['unpivot t on a, b', 'unpivot t on a, b'],
  ['pivot t', 'pivot t'],
])('%s', check);
