import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Connection } from '../../engine/duckdb/connection.ts';
import type { Engine, Session } from '../../engine/types.ts';
import { rowsOf, withEngine } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const EVERYTHING_KEPT = { cache: { minCostMs: 0 } };

/** Runs a statement until it is answered without a plan, and gives the first value of the last answer. */
async function learned(session: Session, sql: string): Promise<unknown> {
  for (let round = 0; round < 3; round++) await answer(session, sql);
  return await answer(session, sql);
}

const answer = async (session: Session, sql: string): Promise<unknown> => (await rowsOf(session, sql))[0]?.[0];

async function withTwo(use: (first: Session, second: Session, engine: Engine) => Promise<void>): Promise<void> {
  await withEngine(EVERYTHING_KEPT, async (engine) => {
    const [first, second] = [await engine.openSession(), await engine.openSession()];
    await use(first, second, engine);
    await Promise.all([first.close(), second.close()]);
  });
}

describe('what sessions without anything of their own know in common', () => {
  it('is asked of DuckDB once', async () => {
    await withEngine(EVERYTHING_KEPT, async (engine) => {
      const asked: string[] = [];
      const rows = vi.spyOn(Connection.prototype, 'rows').mockImplementation(function (this: Connection, sql, ...rest) {
        asked.push(sql);
        return original.call(this, sql, ...rest);
      });
      const settings = vi.spyOn(Connection.prototype, 'readSettings');
      const plan = vi.spyOn(Connection.prototype, 'plan');
      try {
        for (let number = 0; number < 5; number++) {
          const session = await engine.openSession();
          expect(await learned(session, 'select 42')).toBe(42);
          await session.close();
        }
        expect(asked.filter((sql) => sql.includes('duckdb_functions()'))).toHaveLength(1);
        expect(settings).toHaveBeenCalledTimes(1);
        // The first session plans it until it has learned that it need not.
        expect(plan.mock.calls.length).toBeLessThan(5);
      } finally {
        for (const spy of [rows, settings, plan]) spy.mockRestore();
      }
    });
  });

  it.each([
    ['a temporary table', 'create temp table t as select 2 as a', 'select a from t'],
    ['a temporary view', 'create temp view t as select 2 as a', 'select a from t'],
    ['a temporary macro', 'create temp macro m() as 2', 'select m()'],
    [
      'a setting of the plan',
      "set session default_null_order = 'nulls_first'",
      'select coalesce(a, 2) from (values (1), (null)) v(a) order by a limit 1',
    ],
    [
      'a setting of the run',
      "set session TimeZone = 'Asia/Kathmandu'",
      "select if(minute(a) = 45, 2, 1) from (values (timestamptz '2020-01-01 12:00:00+00')) v(a)",
    ],
    ['a search path', 'create schema other; create table other.t as select 2 as a; set search_path = other', 'select a from t'],
  ])('does not hide %s of one of them, nor show it to others', async (_, own, sql) => {
    await withTwo(async (first, second) => {
      await first.run('create table t as select 1 as a; create macro m() as 1').then((result) => result.release());
      for (const session of [first, second]) expect(await learned(session, sql)).toBe(1);
      await second.run(own).then((result) => result.release());
      for (let round = 0; round < 2; round++) {
        expect(await learned(second, sql)).toBe(2);
        expect(await learned(first, sql)).toBe(1);
      }
    });
  });

  it('does not hold what one of them had before it was closed', async () => {
    await withTwo(async (first, second, engine) => {
      await first.run('create table t as select 1 as a').then((result) => result.release());
      await second.run('create temp table t as select 2 as a').then((result) => result.release());
      expect(await learned(second, 'select a from t')).toBe(2);
      await second.close();
      const third = await engine.openSession();
      for (const session of [first, third]) expect(await learned(session, 'select a from t')).toBe(1);
      await third.close();
    });
  });

  it('changes with the definitions of all', async () => {
    await withTwo(async (first, second) => {
      await first.run('create view v as select 1 as a').then((result) => result.release());
      for (const session of [first, second]) expect(await learned(session, 'select a from v')).toBe(1);
      await second.run('create or replace view v as select 2 as a').then((result) => result.release());
      for (const session of [first, second]) expect(await learned(session, 'select a from v')).toBe(2);
      await first.run("set global default_null_order = 'nulls_first'").then((result) => result.release());
      expect(await learned(second, 'select coalesce(a, 5) from (values (1), (null)) v(a) order by a limit 1')).toBe(5);
    });
  });

  it('keeps the results of named cells to their session', async () => {
    await withTwo(async (first, second) => {
      await first.run('select 2 as a', undefined, { resultName: 'daily' }).then((result) => result.release());
      expect(await learned(first, 'select a from daily')).toBe(2);
      await expect(second.run('select a from daily')).rejects.toMatchObject({ code: 'sql' });
      await first.run('select 3 as a', undefined, { resultName: 'daily' }).then((result) => result.release());
      expect(await learned(first, 'select a from daily')).toBe(3);
      await first.forgetResult('daily');
      await second.run('create table daily as select 4 as a').then((result) => result.release());
      for (const session of [first, second]) expect(await learned(session, 'select a from daily')).toBe(4);
    });
  });

  it('is not what a reader of CSV has left in the temporary tables of one of them, told or behind a view', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const bad = (name: string, lines: string) => {
      writeFileSync(join(folder, name), `a,b\n1,2\n${lines}`);
      return `read_csv('${join(folder, name)}', columns = {a: 'int', b: 'int'}, store_rejects = true)`;
    };
    const [one, two] = [bad('one.csv', 'x,3\n'), bad('two.csv', 'y,4\nz,5\n')];
    const rejected = 'select count(*)::int from reject_errors';
    await withTwo(async (first, second, engine) => {
      for (const [session, source] of [[first, one] as const, [second, two] as const]) await rowsOf(session, `from ${source}`);
      for (let round = 0; round < 2; round++) {
        expect(await learned(first, rejected)).toBe(1);
        expect(await learned(second, rejected)).toBe(2);
      }
      const third = await engine.openSession();
      await expect(rowsOf(third, rejected)).rejects.toMatchObject({ code: 'sql' });
      await third.close();
    });
    await withTwo(async (first, second) => {
      await first.run(`create view v as from ${two}; create table reject_errors as select 1 as a`).then((result) => result.release());
      expect(await learned(second, rejected)).toBe(1);
      await rowsOf(first, 'from v');
      expect(await learned(first, rejected)).toBe(2);
      expect(await learned(second, rejected)).toBe(1);
      await second.run('begin').then((result) => result.release());
      await rowsOf(second, 'from v');
      await second.run('commit').then((result) => result.release());
      expect(await learned(second, rejected)).toBe(2);
    });
  });

  it('is not what EXPLAIN ANALYZE with quoted options has done', async () => {
    await withTwo(async (first, second) => {
      await first.run('create table t as select 7 as a').then((result) => result.release());
      for (const session of [first, second]) expect(await learned(session, 'select a from t')).toBe(7);
      await first.run('explain ("analyze") create temp table t as select 5 as a').then((result) => result.release());
      expect(await learned(first, 'select a from t')).toBe(5);
      expect(await learned(second, 'select a from t')).toBe(7);
      await second.run('explain ("analyze") insert into t values (8)').then((result) => result.release());
      expect(await learned(second, 'select sum(a)::int from t')).toBe(15);
      await second.run('explain ("analyze") insert into t values (9)').then((result) => result.release());
      expect(await learned(second, 'select sum(a)::int from t')).toBe(24);
    });
  });

  it('differs by the folder of relative files', async () => {
    const places = ['a', 'b'].map((name) => join(temporaryFolder(), name));
    for (const [at, place] of places.entries()) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'x.csv'), `n\n${at}\n`);
    }
    await withEngine(EVERYTHING_KEPT, async (engine) => {
      const sessions = await Promise.all(places.map((cwd) => engine.openSession({ cwd })));
      for (let round = 0; round < 2; round++)
        for (const [at, session] of sessions.entries()) expect(Number(await learned(session, "from 'x.csv'"))).toBe(at);
      await Promise.all(sessions.map((session) => session.close()));
    });
  });
});

const original = Connection.prototype.rows;
