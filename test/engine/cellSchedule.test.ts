import { describe, expect, it } from 'vitest';
import type { Engine, Session } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';

interface Started {
  readonly cell: number;
  readonly apart: boolean;
}

/** Runs cells as a caller of a schedule does. Gives what was started, in that order, and why others were not. */
async function runScheduled(session: Session, ...scripts: string[]): Promise<{ started: Started[]; skipped: (string | undefined)[] }> {
  const started: Started[] = [];
  const cells = scripts.map((sql, index) => ({ id: String(index), sql, name: `the cell "${index + 1}"` }));
  const skipped = await session.scheduleCells(cells, async (cell, apart) => {
    started.push({ cell, apart });
    try {
      const results = await session.runAll(scripts[cell] ?? '', undefined, { apart });
      for (const result of results) result.release();
      return true;
    } catch {
      return false;
    }
  });
  return { started, skipped };
}

const SLOW = 'select count(*) from t a, t b, t c where a.i + b.i + c.i = 12';

function withTable(use: (session: Session, engine: Engine) => Promise<void>, enabled = false): Promise<void> {
  return withSession(
    async (session, engine) => {
      (await session.run('create table t as select range as i from range(300)')).release();
      await use(session, engine);
      expect(engine.stats().pool.active).toBe(1);
    },
    { parallel: { threads: 2 }, cache: { enabled } },
  );
}

describe('session.scheduleCells', () => {
  it('starts independent cells at the same time, on connections of their own', async () => {
    await withTable(async (session, engine) => {
      const { started, skipped } = await runScheduled(session, SLOW, SLOW, SLOW);
      expect(skipped).toEqual([undefined, undefined, undefined]);
      expect(started.map(({ cell }) => cell)).toEqual([0, 1, 2]);
      expect(started.slice(1).every(({ apart }) => apart)).toBe(true);
      expect(engine.stats().parallel.peakRunning).toBeGreaterThan(1);
      expect(engine.stats().parallel.lastRun).toMatchObject({ cells: 3 });
    });
  });

  it('starts what builds on a cell when that has ended', async () => {
    await withTable(async (session) => {
      const ends: number[] = [];
      const cells = [`create table made as ${SLOW}`, 'from made', 'select 1'].map((sql, index) => ({ id: String(index), sql }));
      await session.scheduleCells(cells, async (cell, apart) => {
        if (cell === 1) expect(ends).toContain(0);
        for (const result of await session.runAll(cells[cell]?.sql ?? '', undefined, { apart })) result.release();
        ends.push(cell);
        return true;
      });
      expect(ends.sort()).toEqual([0, 1, 2]);
    });
  });

  it('does not start what depends on a failure, and says so by the names of the cells', async () => {
    await withTable(async (session) => {
      const { started, skipped } = await runScheduled(session, 'insert into t values (missing)', 'from t', 'select 2');
      expect(started.map(({ cell }) => cell)).toEqual([0]);
      expect(skipped).toEqual([
        undefined,
        'The cell "1" failed, and this cell comes after the cell "1", which may change anything.',
        'The cell "1" failed, and this cell comes after the cell "1", which may change anything.',
      ]);
      const others = await runScheduled(session, 'select missing from t', 'select count(*) from t');
      expect(others.skipped).toEqual([undefined, undefined]);
    });
  });

  it('keeps the order where the session has a state of its own', async () => {
    await withTable(async (session) => {
      (await session.run('set variable x = 1')).release();
      const { started } = await runScheduled(session, SLOW, 'select 1', "select getvariable('x')");
      expect(started).toEqual([0, 1, 2].map((cell) => ({ cell, apart: false })));
    });
  });

  it('ends early by an abort, and by the end of its session', async () => {
    await withTable(async (session, engine) => {
      const abort = new AbortController();
      const cells = ['select 1', 'select 2'].map((sql, index) => ({ id: String(index), sql }));
      const aborted = session.scheduleCells(
        cells,
        async () => {
          abort.abort();
          return false;
        },
        abort.signal,
      );
      expect(await aborted).toEqual([undefined, 'The run was cancelled.']);
      const other = await engine.openSession();
      const left = other.scheduleCells(cells, () => new Promise(() => undefined));
      await other.close();
      expect(await left).toEqual([undefined, 'The run was cancelled.']);
      await expect(other.scheduleCells(cells, async () => true)).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
});

describe('a run apart', () => {
  it('does not wait for the session, tells its progress and its first rows, and can be cancelled alone', async () => {
    await withTable(async (session, engine) => {
      const abort = new AbortController();
      const long = session.run('select count(*) from range(100000000000)', undefined, { signal: abort.signal });
      long.catch(() => undefined);
      let firstRows = 0;
      const beside = await session.runAll('from range(5000)', undefined, {
        apart: true,
        onFirstRows: () => {
          firstRows++;
        },
      });
      expect(beside[0]?.rowCount).toBe(5000);
      expect(firstRows).toBe(1);
      expect(await beside[0]?.reading?.freshness()).toEqual({ state: 'fresh' });
      beside[0]?.release();
      const alone = new AbortController();
      const cancelled = session.runAll('select count(*) from range(100000000000)', undefined, { apart: true, signal: alone.signal });
      alone.abort();
      await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
      expect(engine.stats().parallel.running).toBe(1);
      abort.abort();
      await expect(long).rejects.toMatchObject({ code: 'cancelled' });
    }, true);
  });

  it('waits for its turn when the session answers otherwise than another connection', async () => {
    await withTable(async (session) => {
      (await session.run('create temp table mine as select 7 as a')).release();
      const [result] = await session.runAll('from mine', undefined, { apart: true });
      expect(await result?.page(0, 1)).toEqual([[7]]);
      result?.release();
    });
  });
});
