import { expect, it } from 'vitest';
import { explainedStatement } from '../../../engine/sql/explainedStatement.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

function explained(script: string, index = 0) {
  const statement = splitStatements(script)[index];
  const found = statement && explainedStatement(statement, script);
  return found && { analyze: found.analyze, format: found.format, inner: found.inner.text, offset: found.offset };
}

it.each([
  ['explain select 1', false, undefined, 'select 1'],
  ['EXPLAIN ANALYZE delete from t', true, undefined, 'delete from t'],
  ['explain analyse select 1', true, undefined, 'select 1'],
  ['explain analyze verbose select 1', true, undefined, 'select 1'],
  ['explain (format json) select 1', false, 'json', 'select 1'],
  ["explain (analyze, format 'JSON') select 1", true, 'json', 'select 1'],
  ['explain (analyze) (select 1)', true, undefined, '(select 1)'],
  ['explain (select analyze from t)', false, undefined, '(select analyze from t)'],
  ['explain /* analyze */ select 1 -- end', false, undefined, 'select 1'],
  ['explain select analyze from t', false, undefined, 'select analyze from t'],
])('%s', (script, analyze, format, inner) => {
  expect(explained(script)).toEqual({ analyze, format, inner, offset: script.indexOf(inner) });
});

it.each(['select 1', 'explain', 'explain analyze', '"explain" select 1', 'explain (analyze'])('finds nothing in %s', (script) => {
  expect(explained(script)).toBeUndefined();
});

it('gives tokens of the inner statement and its place in the script', () => {
  const script = 'select 1; explain analyze update t set a = 1;';
  expect(explained(script, 1)).toMatchObject({ inner: 'update t set a = 1', offset: 26 });
});
