import { describe, expect, it } from 'vitest';
import type { RunOptions, Session } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';

/** Runs a script under a name; gives the problem with the name. */
async function name(session: Session, resultName: string, sql: string, options: RunOptions = {}): Promise<string | undefined> {
  let told: string | undefined = 'not told';
  const results = await session.runAll(sql, undefined, {
    ...options,
    resultName,
    onNamed: (problem) => {
      told = problem;
    },
  });
  for (const result of results) result.release();
  return told;
}

async function rows(session: Session, sql: string) {
  const result = await session.run(sql);
  const all = await result.page(0, 1000);
  result.release();
  return all;
}

const ALL_TYPES = `select 1::tinyint a, 2::hugeint b, 1.25::decimal(9,2) c, 1e300::double d, 'x' e, null::varchar f, date '2024-01-01' g,
  timestamptz '2024-01-01 10:00:00+02' h, interval 3 days i, [1, null] j, {'k': 1, 'l q': 'm'} k, map {'a': [1]} l, 'b'::enum('a','b') m,
  '\\xAB\\x00'::blob n, uuid '4f6bf17f-cb8f-49ce-8630-fbcdc0db633a' o, true p, '{"a":1}'::json q, [1,2]::int[2] r, time '10:00:00' s,
  row(1, 'x') t, '101'::bit u, union_value(num := 2) v`;

describe('named results', () => {
  it('are read by later statements of the session, without running again', async () => {
    await withSession(async (session) => {
      expect(await name(session, 'daily', 'select range as i, random() as r from range(5)')).toBeUndefined();
      const first = await rows(session, 'from daily');
      expect(first).toHaveLength(5);
      expect(await rows(session, 'select * from "Daily" d')).toEqual(first);
      expect(await rows(session, 'select count(*), sum(i) from daily join (select 3 as i) using (i)')).toEqual([[1n, 3n]]);
    });
  });

  it('keep every type, columns whose names repeat, and no rows', async () => {
    await withSession(async (session) => {
      const described = (text: string) => rows(session, `select column_name, column_type from (describe ${text})`);
      expect(await name(session, 'everything', ALL_TYPES)).toBeUndefined();
      expect(await rows(session, 'from everything')).toEqual(await rows(session, ALL_TYPES));
      const before = await described(ALL_TYPES);
      // A tuple as a table's column needs names for its fields.
      const unlike = (await described('from everything')).filter((row, index) => row[1] !== before[index]?.[1]);
      expect(unlike).toEqual([['t', 'STRUCT("1" INTEGER, "2" VARCHAR)']]);
      await name(session, 'twice', 'select 1 as a, 2 as a, 3 as A');
      expect(await rows(session, 'select a, a_1, a_2 from twice')).toEqual([[1, 2, 3]]);
      await name(session, 'nothing', "select 1 as a, 'x' as b where false");
      expect(await rows(session, 'select count(*), count(b) from nothing')).toEqual([[0n, 0n]]);
    });
  });

  it('copy large results whole and in order', { tags: ['slow'] }, async () => {
    await withSession(async (session) => {
      const sql = "select range as i, 'text ' || range as t from range(1000000)";
      expect(await name(session, 'large', sql)).toBeUndefined();
      expect(await rows(session, "select count(*), sum(i), count(*) filter (t = 'text ' || i), max(rowid) from large")).toEqual([
        [1000000n, 499999500000n, 1000000n, 999999n],
      ]);
      expect(await rows(session, 'select bool_and(i = rowid) from large')).toEqual([[true]]);
    });
  });

  it('are never old: a new run replaces them in views and in the cache, a failed one takes them away', async () => {
    await withSession(
      async (session) => {
        await name(session, 'daily', 'select 1 as i');
        await session.run('create temp view seen as select i + 100 as i from daily');
        expect(await rows(session, 'from daily')).toEqual([[1]]);
        expect(await rows(session, 'from seen')).toEqual([[101]]);
        await name(session, 'daily', 'select 2 as i');
        expect(await rows(session, 'from daily')).toEqual([[2]]);
        expect(await rows(session, 'from seen')).toEqual([[102]]);
        await name(session, 'daily', 'select 2 as i where false');
        expect(await rows(session, 'from daily')).toEqual([]);
        await expect(name(session, 'daily', 'select missing')).rejects.toMatchObject({ code: 'sql' });
        for (const sql of ['from daily', 'from seen']) {
          await expect(session.run(sql)).rejects.toMatchObject({ message: expect.stringMatching(/^There is no result "daily" now/) });
        }
        await name(session, 'daily', 'select 3 as i');
        expect(await rows(session, 'from seen')).toEqual([[103]]);
        await session.forgetResult('DAILY');
        await expect(session.run('from daily')).rejects.toThrow(/does not exist/);
      },
      { cache: { minCostMs: 0 } },
    );
  });

  it('never hide a table or view, and say which it would be', async () => {
    await withSession(async (session) => {
      await session.run('create table orders as select 7 as i; create view seen as from orders; create temp table mine as select 8 as i');
      expect(await name(session, 'Orders', 'select 1')).toBe(
        'The result cannot be called "Orders": that would hide the table memory.main.orders. Choose another name.',
      );
      expect(await name(session, 'seen', 'select 1')).toMatch(/hide the view memory\.main\.seen/);
      expect(await name(session, 'mine', 'select 1')).toMatch(/hide the temporary table mine/);
      expect(await rows(session, 'from orders')).toEqual([[7]]);
      // One in another schema is not what the name alone means.
      await session.run('create schema other; create table other.daily as select 1 as i');
      expect(await name(session, 'daily', 'select 2 as i')).toBeUndefined();
      expect(await rows(session, 'from daily')).toEqual([[2]]);
      await session.run('create table memory.main.daily as select 9 as i');
      await expect(session.run('select * from daily')).rejects.toMatchObject({
        message: expect.stringMatching(/^"daily" is both the result of a cell and the table memory\.main\.daily/),
        position: { offset: 14, length: 5 },
      });
      await expect(session.run('from main.daily')).rejects.toThrow(/is both the result/);
      expect(await rows(session, 'from memory.main.daily')).toEqual([[9]]);
      await session.run('drop table memory.main.daily');
      expect(await rows(session, 'from daily')).toEqual([[2]]);
    });
  });

  it('can be read and not changed', async () => {
    await withSession(async (session) => {
      await name(session, 'daily', 'select 1 as i');
      await session.run('create table copy as from daily; insert into copy from daily');
      for (const sql of [
        'insert into daily values (2)',
        'update daily set i = 3',
        'delete from "daily"',
        'drop table if exists daily',
        'create or replace temp table daily (a int)',
        'alter table daily add column b int',
        'truncate daily',
        'insert into main.daily values (2)',
        'drop table temp.main.daily',
      ]) {
        await expect(session.run(sql)).rejects.toThrow(/^"daily" is the result of a cell, which can be read and not changed/);
      }
      expect(await rows(session, 'from daily')).toEqual([[1]]);
    });
  });

  it('refuse names that FROM does not take, and results that are none', async () => {
    await withSession(async (session) => {
      for (const [given, sql, problem] of [
        ['select', 'select 1', /a word of SQL/],
        ['my name', 'select 1', /letters, digits and _/],
        ['1st', 'select 1', /letters, digits and _/],
        ['', 'select 1', /it is empty/],
        ['x'.repeat(101), 'select 1', /more than 100/],
        ['fine', 'create table made (i int)', /the last statement gives no rows/],
        ['fine', '-- nothing', /the last statement gives no rows/],
      ] as const) {
        expect(await name(session, given, sql)).toMatch(problem);
      }
      expect(await name(session, 'cut', 'from range(100)', { maxRows: 10 })).toMatch(/cut off at the row limit/);
      expect(await name(session, 'plan', 'explain select 1')).toBeUndefined();
      expect(await name(session, 'returned', 'create table t (i int); insert into t values (1), (2) returning i')).toBeUndefined();
      expect(await rows(session, 'from returned')).toEqual([[1], [2]]);
    });
  });

  it('outlive transactions that are rolled back, and are gone for good', async () => {
    await withSession(async (session) => {
      await name(session, 'daily', 'select 1 as i');
      await session.run('begin');
      expect(await rows(session, 'from daily')).toEqual([[1]]);
      await session.run('rollback');
      expect(await rows(session, 'from daily')).toEqual([[1]]);
      await session.run('begin');
      await name(session, 'daily', 'select 2 as i');
      expect(await rows(session, 'from daily')).toEqual([[2]]);
      await session.run('rollback');
      expect(await rows(session, 'from daily')).toEqual([[2]]);
      await session.run('begin');
      await session.forgetResult('daily');
      await session.run('rollback');
      await expect(session.run('from daily')).rejects.toThrow(/does not exist/);
    });
  });

  it('belong to one session, and are read at any size while others run', async () => {
    await withSession(async (session, engine) => {
      await name(session, 'daily', 'select 1 as i');
      const other = await engine.openSession();
      await expect(other.run('from daily')).rejects.toThrow(/does not exist/);
      await name(other, 'daily', 'select 2 as i');
      expect([await rows(session, 'from daily'), await rows(other, 'from daily')]).toEqual([[[1]], [[2]]]);
      await other.close();
    });
  });

  it('are copied once, which an abort interrupts without leaving anything', { tags: ['slow'] }, async () => {
    await withSession(async (session) => {
      await name(session, 'large', 'select range as i, range::varchar as t from range(3000000)');
      const controller = new AbortController();
      const stopped = session.run('select count(*) from large', undefined, { signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
      expect(await rows(session, 'select count(*) from large')).toEqual([[3000000n]]);
    });
  });

  it('make an edge between cells, whose graph and order keep to it', async () => {
    await withSession(async (session, engine) => {
      const cells = [
        { id: 'a', sql: 'select 41 as i', resultName: 'daily' },
        { id: 'b', sql: 'select 1' },
        { id: 'c', sql: 'select i + 1 from daily' },
      ];
      const graph = await engine.graph(cells, session);
      expect(graph.cells.map(({ effects }) => [effects.reads, effects.writes])).toEqual([
        [[], ['result:daily']],
        [[], []],
        ['unknown', []],
      ]);
      expect(graph.edges).toEqual([{ from: 0, to: 2, reason: "uses the session's own state, as cell 1 does" }]);
      const outcomes = await session.runCells(cells);
      expect(
        await Promise.all(outcomes.map(async (outcome) => (outcome.kind === 'done' ? await outcome.results[0]?.page(0, 1) : outcome))),
      ).toEqual([[[41]], [[1]], [[42]]]);
      // Also when the cell that has the name is not among those that run.
      const [again] = await session.runCells(cells.slice(2));
      expect(again).toMatchObject({ kind: 'done' });
      for (const outcome of [...outcomes, ...(again ? [again] : [])])
        if (outcome.kind === 'done') for (const result of outcome.results) result.release();
    });
  });

  it('do not trip the wires of the cache', async () => {
    await withSession(
      async (session, engine) => {
        await rows(session, 'select count(*) from range(10)');
        await name(session, 'daily', 'select 1 as i');
        await rows(session, 'from daily');
        await rows(session, 'select count(*) from range(11)');
        const before = engine.stats().cache.invalidations;
        for (let times = 0; times < 3; times++) await engine.sampleMemory();
        expect(engine.stats().cache.invalidations).toBe(before);
      },
      { cache: { minCostMs: 0 } },
    );
  });
});
