import { expect, it } from 'vitest';
import { tokenize } from '../../../engine/sql/lexer.ts';
import { syntaxExpectation } from '../../../server/language/syntaxExpectation.ts';
import { duckdbGrammar } from '../../support/duckdbGrammar.ts';

it.each<[marked: string, expected: string | undefined]>([
  ['select * from t order |name', 'BY'],
  ['insert |customers values (1)', 'OR or INTO'],
  ['select * from |where x = 1', 'a table, VALUES, LATERAL or ('],
  ['update t |where x = 1', 'a name, SET or AS'],
  ['delete |customers', 'FROM'],
  ['select * from t where |group by x', 'an expression'],
  ['create index on t |a', 'USING, WITH, WHERE or ('],
  ['|selct 1', undefined],
  ['alter table t add column a int |foo bar', undefined],
  ['select case when 1 then 2 |from t', 'WHEN, ELSE or END'],
  ['comment on |x', undefined],
  ['select * from t limit 1 |where x', 'PERCENT or OFFSET'],
  ['create table t (a int primary |)', 'KEY'],
])('%s', async (marked, expected) => {
  const offset = marked.indexOf('|');
  const sql = marked.replace('|', '');
  expect(syntaxExpectation(await duckdbGrammar(), sql, tokenize(sql), offset)).toBe(expected);
});
