import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import type { Engine, Freshness, Reading, Session } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Files of this moment count as old. */
const LATER = { now: () => systemClock.now() + 3_600_000, monotonic: () => systemClock.monotonic() };

async function readingOf(session: Session, sql: string): Promise<Reading> {
  const result = await session.run(sql);
  result.release();
  expect(result.reading).toBeDefined();
  return result.reading as Reading;
}

async function stateOf(reading: Reading): Promise<Freshness['state']> {
  return (await reading.freshness()).state;
}

function withTables(use: (session: Session, engine: Engine) => Promise<void>): Promise<void> {
  return withSession(
    async (session, engine) => {
      await session.run('create table t as select range as a from range(10); create table other as select 1 as a; create view v as from t');
      await use(session, engine);
    },
    { clock: LATER },
  );
}

describe('a reading', () => {
  it.each<[string, string, string, Freshness['state']]>([
    ['a write to its table', 'from t', 'insert into t values (1)', 'stale'],
    ['a write through a view', 'from v', 'insert into t values (1)', 'stale'],
    ['a write to another table', 'from t', 'insert into other values (1)', 'fresh'],
    ['a write that matched nothing', 'from t', 'delete from t where a > 100', 'stale'],
    ['another view', 'from v', 'create view w as from t', 'fresh'],
    ['its view made anew', 'from v', 'create or replace view v as from other', 'stale'],
    ['its view made anew as it was', 'from v', 'create or replace view v as from t', 'fresh'],
    ['its view gone', 'from v', 'drop view v', 'stale'],
    ['a variable that it reads', "select getvariable('x')", 'set variable x = 2', 'stale'],
    ['a variable that it does not read', 'from t', 'set variable x = 2', 'fresh'],
    ['a setting that can change it', 'from t', "set TimeZone = 'Asia/Tokyo'", 'stale'],
    ['a setting that cannot', 'from t', 'set threads = 1', 'fresh'],
    ['another schema in front', 'from t', 'create schema s; create table s.t(a int); use s', 'stale'],
    ['a temporary table that hides its own', 'from t', 'create temp table t as select 1 as a', 'stale'],
    ['a mistake in an INSERT', 'from t', 'insert into t values (nothing)', 'fresh'],
    ['a column too much in an INSERT', 'from t', 'insert into t values (1, 2)', 'fresh'],
    ['a transaction', 'from t', 'begin; insert into other values (1); commit', 'stale'],
    ['a transaction, for what reads no table', 'select 42', 'begin; insert into other values (1); commit', 'fresh'],
    ['an unknown statement', 'from t', 'checkpoint', 'stale'],
    ['nothing, when it is random', 'select random()', 'select 1', 'unknown'],
    ['a write to the table of what is random', 'select random() from t', 'insert into t values (1)', 'stale'],
    ['nothing, for the catalog', 'from duckdb_tables()', 'select 1', 'unknown'],
    ['an insert, for an insert', 'insert into other from t', 'insert into t values (1)', 'done'],
    ['a source of a table made from it', 'create table made as from t', 'insert into t values (1)', 'stale'],
    ['a row in a table made from others', 'create table made as from t', 'insert into made values (1)', 'fresh'],
    ['another table, for a table made from it', 'create or replace table made as from v', 'create view w as from t', 'fresh'],
    ['a table made from itself', 'create or replace table t as select a + 1 as a from t', 'select 1', 'fresh'],
  ])('after %s', async (_, sql, then, state) => {
    await withTables(async (session) => {
      const reading = await readingOf(session, sql);
      if (state !== 'unknown' && state !== 'done' && !sql.includes('random')) expect(await stateOf(reading)).toBe('fresh');
      await session.run(then).catch(() => undefined);
      expect(await stateOf(reading)).toBe(state);
    });
  });

  it('knows of results from the cache and of those too quick for it alike', async () => {
    await withTables(async (session) => {
      const readings: Reading[] = [];
      for (const minimum of [1, 2]) readings.push(await readingOf(session, `select count(*) from t where a > ${minimum}`));
      readings.push(await readingOf(session, 'select count(*) from t where a > 1'));
      for (const reading of readings) expect(await stateOf(reading)).toBe('fresh');
      await session.run('update t set a = 0');
      for (const reading of readings) expect(await stateOf(reading)).toBe('stale');
    });
  });

  it('is stale by the write of another session, in its transaction or not, and says who did it', async () => {
    await withTables(async (session, engine) => {
      const other = await engine.openSession({ name: 'terminal-1' });
      const reading = await readingOf(session, 'from t');
      await other.run('begin; insert into t values (7)', undefined, { origin: 'run 9' }).then((result) => result.release());
      expect(await stateOf(reading)).toBe('fresh');
      (await other.run('commit', undefined, { origin: 'run 10' })).release();
      expect(await reading.freshness()).toEqual({
        state: 'stale',
        change: { kind: 'anything', at: expect.any(Number), by: { session: 'terminal-1', origin: 'run 10', sql: 'commit' } },
      });
      await other.close();
    });
  });

  it.each<[string, string, string | undefined, Freshness['state']]>([
    ['something else', 'create view w as select 1', undefined, 'fresh'],
    ['its view', 'create or replace view v as select 1 as a', undefined, 'stale'],
    ['its view, which then is as before', 'create or replace view v as select 1 as a', 'create or replace view v as from t', 'unknown'],
  ])('is looked at once more when %s was defined while it ran', async (_, meanwhile, later, state) => {
    await withTables(async (session, engine) => {
      const other = await engine.openSession();
      const running = session.run('select count(*) from v, range(20000000) r(b) where b % 7 = 3');
      while (engine.stats().parallel.running === 0) await setImmediate();
      (await other.run(meanwhile)).release();
      const result = await running;
      result.release();
      if (later !== undefined) (await other.run(later)).release();
      expect(await result.reading?.freshness()).toMatchObject({ state });
      await other.close();
    });
  });

  it('claims nothing while its session is busy or in a transaction', async () => {
    await withTables(async (session) => {
      const reading = await readingOf(session, 'from v');
      await session.run('create or replace view v as from other');
      const abort = new AbortController();
      const running = session.run('select count(*) from range(100000000000)', undefined, { signal: abort.signal });
      expect(await reading.freshness()).toMatchObject({ state: 'unknown', passing: true });
      abort.abort();
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      expect(await stateOf(reading)).toBe('stale');
      const inside = await readingOf(session, 'from t');
      (await session.run('begin')).release();
      expect(await stateOf(inside)).toBe('unknown');
      (await session.run('rollback')).release();
    });
  });
});

describe('a reading of files', () => {
  let stamp = 1_000_000_000;
  /** Each write has its own second. */
  function write(file: string, text: string): void {
    writeFileSync(file, text);
    stamp++;
    utimesSync(file, stamp, stamp);
  }

  function withFiles(use: (session: Session, engine: Engine, folder: string) => Promise<void>): Promise<void> {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'days'));
    write(join(folder, 'a.csv'), 'n\n1\n');
    write(join(folder, 'days', '1.csv'), 'n\n1\n');
    return withSession(
      async (_, engine) => {
        const session = await engine.openSession({ cwd: folder });
        await session.run("copy (select 1 as n) to 'a.parquet'; copy (select 1 as n) to 'days/1.parquet'");
        await use(session, engine, folder);
        await session.close();
      },
      { clock: LATER },
    );
  }

  const rewrite = (name: string) => (folder: string) => write(join(folder, name), 'n\n2\n');
  const remove = (name: string) => (folder: string) => rmSync(join(folder, name));

  it.each<[string, string, (folder: string) => void, Freshness['state']]>([
    ['its CSV file is written anew', "from 'a.csv'", rewrite('a.csv'), 'stale'],
    ['another is', "from 'a.csv'", rewrite('days/1.csv'), 'fresh'],
    ['it is removed', "from 'a.csv'", remove('a.csv'), 'stale'],
    ['one of a pattern comes', "from 'days/*.csv'", rewrite('days/2.csv'), 'stale'],
    ['one of a pattern goes', "from 'days/*.csv'", remove('days/1.csv'), 'stale'],
    ['its Parquet file is removed', "from 'a.parquet'", remove('a.parquet'), 'stale'],
    ['a Parquet file of a pattern comes', "from 'days/*.parquet'", rewrite('days/2.parquet'), 'stale'],
    ['a file that the pattern does not mean comes', "from 'days/*.parquet'", rewrite('days/2.txt'), 'fresh'],
    ['the file of a table made from it is written anew', "create table made as from 'a.csv'", rewrite('a.csv'), 'stale'],
  ])('after %s', async (_, sql, change, state) => {
    await withFiles(async (session, _, folder) => {
      const reading = await readingOf(session, sql);
      expect(reading.readsFiles).toBe(true);
      expect(await reading.freshness()).toEqual({ state: 'fresh' });
      change(folder);
      expect(await stateOf(reading)).toBe(state);
    });
  });

  it('names the file and when it changed', async () => {
    await withFiles(async (session, _, folder) => {
      const reading = await readingOf(session, "from 'a.csv'");
      write(join(folder, 'a.csv'), 'n\n3\n');
      expect(await reading.freshness()).toEqual({
        state: 'stale',
        change: { kind: 'file', name: join(folder, 'a.csv'), at: expect.any(Number) },
      });
    });
  });

  it('does not call fresh what came from a file of the last moment', async () => {
    const folder = temporaryFolder();
    // The clock stands still, however slow the machine is.
    const began = systemClock.now();
    const clock = { now: () => began, monotonic: () => systemClock.monotonic() };
    await withSession(
      async (_, engine) => {
        const session = await engine.openSession({ cwd: folder });
        writeFileSync(join(folder, 'now.csv'), 'n\n1\n');
        const reading = await readingOf(session, "from 'now.csv'");
        expect(await reading.freshness()).toMatchObject({ state: 'unknown', reason: expect.stringContaining('changed just before') });
        await session.close();
      },
      { clock },
    );
  });

  it('is not stale because something else was defined, although its names are looked up without a plan', async () => {
    await withFiles(async (session) => {
      const reading = await readingOf(session, "from 'a.csv'");
      await session.run('create table new(a int); create view w as select 1; create macro m() as 1');
      expect(await stateOf(reading)).toBe('fresh');
      await session.run("create type mood as enum ('a')");
      expect(await stateOf(reading)).toBe('stale');
    });
  });
});
