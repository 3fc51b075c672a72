import { expect, it } from 'vitest';
import { unusedCtes } from '../../../engine/sql/unusedCtes.ts';

it.each([
  ['with a as (select 1) select * from a', []],
  ['with a as (select 1), b as (select * from a) select 2', ['a as (select 1)', 'b as (select * from a)']],
  ['with a as (select 1), b as (select * from a) select * from b', []],
  ['with a as (with b as (select 1) select * from b) select * from a', []],
  ['with a as (with b as (select 1) select 2) select * from a', ['b as (select 1)']],
  ['with recursive r as (select 1 union all select * from r) select 3', ['r as (select 1 union all select * from r)']],
  ['with a as (select 1) insert into t select * from (select * from a)', []],
  ['with a as (select 1) select (select max(x) from a)', []],
  ['with \'a b\' as (select 1) select * from "a b"', []],
  ["with 'a' as (select 1) select 2", ["'a' as (select 1)"]],
  ['select 1', []],
])('%s', (text, expected) => {
  expect(unusedCtes(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected);
});
