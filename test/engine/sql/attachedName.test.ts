import { expect, it } from 'vitest';
import { attachedName } from '../../../engine/sql/attachedName.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

function check(sql: string, name: string | undefined) {
  const [statement] = splitStatements(sql);
  if (!statement) throw new Error(sql);
  expect(attachedName(statement, sql)).toBe(name);
}

it.each([
  ["attach 'a.duckdb' as Shop", 'shop'],
  ["attach if not exists database 'x/y/Sales.2024.duckdb' (read_only)", 'sales.2024'],
  ["attach ':memory:'", 'memory'],
  ['attach \':memory:\' as "My DB"', 'my db'],
  ["attach 'md:cloud'", undefined],
  ["attach 'postgres://host/db'", undefined],
  ["attach 'dbname=x' as pg (type postgres)", 'pg'],
  ['detach database if exists Shop', 'shop'],
  ['detach', undefined],
])('%s', check);
