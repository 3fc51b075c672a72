import { expect, it } from 'vitest';
import { DroppedTables } from '../../../engine/sql/droppedTables.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

it.each([
  ['drop table t', 't'],
  ['drop view if exists T cascade; select 1', 't'],
  ['drop table t; create table t (a int)', ''],
  ['drop table t; alter table u rename to t', ''],
  ['create temp table t (a int); drop table t', ''],
  ['drop table s.t', ''],
  ['drop table t; rollback', ''],
  ['drop type t', ''],
])('%s', (sql, expected) => {
  const dropped = new DroppedTables();
  for (const statement of splitStatements(sql)) dropped.add(statement, sql);
  expect([...dropped.gone].join()).toBe(expected);
});
