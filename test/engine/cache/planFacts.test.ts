import { expect, it } from 'vitest';
import { withSession } from '../../support/engines.ts';

const KEEP_ALL = { cache: { minCostMs: 0 } };

/** How the second run of a query came to be, after the same set-up. */
async function secondRun(sql: string): Promise<string> {
  return await withSession(async (session) => {
    await session.run('create table t as select range a, range % 7 b from range(1000); create view ids as select rowid r from t');
    (await session.run(sql)).release();
    const again = await session.run(sql);
    again.release();
    return again.provenance.kind === 'proved' ? 'proved' : `${again.provenance.kind}: ${again.provenance.reason}`;
  }, KEEP_ALL);
}

it.each([
  'select count(*) from t',
  'select sum(a), b from t group by b',
  'from t where a > (select avg(a) from t)',
  'with x as (from t) select * from x join t using (a) order by all limit 3',
  'select a, row_number() over (order by a) from t qualify row_number() over (order by a) < 5',
  'from range(5)',
  "from generate_series(date '2024-01-01', date '2024-03-01', interval 1 month)",
  'select list_transform([1, 2], x -> x + 1), {a: 1}, unnest([1, 2])',
  'from t union all from t',
  '(select 1)',
  'values (1), (2)',
  'summarize t',
  'from repeat(1, 3)',
  "from json_each('[1, 2]')",
  'select rowid from t',
  'select r from ids',
  'select count(*) filter (rowid > 3) from t',
])('proves %s', async (sql) => {
  expect(await secondRun(sql)).toBe('proved');
});

it.each([
  ['select random()', 'random()'],
  ['from t using sample 10', 'sample'],
  ['from range(cast(random() * 10 as int))', 'plan'],
  ['from duckdb_tables()', 'duckdb_tables()'],
  ["select current_setting('threads')", 'current_setting()'],
  ['select now()', 'now()'],
  ["from glob('*.nothing')", 'glob()'],
])('does not cache %s', async (sql, reason) => {
  const outcome = await secondRun(sql);
  expect(outcome).toContain('bypass');
  expect(outcome).toContain(reason);
});
