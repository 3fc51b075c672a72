import { expect, it } from 'vitest';
import { closestNames } from '../../../engine/sql/closestNames.ts';
import { readDefinition } from '../../../engine/sql/definition.ts';
import { maskDotCommands } from '../../../engine/sql/dotCommands.ts';
import { fileReads } from '../../../engine/sql/largeFiles.ts';
import { judgePreparability } from '../../../engine/sql/preparable.ts';
import { type Statement, splitStatements } from '../../../engine/sql/splitStatements.ts';

const FACTS = {
  functions: new Set(['sum', 'lower', 'nextval', 'concat']),
  tableMacros: new Set(['rows_of']),
  tableFunctions: new Set(['enable_logging', 'range']),
  remote: new Set(['far']),
  overFiles: new Set(['from_file']),
};

function first(sql: string): Statement {
  const [statement] = splitStatements(sql);
  if (!statement) throw new Error('There is no statement.');
  return statement;
}

function checkJudgement(sql: string, ask: string, unknown?: string): void {
  const { ask: judged, unknownFunctions = [], unknownTableFunctions = [] } = judgePreparability(first(sql), sql, FACTS);
  const calls = [...unknownFunctions, ...unknownTableFunctions].map(({ start, end }) => sql.slice(start, end));
  expect([judged, calls.join(' ') || undefined]).toEqual([ask, unknown]);
}

it.each<[string, string, string?]>([
  ['select sum(a) from t', 'prepare'],
  ['insert into t (a, b) values (1, 2)', 'prepare'],
  ['with a(x) as (select 1) from a', 'prepare'],
  ["select 'https://example.com'", 'prepare'],
  ["select lower('https://example.com')", 'prepare'],
  ["from 'data/x.parquet'", 'prepare'],
  ['from rows_of(1) r(x)', 'prepare'],
  ['create secret (type s3)', 'parse'],
  ['create or replace temporary secret x (type s3)', 'parse'],
  ["export database 'x'", 'parse'],
  ["explain export database 'x'", 'parse'],
  ["explain import database 'x'", 'nothing'],
  ["import database 'x'", 'nothing'],
  ['pragma tpch(1)', 'nothing'],
  ['install spatial', 'parse'],
  ["attach 'x.db'", 'parse'],
  ['call enable_logging()', 'parse'],
  ['from enable_logging()', 'parse'],
  ["from range(nextval('s'))", 'parse'],
  ["from 'https://example.com/x.csv'", 'parse'],
  ["from a, 's3://bucket/x.parquet'", 'parse'],
  ["from read_csv(['https://example.com/x.csv'])", 'parse'],
  ["from read_csv(concat('https', '://'))", 'parse'],
  ["from read_csv('ht' || 'tps://example.com')", 'parse'],
  ['from "https://example.com/x.csv"', 'parse'],
  ["from 'x.xlsx'", 'parse'],
  ["copy t to 'x' (format xlsx)", 'parse'],
  ["copy t to 's3://bucket/x.csv'", 'parse'],
  ['from far', 'parse'],
  ["with a as (from 'https://host/x.parquet') from a", 'parse'],
  ["select * from (pivot 's3://bucket/x.csv' on a in (1) using sum(b))", 'parse'],
  ['from $$s3://bucket/x.parquet$$', 'parse'],
  ["from 'ht'\n'tps://host/x.parquet'", 'parse'],
  ["from e'\\x68ttps://host/x.parquet'", 'parse'],
  ["select a from t where a in ('https://host') and b = 's3://x'", 'prepare'],
  ['from st_read(1)', 'parse', 'st_read'],
  ['select st_area(g), upr(a) from t', 'parse', 'st_area upr'],
  ['create view v as select upr(a) from t', 'parse', 'upr'],
  ['select x::inet', 'parse'],
  ['select a from t order by a collate de', 'parse'],
  ['select st_area(g) from t', 'parse', 'st_area'],
  ['select x.st_area() from t', 'parse', 'st_area'],
  ['from s.nothere(1)', 'parse', 'nothere'],
  ['insert into s.t (a) select 1', 'prepare'],
  ['select percentile_cont(0.5) within group (order by a) from t', 'prepare'],
  ['selec', 'parse'],
])('%j may be given to DuckDB', checkJudgement);

it.each([
  ["from 'data/x.parquet'", 'parse'],
  ['from x.csv', 'parse'],
  ["from read_csv('x.csv')", 'parse'],
  ["from glob('*')", 'parse'],
  ['from from_file', 'parse'],
  ["copy t from 'x.csv'", 'parse'],
  ["select 'x.csv' from t", 'prepare'],
  ["from t where a in ('x.csv') and lower('x.csv') = 'x.csv'", 'prepare'],
  ["with a as (from 'x.csv') from a", 'parse'],
  ["from (from 'x.csv')", 'parse'],
  ["select exists (from 'x.csv'), a in (from 'x.csv') from t", 'parse'],
  ["from t, 'x.csv'", 'parse'],
  ["pivot 'x.csv' on a", 'parse'],
  ["from (unpivot 'x.csv' on a)", 'parse'],
  ["create type e as enum (from 'x.csv')", 'parse'],
  ['from $$x.csv$$', 'parse'],
])('%j may be given to DuckDB where no file may be opened', (sql, ask) => {
  expect(judgePreparability(first(sql), sql, { ...FACTS, readsFiles: false }).ask).toBe(ask);
});

function checkDefinition(sql: string, expected: string | undefined): void {
  const found = readDefinition(first(sql), sql);
  expect(found && `${found.temporary ? 'temporary ' : ''}${found.kind} ${found.name} ${found.qualifiers}`).toBe(expected);
}

it.each<[string, string | undefined]>([
  ['create table t(a int)', 'table t 0'],
  ['create or replace temp view if not exists a.b."c d" as select 1', 'temporary view c d 2'],
  ['create unique index i on t(a)', 'index i 0'],
  ['create function f() as 1', 'macro f 0'],
  ['create table', undefined],
  ['select 1', undefined],
])('%j defines', checkDefinition);

it('blanks dot commands only where a statement may begin', () => {
  expect(maskDotCommands(".mode 'csv\nselect 1;\n  .tables\nselect a\n.b")).toBe(
    `${' '.repeat(10)}\nselect 1;\n  ${' '.repeat(7)}\nselect a\n.b`,
  );
  expect(maskDotCommands('-- x\n.quit')).toBe(`-- x\n${' '.repeat(5)}`);
});

it('finds the files of a FROM clause', () => {
  const sql = "from 'a/b.csv' join read_csv('c.csv', header = true) x on 'd.csv' = 1, 'e*.csv'";
  expect(fileReads(first(sql), sql).map(({ path, source, alias }) => [path, source, alias])).toEqual([
    ['a/b.csv', "'a/b.csv'", 'b'],
    ['c.csv', "read_csv('c.csv', header = true)", undefined],
  ]);
});

it('proposes names that are near', () => {
  expect(closestNames('uper', ['upper', 'lower', 'super', 'sum'])).toEqual(['super', 'upper']);
  expect(closestNames('xyz', ['upper'])).toEqual([]);
});
