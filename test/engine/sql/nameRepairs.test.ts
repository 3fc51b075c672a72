import { expect, it } from 'vitest';
import { isExplained, isStillTrue, repairName, withReplacements } from '../../../engine/sql/nameRepairs.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

const MISSING = 'Binder Error: Referenced column "nope" not found in FROM clause!';

function repaired(sql: string, message: string, at: string): string | undefined {
  const [statement] = splitStatements(sql);
  if (!statement) throw new Error('There is no statement.');
  const repair = repairName(message, sql.indexOf(at), statement, sql);
  return repair && withReplacements(statement, [repair]).text;
}

it.each([
  ['select nope, b from t', MISSING, 'nope', 'select null as nope, b from t'],
  ['select x.nope from t', MISSING, 'x.nope', 'select null as nope from t'],
  ['select f(nope) from t', MISSING, 'nope', 'select f(null) from t'],
  ['select nope.upper() from t', MISSING, 'nope', 'select null.upper() from t'],
  ['select a from nope', 'Catalog Error: Table with name nope does not exist!', 'nope', 'select a from (select null as "?") as nope'],
  ['select a from s.nope n', 'Catalog Error: Table with name nope does not exist!', 's.nope', 'select a from (select null as "?") n'],
  ['delete from nope', 'Catalog Error: Table with name nope does not exist!', 'nope', undefined],
  ['select 1 +', 'Parser Error: syntax error at end of input', '+', undefined],
])('%s', (sql, message, at, expected) => expect(repaired(sql, message, at)).toBe(expected));

it('knows where its offsets stand in what was written', () => {
  const sql = 'select aa, bb from cc';
  const [statement] = splitStatements(sql);
  if (!statement) throw new Error('There is no statement.');
  const { text, toScript } = withReplacements(statement, [
    { start: 7, end: 9, text: 'null' },
    { start: 11, end: 13, text: 'x' },
  ]);
  expect(text).toBe('select null, x from cc');
  expect([text.indexOf('select'), text.indexOf('null'), text.indexOf('x'), text.indexOf('cc')].map(toScript)).toEqual([0, 7, 11, 19]);
});

it('believes of a repaired statement what the repair cannot explain', () => {
  expect(isExplained(MISSING, ['t'])).toBe(true);
  expect(isExplained('Binder Error: Table "u" does not have a column named "x"', ['t'])).toBe(false);
  expect(isExplained('Binder Error: Table "t" does not have a column named "x"', ['T'])).toBe(true);
  expect(isStillTrue('Binder Error: No function matches', [MISSING])).toBe(false);
  expect(isStillTrue('Binder Error: column "a" must appear in the GROUP BY clause', [MISSING])).toBe(false);
  expect(isStillTrue(MISSING, [MISSING])).toBe(true);
});
