import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine, Session } from '../../../engine/types.ts';
import { withEngine } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const folder = mkdtempSync(join(tmpdir(), 'kodiak-provenance-'));
afterAll(() => rmSync(folder, { recursive: true }));
const csv = join(folder, 'a.csv');
writeFileSync(csv, 'a\n1\n2\n');

/** Two sessions on tables t and u; everything is kept. */
function withTwo(use: (a: Session, b: Session, engine: Engine) => Promise<void>): Promise<void> {
  return withEngine({ cache: { minCostMs: 0 } }, async (engine) => {
    const [a, b] = [await engine.openSession(), await engine.openSession()];
    await a.run('create table t as from range(1000) r(a); create table u as from t; create view v as from t');
    try {
      await use(a, b, engine);
    } finally {
      await Promise.all([a.close(), b.close()]);
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

async function kindOf(session: Session, sql: string): Promise<string> {
  const result = await session.run(sql);
  result.release();
  return result.provenance.kind;
}

async function reasonOf(session: Session, sql: string): Promise<string> {
  const result = await session.run(sql);
  result.release();
  return `${result.provenance.kind}: ${result.provenance.reason}`;
}

describe('a proof', () => {
  it('holds for another session, with its sentence', async () => {
    await withTwo(async (a, b, engine) => {
      expect(await reasonOf(a, 'select sum(a) from v')).toBe('run: kept for the next time');
      expect(await reasonOf(b, 'select sum(a) from v')).toMatch(/^proved: same plan; memory\.main\.t unchanged since \d\d:\d\d:\d\d$/);
      expect(engine.cacheEntries()).toMatchObject([{ sql: 'select sum(a) from v', sources: ['memory.main.t'], hits: 1 }]);
    });
  });

  it.each([
    [
      'a write to another table',
      'insert into u values (1); update u set a = 2; delete from u where a = 3; create table w as from u; drop table w',
    ],
    ['a file loaded into another table', `create table w as from '${csv}'; insert into w from '${csv}'; copy w from '${csv}'`],
    ['a view over nothing it reads', 'create or replace view x as select 1'],
    ['a rolled back transaction of another session, until it ends', 'begin; insert into t values (1)'],
    ['reading', `from u; select random(); from '${csv}'; describe t; explain select 1; prepare p as select 1`],
    ['a temporary table', 'create temp table w as from u; insert into w values (1)'],
    ['writing a file', `copy u to '${join(folder, 'b.csv')}'`],
    ['a variable', 'set variable z = 3'],
  ])('survives %s', async (_, sql) => {
    await withTwo(async (a, b) => {
      await kindOf(a, 'select sum(a) from t');
      await b.run(sql);
      expect(await kindOf(a, 'select sum(a) from t')).toBe('proved');
    });
  });

  it.each([
    ['a write', 'insert into t values (1)'],
    ['a write that fails after its first statement', 'insert into t values (1); select nope'],
    ['a transaction that ended', 'begin; insert into t values (1); commit'],
    ['an unknown statement', 'checkpoint'],
    ['a renaming', 'alter table t rename to t2; alter table t2 rename to t'],
    ['a setting that changes answers', "set default_order = 'desc'"],
    ['a file loaded into the table', `insert into t from '${csv}'`],
    ['a prepared write', 'prepare p as insert into t values (1); execute p'],
  ])('ends with %s', async (_, sql) => {
    await withTwo(async (a, b) => {
      await kindOf(a, 'select sum(a) from t');
      await b.run(sql).catch(() => undefined);
      expect(await kindOf(a, 'select sum(a) from t')).toBe('run');
    });
  });

  it('does not hold for a temporary table of another session that has the same name and shape', async () => {
    await withTwo(async (a, b) => {
      await a.run('create temp table mine as select 1 x');
      await b.run('create temp table mine as select 2 x');
      await kindOf(a, 'from mine');
      expect(await kindOf(b, 'from mine')).toBe('run');
      expect(await kindOf(a, 'from mine')).toBe('proved');
    });
  });

  it('holds for equal parameters of equal types only', async () => {
    await withTwo(async (a) => {
      const ask = async (value: number | string | bigint) => {
        const result = await a.run('select $1 as x, typeof($1), (select max(a) from t)', [value]);
        result.release();
        return result.provenance.kind;
      };
      expect([await ask(1), await ask('1'), await ask(1.5), await ask(1n), await ask(1)]).toEqual(['run', 'run', 'run', 'run', 'proved']);
    });
  });
});

describe('what is not kept', () => {
  it('says why', async () => {
    await withTwo(async (a) => {
      expect(await reasonOf(a, 'select now()')).toBe('bypass: now() can give another value each time');
      expect(await reasonOf(a, '-- kodiak: no-cache\nselect sum(a) from t')).toBe('bypass: a comment says no-cache');
      expect(await reasonOf(a, "select 'kodiak: no-cache', sum(a) from t")).toBe('run: kept for the next time');
      expect(await reasonOf(a, 'insert into u values (1) returning a')).toBe('run: INSERT always runs');
      expect(await reasonOf(a, 'begin; from t')).toBe('bypass: inside a transaction');
      await a.run('rollback');
    });
  });

  it('is what is quickly run again', async () => {
    await withEngine({ cache: { minCostMs: 60_000 } }, async (engine) => {
      const session = await engine.openSession();
      expect(await reasonOf(session, 'select 1')).toBe('run: not kept: quickly run again');
      expect(engine.stats().cache.entries).toBe(0);
      await session.close();
    });
  });
});

describe('the same query of several sessions at once', () => {
  const SLOW = 'select sum(x.a * y.a) s from t x, t y, range(20) z';

  it('runs once', async () => {
    await withTwo(async (a, b, engine) => {
      const results = await Promise.all([a.run(SLOW), b.run(SLOW)]);
      expect(results.map(({ provenance }) => provenance.reason).sort()).toEqual([
        'kept for the next time',
        'shared with the same query of another session',
      ]);
      const pages = await Promise.all(results.map((result) => result.page(0, 1)));
      expect(pages[0]).toEqual(pages[1]);
      for (const result of results) result.release();
      expect(engine.stats().parallel.completed).toBe(4);
    });
  });

  it('goes on when one of them is cancelled, and its session waits for its connection', async () => {
    await withTwo(async (a, b, engine) => {
      const abort = new AbortController();
      const led = a.run(SLOW, undefined, { signal: abort.signal });
      const shared = b.run(SLOW);
      await until(() => engine.stats().cache.shared === 1);
      abort.abort();
      await expect(led).rejects.toMatchObject({ code: 'cancelled' });
      const next = a.run('select 1');
      const result = await shared;
      expect(result.rowCount).toBe(1);
      result.release();
      (await next).release();
    });
  });

  it('is run by the others themselves when the session that ran it ends', async () => {
    await withTwo(async (a, b, engine) => {
      const led = a.run(SLOW).catch((error: unknown) => error);
      const shared = b.run(SLOW);
      await until(() => engine.stats().cache.shared === 1);
      await a.close();
      expect(await led).toMatchObject({ code: 'cancelled' });
      const result = await shared;
      expect(result.rowCount).toBe(1);
      result.release();
    });
  });
});

describe('a proof over text files', () => {
  /** Files older than the time within which two changes can look the same. */
  const later = { now: () => Date.now() + 60_000, monotonic: () => performance.now() };

  it('holds until a file changes, a name means another thing, or a pattern means another file', async () => {
    await withEngine({ cache: { minCostMs: 0 }, clock: later }, async (engine) => {
      const cwd = temporaryFolder();
      const session = await engine.openSession({ cwd });
      const ask = async () => {
        const result = await session.run("select sum(a)::int from '*.csv' join t using (a)");
        const [row] = await result.page(0, 1);
        result.release();
        return `${result.provenance.kind} ${row?.[0]}`;
      };
      writeFileSync(join(cwd, 'a.csv'), 'a\n1\n2\n');
      await session.run('create table t as from range(100) r(a)');
      expect([await ask(), await ask()]).toEqual(['run 3', 'proved 3']);
      writeFileSync(join(cwd, 'b.csv'), 'a\n10\n');
      expect([await ask(), await ask()]).toEqual(['run 13', 'proved 13']);
      writeFileSync(join(cwd, 'a.csv'), 'a\n1\n4\n');
      expect([await ask(), await ask()]).toEqual(['run 15', 'proved 15']);
      await session.run('delete from t where a = 10');
      expect([await ask(), await ask()]).toEqual(['run 5', 'proved 5']);
      await session.run('create table "*.csv" as select 7 a');
      expect([await ask(), await ask()]).toEqual(['run 7', 'proved 7']);
      expect((await session.run("select sum(a) from '*.csv' join t using (a)")).provenance.reason).toBe('kept for the next time');
      await session.close();
    });
  });

  it('tells what it is made of', async () => {
    await withEngine({ cache: { minCostMs: 0 }, clock: later }, async (engine) => {
      const session = await engine.openSession();
      await session.run(`create view v as from '${csv}'`);
      await kindOf(session, 'from v');
      expect(await reasonOf(session, 'from v')).toBe('proved: same text and definitions; 1 file unchanged');
      expect(engine.cacheEntries()).toMatchObject([{ sources: [csv] }]);
      expect(await reasonOf(session, `from read_csv('${csv}', store_rejects = true)`)).toBe(
        'bypass: read_csv(store_rejects) can do more than read',
      );
      await session.close();
    });
  });
});

describe('a query that is proved again and again', () => {
  it('is not planned again, and noticed when its view or a setting changes all the same', async () => {
    await withTwo(async (a, b, engine) => {
      const ask = async () => {
        const result = await a.run('select sum(a)::int from v');
        const [row] = await result.page(0, 1);
        result.release();
        return `${result.provenance.kind} ${row?.[0]}`;
      };
      const transactions = async () => Number((await (await b.run('select txid_current()')).page(0, 1))[0]?.[0]);
      expect([await ask(), await ask(), await ask()]).toEqual(['run 499500', 'proved 499500', 'proved 499500']);
      const begun = [await transactions()];
      for (const asks of [0, 5]) {
        for (let again = 0; again < asks; again++) expect(await ask()).toBe('proved 499500');
        begun.push(await transactions());
      }
      // A plan would be a transaction of its own.
      expect((begun[2] ?? 0) - (begun[1] ?? 0)).toBe((begun[1] ?? 0) - (begun[0] ?? 0));
      await b.run('create or replace view v as from t where a < 3');
      expect([await ask(), await ask(), await ask()]).toEqual(['run 3', 'proved 3', 'proved 3']);
      await b.run('insert into t values (1)');
      expect([await ask(), await ask(), await ask()]).toEqual(['run 4', 'proved 4', 'proved 4']);
      await a.run('create temp table t as select 2 a');
      expect([await ask(), await ask(), await ask()]).toEqual(['run 2', 'proved 2', 'proved 2']);
      await a.run('drop table temp.t');
      expect([await ask(), await ask(), await ask()]).toEqual(['proved 4', 'proved 4', 'proved 4']);
      expect(engine.stats().cache.hits).toBeGreaterThan(10);
    });
  });
});

it('a row limit inside a transaction does not abort it', async () => {
  await withTwo(async (a) => {
    await a.run('begin; insert into u values (5000)');
    const cut = await a.run('select range from range(100000)', undefined, { maxRows: 1 });
    expect([cut.rowCount, cut.truncated]).toEqual([1, true]);
    cut.release();
    await a.run('commit');
    const kept = await a.run('from u where a = 5000');
    expect(kept.rowCount).toBe(1);
    kept.release();
  });
});
