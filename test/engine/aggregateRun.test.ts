import { describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/engine.ts';
import type { AggregateRequest, Engine } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';

const request = (fields: Partial<AggregateRequest>): AggregateRequest => ({ op: 'count', ...fields });

describe('engine.parallel.aggregate', () => {
  it('counts rows without a column, of tables, views and queries', async () => {
    await withSession(async (session, engine) => {
      await session.run(`create table "odd name" as select case when range % 2 = 0 then range end as "a ""b""" from range(10);
        create view seen as select * from "odd name" where "a ""b""" is not null;
        create table hidden as select null::integer as rowid, range as v from range(10)`);
      const count = async (fields: Partial<AggregateRequest>) => (await engine.parallel.aggregate(request(fields))).value;
      expect(await count({ table: 'odd name' })).toBe(10n);
      expect(await count({ table: '"odd name"', column: 'A "B"', chunks: 3 })).toBe(5n);
      expect(await count({ table: 'seen', chunks: 2 })).toBe(5n);
      expect(await count({ query: 'select 1 union all select 2', chunks: 5 })).toBe(2n);
      expect(await count({ table: 'hidden', chunks: 3 })).toBe(10n);
      expect(await count({ table: 'hidden', column: 'v', op: 'sum', chunks: 3 })).toBe(45n);
    });
  });

  it('says what is wrong', async () => {
    await withSession(async (session, engine) => {
      await session.run(
        `create table t (word varchar, u uhugeint, h hugeint, d double); insert into t values ('a', 1, ${2n ** 126n}, 1e200), ('b', 2, ${2n ** 126n}, 1)`,
      );
      const fails = async (fields: Partial<AggregateRequest>) =>
        await engine.parallel.aggregate(request(fields)).then(
          () => 'nothing',
          (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
        );
      expect(await fails({ table: 't', column: 'wrod', op: 'sum' })).toBe('sql: There is no column "wrod" in t. It has: word, u, h, d.');
      expect(await fails({ table: 't', column: 'word', op: 'sum' })).toBe(
        'sql: sum of the column "word" cannot be computed: its type is VARCHAR, and it is not numeric.',
      );
      expect(await fails({ table: 't', column: 'u', op: 'sum', chunks: 2 })).toContain('cast it to HUGEINT');
      expect(await fails({ table: 't', op: 'max' })).toBe('sql: max needs a column.');
      expect(await fails({ table: 'nowhere', op: 'count' })).toMatch(/^sql: Catalog Error: Table with name nowhere does not exist/);
      expect(await fails({ query: 'select 1; drop table t' })).toMatch(/^sql: Parser Error/);
      expect(await fails({ table: 't); drop table t; --' })).toMatch(/^sql: Catalog Error/);
      expect(await fails({ table: 't', query: 'select 1' })).toBe('sql: An aggregate needs either a table or a query.');
      expect(await fails({ table: 't', chunks: 0.5 })).toBe('sql: chunks must be a whole number from 1 to 256.');
      expect(await fails({ table: 't', column: 'h', op: 'sum', chunks: 2 })).toMatch(/^sql: Out of Range Error/);
      expect(await fails({ table: 't', column: 'd', op: 'var_pop', chunks: 2 })).toMatch(/^sql: Out of Range Error/);
      expect(await fails({ table: 't' })).toBe('nothing');
    });
  });

  it('is cancelled, and shows in the statistics', async () => {
    await withSession(async (_, engine) => {
      const query = 'select a.range as v from range(100000) a, range(100000) b, range(1000) c';
      for (const chunks of [{}, { chunks: 2 }]) {
        const abort = new AbortController();
        const run = engine.parallel.aggregate({ query, column: 'v', op: 'sum', signal: abort.signal, ...chunks });
        await untilRunning(engine);
        abort.abort();
        await expect(run).rejects.toMatchObject({ code: 'cancelled' });
        await expect(engine.parallel.aggregate({ query, op: 'count', signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
      }
      expect(engine.stats().parallel.lastAggregate).toBeUndefined();
      const { strategy, reason, elapsedMs } = await engine.parallel.aggregate({ query: 'select 1', op: 'count' });
      expect(engine.stats().parallel.lastAggregate).toEqual({ strategy, reason, elapsedMs });
      expect(strategy).toBe('duckdb');
    });
  });
});

async function untilRunning(engine: Engine): Promise<void> {
  while (engine.stats().parallel.running === 0) await new Promise((resolve) => setImmediate(resolve));
}

it('stops an aggregate when the engine closes', async () => {
  const engine = await openEngine();
  const session = await engine.openSession();
  await session.run('create table t as select range as i from range(1000000); create view endless as select a.i from t a, t b, t c');
  const runs = [
    engine.parallel.aggregate({ table: 'endless', column: 'i', op: 'sum' }),
    engine.parallel.aggregate({ query: 'from endless', op: 'count' }),
  ];
  const ends = Promise.all(runs.map((run) => run.catch((error: { code: string }) => error.code)));
  while (engine.stats().parallel.running < runs.length) await new Promise((resolve) => setImmediate(resolve));
  await engine.close();
  expect(await ends).toEqual(['cancelled', 'cancelled']);
});
