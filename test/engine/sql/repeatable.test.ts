import { describe, expect, it } from 'vitest';
import { isRepeatable, queryIn } from '../../../engine/sql/repeatable.ts';
import { splitStatements } from '../../../engine/sql/splitStatements.ts';

describe('statements that make something anew from what they read', () => {
  it.each<[string, string | undefined]>([
    ['create table t as select 1', 'select 1'],
    ["create or replace temp table t as from 'a.csv'", "from 'a.csv'"],
    ['create table if not exists t (a) as (select b as c from d)', '(select b as c from d)'],
    ['create table "as" as select 1 as "as"', 'select 1 as "as"'],
    ["copy (select (1) from t) to 'out.parquet'", 'select (1) from t'],
    ["copy t to 'out.csv'", undefined],
  ])('%s', (script, query) => {
    const [statement] = splitStatements(script);
    expect(statement && isRepeatable(statement, script)).toBe(true);
    expect(statement && queryIn(statement, script)).toBe(query);
  });

  it.each(["copy t from 'in.csv'", 'create table t(a int)', 'create view v as select 1', 'insert into t select 1', 'select 1 as table'])(
    'not %s',
    (script) => {
      const [statement] = splitStatements(script);
      expect(statement && isRepeatable(statement, script)).toBe(false);
    },
  );
});
