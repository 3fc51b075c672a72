import { expect, it } from 'vitest';
import { certainCasts } from '../../../engine/sql/literalCasts.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

function check(sql: string, ...expected: readonly (readonly [string, string])[]) {
  const [statement] = splitStatements(sql);
  if (!statement) throw new Error(sql);
  expect(certainCasts(statement, sql).map(({ start, end, expression }) => [sql.slice(start, end), expression])).toEqual(expected);
}

it('finds casts of strings that are done for certain', () => {
  check("select 'a'::int", ["'a'::int", "'a'::int"]);
  check(
    "select 1 + 'a'::decimal(3, 1), f('b'::\"My Type\"[])",
    ["'a'::decimal(3, 1)", "'a'::decimal(3, 1)"],
    ['\'b\'::"My Type"[]', '\'b\'::"My Type"[]'],
  );
  check("select cast('a' as int) as x", ["'a'", "'a'::int"]);
  check("select interval 'x', interval '3' day", ["interval 'x'", "'x'::interval"]);
  check("select date '2024-13-01', timestamptz 'x'", ["date '2024-13-01'", "'2024-13-01'::date"], ["timestamptz 'x'", "'x'::timestamptz"]);
});

it.each([
  "select 'a'::int from t",
  "select 'a'::int where false",
  "select 'a'::int limit 0",
  "select case when false then 'a'::int end",
  "select try('a'::int), try_cast('a' as int), coalesce(1, 'a'::int)",
  "select true or 'a'::bool",
  "select (select 'a'::int)",
  "select ['a'::int for x in []]",
  "select 'a'::struct(b int), 'a'::timestamp with time zone, 'a'::s.t",
  "create view v as select 'a'::int",
  "explain select 'a'::int",
])('leaves %s alone', (sql) => check(sql));
