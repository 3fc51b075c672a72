import { expect, it } from 'vitest';
import { changesSession } from '../../../engine/sql/changesSession.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

const judge = (script: string) => splitStatements(script).map((statement) => changesSession(statement, script));

it.each([
  'select 1',
  '(select 1) union select 2',
  'with a as (select 1) from a',
  'insert into t values (1)',
  'create table t (i int)',
  'create or replace view v as select 1',
  'drop table t',
  'begin',
  'commit',
])('leaves the connection as it was: %s', (sql) => expect(judge(sql)).toEqual([false]));

it.each([
  "set timezone = 'UTC'",
  'use other',
  'reset all',
  'pragma enable_profiling',
  "attach 'a.db'",
  'prepare p as select 1',
  'execute p',
  'create temp table t (i int)',
  'create or replace temporary macro f() as 1',
  'create table "temp".t (i int)',
  'call something()',
  'load icu',
  'pivot t on a',
])('may change the connection: %s', (sql) => expect(judge(sql)).toEqual([true]));

it('judges each statement of a script', () => {
  expect(judge('select 1; set x = 1; select 2')).toEqual([false, true, false]);
});
