import { expect, it } from 'vitest';
import { definedName } from '../../../engine/sql/definedName.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

it.each<[string, string | undefined]>([
  ['create view Daily as select 1', 'daily'],
  ['create or replace temp view shop.main."My View" as select 1', 'my view'],
  ['create macro if not exists add(a, b) as a + b', 'add'],
  ["create type mood as enum ('view')", 'mood'],
  ['drop view if exists v', 'v'],
  ['alter view v rename to w', 'v'],
  ['create sequence s', 's'],
  ['set variable "Region" = 1', 'region'],
  ['set threads = 1', undefined],
  ['create table t as select 1', undefined],
  ['insert into view_of_it select 1', undefined],
  ['select 1', undefined],
])('%s', (script, name) => {
  const [statement] = splitStatements(script);
  expect(statement && definedName(statement, script)).toBe(name);
});
