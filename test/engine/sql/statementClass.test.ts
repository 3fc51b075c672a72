import { describe, expect, it } from 'vitest';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';
import {
  actsWhenPlanned,
  callsOnly,
  classifyStatement,
  copiesToFile,
  targetProbe,
  transactionStep,
} from '../../../engine/sql/statementClass.ts';

function only(sql: string) {
  const [statement] = splitStatements(sql);
  if (!statement) throw new Error('no statement');
  return statement;
}

it.each([
  ['select 1', 'query'],
  ['/* x */ (select 1)', 'query'],
  ['FROM t', 'query'],
  ['with a as (select 1) insert into t from a', 'change'],
  ['with a as (select 1 "delete") select (select max(update) from t) from a', 'query'],
  ['describe t', 'query'],
  ['pivot t on a', 'query'],
  ['insert into t values (1)', 'change'],
  ['Create Or Replace View v as from t', 'change'],
  ["copy t to 'a.csv'", 'change'],
  ['set variable x = 1', 'change'],
  ['begin transaction', 'begin'],
  ['start transaction', 'begin'],
  ['commit', 'end'],
  ['rollback', 'end'],
  ["set TimeZone = 'UTC'", 'setting'],
  ['reset threads', 'setting'],
  ['use m', 'setting'],
  ['explain select 1', 'inert'],
  ['explain analyze delete from t', 'other'],
  ['explain (analyze, format json) delete from t', 'other'],
  ['prepare p as insert into t values (1)', 'inert'],
  ['execute p', 'other'],
  ["pragma table_info('t')", 'inert'],
  ["pragma default_collation = 'nocase'", 'other'],
  ['pragma force_checkpoint', 'other'],
  ['checkpoint', 'other'],
  ["attach 'x.duckdb'", 'other'],
  ['call dbgen(sf = 1)', 'other'],
  ["import database 'x'", 'other'],
  ['load json', 'other'],
])('%s is a %s', (sql, expected) => {
  expect(classifyStatement(only(sql), sql)).toBe(expected);
});

it.each([
  ['begin', 'begin'],
  ['/* x */ START TRANSACTION', 'begin'],
  ['commit', 'end'],
  ['abort', 'end'],
  ['explain analyze begin', 'begin'],
  ['explain (analyze, format json) begin', 'begin'],
  ['explain analyze verbose rollback', 'end'],
  ['explain begin', undefined],
  ['explain analyze select case when true then 1 end', undefined],
  ['select 1', undefined],
])('%s does to the transaction: %s', (sql, expected) => {
  expect(transactionStep(only(sql), sql)).toBe(expected);
});

describe('calls of a text', () => {
  const known = new Set(['sum', 'lower']);
  it.each([
    ['select sum(a), lower(b) from t where a in (1, 2)', true],
    ['select cast(a as decimal(9, 2)), exists (select 1) from (values (1)) v', true],
    ["from read_csv('a.csv')", true],
    ['select my_macro(a) from t', false],
    ['from dbgen(sf = 1)', false],
    ['select "sum"(a) from t', false],
    ['insert into t(a) values (1)', false],
    ['select sum from t', true],
  ])('%s: all known? %s', (sql, expected) => {
    expect(callsOnly(only(sql), sql, known)).toBe(expected);
  });
});

it.each([
  ["from range(nextval('s'))", true],
  ['select * from t join generate_series(1, (random() * 5)::int) on true', true],
  ["select nextval('s')", false],
  ["insert into t values (nextval('s'))", false],
  ["select nextval('s') from range(3)", false],
  ['from range(5)', false],
])('%s acts when it is planned: %s', (sql, expected) => {
  expect(actsWhenPlanned(only(sql), sql)).toBe(expected);
});

it.each([
  ["create table t as from 'a.csv'", 'create table t as select 1'],
  ['create or replace temp table "my t" as from \'a.csv\'', 'create or replace temp table "my t" as select 1'],
  ["insert into s.t from 'a.csv'", 'delete from s.t'],
  ["insert or replace into t (a, b) by name from 'a.csv'", 'delete from t'],
  ["copy a.b.c from 'a.csv' (header)", 'delete from a.b.c'],
  ["copy t (a, b) from 'a.csv'", 'delete from t'],
  ["copy t to 'a.csv'", undefined],
  ['create view v as select 1', undefined],
  ['select 1', undefined],
])('the table that %s writes is that of %s', (sql, expected) => {
  expect(targetProbe(only(sql), sql)).toBe(expected);
});

it.each([
  ["copy t to 'a.csv'", true],
  ["copy (from 'b.csv') to 'a.csv' (header)", true],
  ["copy t from 'a.csv'", false],
  ['copy from database a to b', false],
])('%s copies to a file: %s', (sql, expected) => {
  expect(copiesToFile(only(sql), sql)).toBe(expected);
});
