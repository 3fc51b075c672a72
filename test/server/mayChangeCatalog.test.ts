import { describe, expect, it } from 'vitest';
import { mayChangeCatalog } from '../../server/mayChangeCatalog.ts';

describe('mayChangeCatalog', () => {
  it.each([
    'create table t(a int)',
    'select 1; drop view v',
    'with x as (select 1) insert into t from x',
    'insert into t values (1)',
    "copy t from 'a.csv'",
    'copy from database a to b',
    "attach 'x.duckdb'",
    'detach x',
    'alter table t rename to u',
    "comment on table t is 'x'",
    'commit',
    'rollback',
    'explain analyze create table t(a int)',
    'execute p',
    'what is this',
    `select '${'x'.repeat(300_000)}'`,
  ])('is true for %.60s', (sql) => {
    expect(mayChangeCatalog(sql)).toBe(true);
  });

  it.each([
    '',
    '-- create table t(a int)',
    'select 1',
    "from 'a.csv' limit 200",
    'summarize t',
    'begin',
    'set threads = 2',
    'use s',
    'explain create table t(a int)',
    "copy t to 'a.csv'",
    'prepare p as create table t(a int)',
  ])('is false for %s', (sql) => {
    expect(mayChangeCatalog(sql)).toBe(false);
  });
});
