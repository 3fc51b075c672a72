import { describe, expect, it } from 'vitest';
import type { KodiakError } from '../../engine/base/errors.ts';
import type { RunEstimate, Session } from '../../engine/types.ts';
import { rowsOf, withEngine, withSession } from '../support/engines.ts';

const ALL: { readonly cache: { readonly minCostMs: number } } = { cache: { minCostMs: 0 } };

async function failureOf(work: Promise<unknown>): Promise<KodiakError> {
  return await work.then(
    () => expect.unreachable('It went well.'),
    (thrown: unknown) => thrown as KodiakError,
  );
}

async function provenance(session: Session, sql: string): Promise<string> {
  const result = await session.run(sql);
  result.release();
  return result.provenance.kind;
}

describe('explain', () => {
  it('gives operators with estimates, and runs nothing', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(1000)');
      for (const sql of ['delete from t', 'insert into t select * from t', 'create table u as from t', 'update t set i = 0']) {
        const plan = await session.explain(sql);
        expect(plan).toMatchObject({ analyzed: false });
        expect(plan.operators.length).toBeGreaterThan(0);
        expect(plan.text).toContain('SEQ_SCAN');
      }
      expect(await rowsOf(session, 'select count(*), sum(i) from t')).toEqual([[1000n, 499_500n]]);
      expect((await failureOf(session.run('from u'))).code).toBe('sql');
    }));

  it('sees temporary tables, parameters and the transaction of its session', () =>
    withSession(async (session) => {
      await session.run('create temp table mine as select range i from range(500)');
      await session.run('begin');
      await session.run('create table later as from mine');
      const plan = await session.explain('select * from mine join later using (i) where i > $least', { params: { least: 7 } });
      expect(plan.operators.filter(({ kind }) => kind === 'SEQ_SCAN')).toHaveLength(2);
      expect((await session.explain('from later', { analyze: true })).operators[0]?.rows).toBe(500);
      await session.run('rollback');
      const values = { least: { type: 'INTEGER', text: '490' } };
      expect((await session.explain('from mine where i > $least', { analyze: true, values })).operators[0]?.rows).toBe(9);
      (await session.run('select 7 seven', undefined, { resultName: 'daily' })).release();
      expect((await session.explain('explain from daily', { analyze: true })).operators[0]?.rows).toBe(1);
      expect((await failureOf(session.explain('from mine where i > $most'))).message).toContain('$most');
    }));

  it('explains what a typed EXPLAIN explains', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(10)');
      const plan = await session.explain('explain (analyze, format json) delete from t');
      expect(plan).toMatchObject({ analyzed: false, operators: [{ kind: 'DELETE' }, { kind: 'SEQ_SCAN' }] });
      expect(await rowsOf(session, 'select count(*) from t')).toEqual([[10n]]);
    }));

  it('refuses what has no plan, and what would act', () =>
    withSession(async (session) => {
      await session.run('create sequence s; create table t as select range g from range(3)');
      const messages: string[] = [];
      for (const sql of ['set threads = 1', 'begin', "attach ':memory:' as x", 'select 1; select 2', ' -- nothing', 'checkpoint']) {
        const failure = await failureOf(session.explain(sql));
        expect(failure.code).toBe('sql');
        messages.push(failure.message);
      }
      expect(messages[0]).toBe('SET has no plan: only statements that read or change rows have one.');
      expect(messages[3]).toContain('has several');
      expect((await failureOf(session.explain("from range(nextval('s'))"))).message).toContain('already change something');
      expect(await rowsOf(session, "select nextval('s')")).toEqual([[1n]]);
      const types = 'select count(*) from duckdb_types() where not internal';
      const pivot = await failureOf(session.explain('pivot t on g using count(*)'));
      expect(pivot.message).toContain('PIVOT');
      expect(await rowsOf(session, types)).toEqual([[0n]]);
      expect((await session.explain('pivot t on g in (0, 1) using count(*)')).operators.length).toBeGreaterThan(1);
    }));

  it('places an error in the text that was given', () =>
    withSession(async (session) => {
      const sql = '-- a comment\nexplain select missing from (select 1 as a)';
      for (const analyze of [false, true]) {
        const failure = await failureOf(session.explain(sql, { analyze }));
        expect(failure.position).toMatchObject({ offset: sql.indexOf('missing'), line: 1 });
      }
    }));

  it('does not touch the cache', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(100)');
      const sql = 'select sum(i) from t';
      await session.run(sql);
      await session.explain('delete from t');
      expect(await provenance(session, sql)).toBe('proved');
    }, ALL));
});

describe('profile', () => {
  it('measures rows, times and threads', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i, range % 7 g from range(100_000)');
      const plan = await session.explain('select t.g, count(*) from t join t u using (i) group by all', { analyze: true });
      expect(plan.totals).toMatchObject({ threads: expect.any(Number), spillBytes: 0 });
      const join = plan.operators.find(({ kind }) => kind === 'HASH_JOIN');
      expect(join).toMatchObject({ rows: 100_000 });
      expect(join?.cpuMs).toBeGreaterThan(0);
      expect(plan.operators.find(({ kind }) => kind === 'SEQ_SCAN')?.rowsScanned).toBe(100_000);
    }));

  it('of a query leaves what the cache holds valid', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(100)');
      const sql = 'select sum(i) from t';
      await session.run(sql);
      await session.explain(sql, { analyze: true });
      await session.run(`explain analyze ${sql}`);
      expect(await provenance(session, sql)).toBe('proved');
    }, ALL));

  it.each([
    ['profile', (session: Session, sql: string) => session.explain(sql, { analyze: true })],
    ['typed EXPLAIN ANALYZE', (session: Session, sql: string) => session.run(`explain analyze ${sql}`)],
  ])('%s of a write is a write to the cache', (_, profile) =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(100); create table other as select 1 a');
      const [sql, unconcerned] = ['select count(*) from t', 'select count(*) from other'];
      await session.run(sql);
      await session.run(unconcerned);
      await profile(session, 'delete from t where i < 60');
      expect(await rowsOf(session, sql)).toEqual([[40n]]);
      expect(await provenance(session, unconcerned)).toBe('proved');
      await profile(session, 'with few as (select 1) insert into t from few');
      expect(await rowsOf(session, sql)).toEqual([[41n]]);
      await profile(session, 'create or replace table t as select 1 i');
      expect(await rowsOf(session, sql)).toEqual([[1n]]);
    }, ALL),
  );

  it('of a write inside a transaction is a write when the transaction ends', () =>
    withEngine(ALL, async (engine) => {
      const [writer, reader] = [await engine.openSession(), await engine.openSession()];
      await writer.run('create table t as select range i from range(10)');
      expect(await rowsOf(reader, 'select count(*) from t')).toEqual([[10n]]);
      await writer.run('begin');
      await writer.explain('delete from t', { analyze: true });
      expect(await rowsOf(reader, 'select count(*) from t')).toEqual([[10n]]);
      await writer.run('commit');
      expect(await rowsOf(reader, 'select count(*) from t')).toEqual([[0n]]);
      await writer.close();
      await reader.close();
    }));

  it.each([
    ['profile', (session: Session, sql: string) => session.explain(sql, { analyze: true })],
    ['typed EXPLAIN ANALYZE', (session: Session, sql: string) => session.run(`explain analyze ${sql}`)],
  ])('%s of CREATE TEMP TABLE belongs to its session', (_, profile) =>
    withSession(async (session) => {
      await session.run('create table t as select 1 i');
      await profile(session, 'create temp table t as select 2 i union all select 3');
      const cells = Array.from({ length: 4 }, (_unused, index) => ({ id: String(index), sql: 'select sum(i), sleep_ms(10) from t' }));
      const outcomes = await session.runCells(cells);
      for (const outcome of outcomes) {
        if (outcome.kind !== 'done') throw new Error(outcome.kind);
        expect((await outcome.results[0]?.page(0, 1))?.[0]?.[0]).toBe(5n);
        for (const result of outcome.results) result.release();
      }
    }),
  );

  it('says so where DuckDB measures nothing', () =>
    withSession(async (session) => {
      await session.run('create table t (i int)');
      const plan = await session.explain('insert into t values (1), (2)', { analyze: true });
      expect(plan).toMatchObject({ analyzed: false, operators: [{ kind: 'INSERT' }, { kind: 'COLUMN_DATA_SCAN' }] });
      expect(plan.notice).toContain('was run');
      expect(await rowsOf(session, 'select count(*) from t')).toEqual([[2n]]);
      const typed = await session.run('explain analyze insert into t values (3)', undefined, { plans: true });
      expect(typed.plan?.notice).toBe(plan.notice);
      typed.release();
      expect(await rowsOf(session, 'select count(*) from t')).toEqual([[3n]]);
    }));

  it('is cancelled', () =>
    withSession(async (session) => {
      const abort = new AbortController();
      const work = failureOf(
        session.explain('select count(*) from range(10_000_000) a, range(1_000_000) b', { analyze: true, signal: abort.signal }),
      );
      setTimeout(() => abort.abort(), 100);
      expect((await work).code).toBe('cancelled');
      expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
    }));
});

describe('a typed EXPLAIN', () => {
  it('has a plan beside its text when that is wanted', () =>
    withSession(async (session) => {
      const [explained, profiled, json, other] = await session.runAll(
        'explain from range(5); explain analyze from range(5); explain (format json) from range(5); explain (format yaml) from range(5)',
        undefined,
        { plans: true },
      );
      expect(explained?.plan).toMatchObject({ analyzed: false, operators: [{ kind: 'RANGE', estimatedRows: 5 }] });
      expect(explained?.plan?.text).toContain('RANGE');
      expect(profiled?.plan).toMatchObject({ analyzed: true, operators: [{ kind: 'RANGE', rows: 5 }] });
      expect(json?.plan).toMatchObject({ analyzed: false });
      expect(other?.plan).toBeUndefined();
      for (const result of [explained, profiled, json, other]) result?.release();
    }));

  it('is DuckDB’s drawing otherwise', () =>
    withSession(async (session) => {
      const result = await session.run('explain analyze from range(5)');
      expect(result.plan).toBeUndefined();
      expect(String((await result.page(0, 1))[0]?.at(-1))).toContain('┌');
      result.release();
    }));

  it('of a wrong statement says where it is wrong', () =>
    withSession(async (session) => {
      const sql = 'select 1; explain analyze select missing';
      const failure = await failureOf(session.run(sql, undefined, { plans: true }));
      expect(failure.position?.offset).toBe(sql.indexOf('missing'));
    }));
});

describe('the guard', () => {
  const LARGE = 'select count(*) from t a, t b, t c';

  async function guarded(session: Session, sql: string, answer: boolean): Promise<{ asked: RunEstimate[]; failure?: KodiakError }> {
    const asked: RunEstimate[] = [];
    const guard = {
      aboveRows: 1_000_000,
      ask: async (estimate: RunEstimate) => {
        asked.push(estimate);
        return answer;
      },
    };
    try {
      for (const result of await session.runAll(sql, undefined, { guard })) result.release();
      return { asked };
    } catch (thrown) {
      return { asked, failure: thrown as KodiakError };
    }
  }

  it('asks about what may give very many rows, once for each statement', () =>
    withSession(async (session) => {
      const script = `create temp table t as select range i from range(200); select count(*) from t; ${LARGE}`;
      const { asked, failure } = await guarded(session, script, true);
      expect(failure).toBeUndefined();
      const start = script.indexOf(LARGE);
      expect(asked).toEqual([{ rows: 8_000_000, operator: 'CROSS_PRODUCT', range: { start, end: start + LARGE.length } }]);
    }));

  it('runs nothing that was refused', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(200)');
      const { failure } = await guarded(session, `insert into t select a.i from t a, t b, t c; select 1`, false);
      expect(failure).toMatchObject({ code: 'cancelled', message: 'The statement was not run.' });
      expect(await rowsOf(session, 'select count(*) from t')).toEqual([[200n]]);
      expect((await guarded(session, `explain analyze ${LARGE}`, false)).failure?.code).toBe('cancelled');
    }));

  it('does not ask about answers of the cache, plans, wrong statements and statements of a transaction', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(200)');
      expect((await guarded(session, LARGE, true)).asked).toHaveLength(1);
      expect((await guarded(session, LARGE, false)).asked).toHaveLength(0);
      expect((await guarded(session, `explain ${LARGE}`, false)).asked).toHaveLength(0);
      expect((await guarded(session, 'select missing from t a, t b, t c', false)).failure?.message).toContain('missing');
      const { asked, failure } = await guarded(session, 'begin; select count(i) from t a, t b, t c; commit', false);
      expect({ asked, failure: failure?.message }).toMatchObject({ asked: [] });
    }, ALL));

  it('gives up a question whose run is cancelled', () =>
    withSession(async (session) => {
      await session.run('create table t as select range i from range(200)');
      const abort = new AbortController();
      const guard = {
        aboveRows: 1,
        ask: () => {
          abort.abort();
          return Promise.reject(new Error('Nobody answers.'));
        },
      };
      const work = failureOf(session.run(LARGE, undefined, { guard, signal: abort.signal }));
      expect((await work).code).toBe('cancelled');
    }));
});
