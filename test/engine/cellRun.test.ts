import { describe, expect, it } from 'vitest';
import { cellsOf, describeOutcome, runCells } from '../support/cellOutcomes.ts';
import { withEngine, withSession } from '../support/engines.ts';

describe('session.runCells', () => {
  it('runs independent reads side by side, and tells of the run', { tags: ['slow'] }, async () => {
    await withSession(
      async (session, engine) => {
        await session.run('create table t as select range as i from range(400)');
        const slow = 'select count(*) from t a, t b, t c where a.i + b.i + c.i = 12';
        const done: string[] = [];
        const ends = session.runCells(cellsOf(slow, slow, slow, slow), { onCell: ({ id }) => done.push(id) });
        for (const outcome of await ends) expect(await describeOutcome(outcome)).toEqual([[[91n]]]);
        expect(engine.stats().parallel.peakRunning).toBeGreaterThan(1);
        expect(done.sort()).toEqual(['c1', 'c2', 'c3', 'c4']);
        expect(engine.stats().parallel.lastRun).toMatchObject({ cells: 4 });
        expect(engine.stats().pool.active).toBe(1);
      },
      { parallel: { threads: 2 }, cache: { enabled: false } },
    );
  });

  it('runs one at a time where the session has a state of its own', async () => {
    await withSession(async (session, engine) => {
      await session.run('set variable v = 7; create temp table mine as select 1 as i');
      expect(await runCells(session, "select getvariable('v')", 'from mine', 'select 2')).toEqual([[[[7]]], [[[1]]], [[[2]]]]);
      expect(engine.stats().pool.acquired).toBe(1);
    });
    await withSession(async (session, engine) => {
      await session.run('begin; create table t as select 3 as i');
      expect(await runCells(session, 'from t', 'select count(*) from t')).toEqual([[[[3]]], [[[1n]]]]);
      expect(engine.stats().pool.acquired).toBe(1);
    });
  });

  it('stops only what depends on a failure', async () => {
    await withSession(async (session) => {
      await session.run('create table t as select 1 as i');
      const answers = await runCells(
        session,
        'select i from t',
        'select missing from t',
        'select 1; select j from t',
        'select i + 1 from t',
      );
      expect(answers[0]).toEqual([[[1]]]);
      expect(String(answers[1])).toMatch(/^sql: Binder Error/);
      expect(answers[2]).toEqual([[[1]], expect.stringMatching(/^sql: Binder Error/)]);
      expect(answers[3]).toEqual([[[2]]]);
      const stopped = await runCells(session, 'insert into missing values (1)', 'select i from t');
      expect(String(stopped[0])).toMatch(/^sql: Catalog Error/);
      expect(stopped[1]).toBe('Cell 1 failed, and this cell comes after cell 1, which may change anything.');
    });
  });

  it('is cancelled: what runs is interrupted, what waits is skipped', async () => {
    await withSession(async (session, engine) => {
      await session.run('create table t as select range as i from range(100000)');
      const slow = 'select count(*) from t a, t b, t c where a.i + b.i + c.i = 12';
      const abort = new AbortController();
      const ends = session.runCells(cellsOf('select 1', slow, 'insert into t values (1)', 'select count(*) from t'), {
        signal: abort.signal,
      });
      while (engine.stats().parallel.completed < 2 || engine.stats().parallel.running === 0)
        await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
      const outcomes = await Promise.all((await ends).map(describeOutcome));
      expect(outcomes).toEqual([[[[1]]], ['cancelled: The query was cancelled.'], 'The run was cancelled.', 'The run was cancelled.']);
      await expect(session.runCells(cellsOf('select 1'), { signal: abort.signal })).resolves.toMatchObject([{ kind: 'skipped' }]);
    });
  });

  it('takes no connection that another session may need', async () => {
    await withEngine({ pool: { maxConnections: 2 } }, async (engine) => {
      const session = await engine.openSession();
      expect(await runCells(session, 'select 1', 'select 2', 'select 3')).toEqual([[[[1]]], [[[2]]], [[[3]]]]);
      expect(engine.stats().pool.acquired).toBe(1);
      await session.close();
      await expect(session.runCells(cellsOf('select 1'))).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
});

describe('engine.graph', () => {
  it('says what cells read and which wait for which', async () => {
    await withSession(async (session, engine) => {
      await session.run('create table orders as select 1 as i; create view seen as from orders; create schema other');
      const cells = cellsOf(
        'from seen',
        'from ORDERS; select 1',
        'insert into orders values (2)',
        'from orders',
        'select random()',
        'from nowhere',
      );
      const graph = await engine.graph(cells, session);
      expect(graph.cells.map(({ effects }) => effects.reads)).toEqual([
        ['memory.main.orders'],
        ['memory.main.orders'],
        [],
        ['memory.main.orders'],
        'unknown',
        'unknown',
      ]);
      expect(graph.cells.map(({ effects }) => effects.session)).toEqual([false, false, false, false, true, false]);
      expect(graph.edges).toEqual([
        { from: 0, to: 2, reason: 'writes memory.main.orders, which cell 1 reads' },
        { from: 1, to: 2, reason: 'writes memory.main.orders, which cell 2 reads' },
        { from: 2, to: 3, reason: 'reads memory.main.orders, which cell 3 writes' },
        { from: 2, to: 4, reason: 'reads perhaps memory.main.orders, which cell 3 writes' },
        { from: 2, to: 5, reason: 'reads perhaps memory.main.orders, which cell 3 writes' },
      ]);
      expect(await engine.graph(cells)).toEqual(graph);
      const more = await engine.graph(
        cellsOf('update orders set i = 3', 'create table t2 as from orders', "copy orders to 'x.csv'"),
        session,
      );
      expect(more.cells.map(({ effects }) => effects)).toEqual([
        { reads: ['memory.main.orders'], writes: ['memory.main.orders'], session: false, ddl: false },
        { reads: ['memory.main.orders'], writes: ['memory.main.t2'], session: false, ddl: true },
        { reads: 'unknown', writes: 'unknown', session: true, ddl: true },
      ]);
      await session.run('create temp table mine as select 1');
      expect((await engine.graph(cellsOf('from mine'), session)).cells[0]?.effects.session).toBe(true);
    });
  });
});
