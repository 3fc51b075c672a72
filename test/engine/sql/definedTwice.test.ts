import { expect, it } from 'vitest';
import { DefinedTwice } from '../../../engine/sql/definedTwice.ts';
import { settingName } from '../../../engine/sql/settingName.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';
import { namesWrittenFile, writtenPath } from '../../../engine/sql/writtenFiles.ts';

it.each([
  ['create table t (a int); create table t (b int)', 't'],
  ['create table t (a int); create view T as select 1', 'T'],
  ['create type e as enum (); create type e as enum ()', 'e'],
  ['create table t (a int); create temp table t (a int)', undefined],
  ['create table t (a int); create table s.t (a int)', undefined],
  ['create table t (a int); create table if not exists t (a int)', undefined],
  ['create table t (a int); create or replace table t (a int)', undefined],
  ['create table t (a int); drop table main.t; create table t (a int)', undefined],
  ['create table t (a int); alter table t rename to u; create table t (a int)', undefined],
  ['begin; create table t (a int); rollback; create table t (a int)', undefined],
  ['create table t (a int); create macro t(a) as a', undefined],
])('%s', (sql, expected) => {
  const twice = new DefinedTwice();
  const found = splitStatements(sql).flatMap((statement) => twice.add(statement, sql) ?? []);
  expect(found.map(({ start, end }) => sql.slice(start, end))).toEqual(expected === undefined ? [] : [expected]);
});

it.each([
  ['set threads = 1', 'setting threads'],
  ['set session threads to 1', 'setting threads'],
  ['reset "threads"', 'setting "threads"'],
  ['pragma memory_limit = 1', 'setting memory_limit'],
  ["pragma table_info('t')", 'pragma table_info'],
  ['set variable x = 1', undefined],
  ['set schema = x', undefined],
  ['select threads', undefined],
])('%s names a setting', (sql, expected) => {
  const [statement] = splitStatements(sql);
  const found = statement && settingName(statement, sql);
  expect(found && `${found.kind} ${sql.slice(found.token.start, found.token.end)}`).toBe(expected);
});

it.each([
  ["copy t to 'a.csv'", "from 'a.csv'", true],
  ["copy t to 'out'", "from 'out/*.parquet'", true],
  ["copy t to 'out/a.parquet'", "from 'out/*.parquet'", true],
  ["export database 'd'", 'from "d/t.csv"', true],
  ["copy t to 'a.csv'", "from 'b.csv'", false],
  ["copy t from 'a.csv'", "from 'a.csv'", false],
])('%s: %s', (writing, reading, expected) => {
  const [writer] = splitStatements(writing);
  const [reader] = splitStatements(reading);
  const path = writer && writtenPath(writer, writing);
  expect(reader && namesWrittenFile(reader, reading, path === undefined ? [] : [path])).toBe(expected);
});
