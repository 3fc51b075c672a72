import { expect, it } from 'vitest';
import { isTrivial } from '../../../engine/sql/isTrivial.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

const judge = (script: string) => splitStatements(script).map((statement) => isTrivial(statement, script));

it.each(['select 1', "SELECT upper('from')", 'set x = 1', 'begin', 'describe t'])('ends at once: %s', (sql) => {
  expect(judge(sql)).toEqual([true]);
});

it.each([
  'select * from t',
  'from t',
  'select (select max(a) from t)',
  'select sum(i) FROM range(1000000000) t(i)',
  'commit',
  'insert into t values (1)',
])('may take long: %s', (sql) => expect(judge(sql)).toEqual([false]));

it('sees the words of its own statement only', () => {
  expect(judge('select 1; select 2 from t')).toEqual([true, false]);
});
