import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeError } from '../../../engine/sql/errorPlaces.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

/** `«»` is around what is to be marked; DuckDB's place is the first of `at`, where it gives one. */
function checkPlace(marked: string, message: string, at?: string): void {
  const sql = marked.replace(/[«»]/g, '');
  const [statement] = splitStatements(sql);
  if (!statement) throw new Error('There is no statement.');
  const { start, end } = placeError(message, at === undefined ? undefined : sql.indexOf(at), statement, sql);
  expect(`${sql.slice(0, start)}«${sql.slice(start, end)}»${sql.slice(end)}`).toBe(marked);
}

it.each<[string, string, string?]>([
  ['select a.b.«c» from t a', 'Binder Error: Table "a" does not have a column named "c"', 'a.b.c'],
  ['select «a».c from t', 'Binder Error: Referenced table "a" not found!', 'a.c'],
  ['from «nope».t', 'Catalog Error: Table with name "nope.t" does not exist because schema "nope" does not exist.', 'nope.t'],
  ['from s.«t»', 'Catalog Error: Table with name t does not exist!', 's.t'],
  ["from read_csv(«'x.csv'»)", 'IO Error: No files found that match the pattern "x.csv"', 'read_csv'],
  ["from read_csv('x', «nope» = 1)", 'Binder Error: Invalid named parameter "nope" for function read_csv', 'read_csv'],
  ["select «'abc'::int»", "Conversion Error: Could not convert string 'abc' to INT32", '::int'],
  ['select a.«f»(1)', 'Catalog Error: Scalar Function with name f does not exist!', 'a.f'],
  ['select 1 «+»', 'Parser Error: syntax error at end of input', '+'],
  ["select «'abc»\nfrom t", 'Parser Error: unterminated quoted string', "'abc"],
  ['insert into t (a, «b») values (1, 2)', 'Binder Error: Table "t" does not have a column with name "b"'],
  ['with x as (select 1), «x» as (select 2) from x', 'Parser Error: Duplicate CTE name "x"'],
  ['from t a join u «a» on true', 'Binder Error: Ambiguous reference to table "a" (duplicate alias "a")'],
  ['create table t (a int, «A» int)', 'Catalog Error: Column with name A already exists!'],
  ['values (1, 2), «(3)»', 'Parser Error: VALUES lists must all be the same length'],
  ['select 1, 2 union «select 3»', 'Binder Error: Set operations can only apply to expressions with the same number of result columns'],
  ['insert into t values (1) on conflict («b») do nothing', 'Binder Error: The specified columns as conflict target are not referenced'],
  ['«vacuum» t', 'Binder Error: something else'],
])('%s', (marked, message, at) => checkPlace(marked, message, at));

it('always gives a piece of the statement', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('select', 'a', '.', '(', ')', ',', "'x", '"q"', 'from', '::', 'values', 'with', 'as', '\n', ' '), {
        minLength: 1,
      }),
      fc.constantFrom('Parser Error: x', 'Binder Error: "a" x', 'Parser Error: Duplicate CTE name "a"', 'all be the same length'),
      fc.option(fc.nat(40), { nil: undefined }),
      (words, message, offset) => {
        const sql = words.join(' ');
        for (const statement of splitStatements(sql)) {
          const { start, end } = placeError(message, offset === undefined ? undefined : statement.start + offset, statement, sql);
          expect(start).toBeGreaterThanOrEqual(statement.start);
          expect(end).toBeGreaterThan(start);
          expect(start).toBeLessThan(Math.max(statement.end, statement.start + 1));
        }
      },
    ),
  );
});
