import { expect, it } from 'vitest';
import { planTarget, writingWord } from '../../../client/results/planTarget.ts';

it('is the statement at the cursor', () => {
  expect(planTarget('select 1; delete from t', 3, 'explain')).toEqual({ sql: 'select 1', offset: 0, plan: 'explain' });
  expect(planTarget('-- nothing', 3, 'explain')).toBeUndefined();
});

it('is the last one that has a plan where there is no cursor', () => {
  expect(planTarget('select 1; select 2; set threads = 1; .timer on', undefined, 'profile')).toEqual({
    sql: 'select 2',
    offset: 10,
    plan: 'profile',
  });
  expect(planTarget('explain select 2; begin', undefined, 'explain')?.sql).toBe('explain select 2');
  expect(planTarget('begin; commit', undefined, 'explain')?.sql).toBe('commit');
  expect(planTarget('', undefined, 'explain')).toBeUndefined();
});

it.each([
  ['select 1', undefined],
  ['with a as (select 1) from a', undefined],
  ['explain select 1', undefined],
  ['delete from t', 'DELETE'],
  ['explain analyze insert into t select 1', 'INSERT'],
  ['with a as (select 1) insert into t from a', 'WITH'],
  ["copy t to 'x.csv'", 'COPY'],
  ['-- hello\ncreate table t as select 1', 'CREATE'],
])('%s is asked about as %s', (sql, word) => {
  expect(writingWord(sql)).toBe(word);
});
