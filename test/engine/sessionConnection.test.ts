import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine, Session } from '../../engine/types.ts';
import { rowsOf, withEngine } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const TWO = { pool: { maxConnections: 2, acquireTimeoutMs: 10_000 } };

async function withSessions(count: number, use: (sessions: Session[], engine: Engine) => Promise<void>, options = TWO): Promise<void> {
  await withEngine(options, async (engine) => {
    const sessions: Session[] = [];
    for (let number = 0; number < count; number++) sessions.push(await engine.openSession({ name: `s${number}` }));
    try {
      await use(sessions, engine);
    } finally {
      await Promise.all(sessions.map((session) => session.close()));
    }
  });
}

const one = async (session: Session | undefined, sql: string) => (session ? (await rowsOf(session, sql))[0]?.[0] : undefined);

describe('sessions beyond the number of connections', () => {
  it('all get their answers, one after the other and all at once', async () => {
    await withSessions(12, async (sessions, engine) => {
      await sessions[0]?.run('create table t as select 42 as a');
      for (const session of sessions) expect(await one(session, 'select a from t')).toBe(42);
      const sums = await Promise.all(
        sessions.flatMap((session, at) => [1, 2, 3].map((turn) => one(session, `select ${at}::integer * ${turn}`))),
      );
      expect(sums).toEqual(sessions.flatMap((_, at) => [at, 2 * at, 3 * at]));
      expect(engine.stats().pool).toMatchObject({ max: 2, waiting: 0, refused: 0 });
    });
  });

  it('keep what is their own: temporary tables, settings, variables, prepared statements, a transaction, a seed', {
    tags: ['slow'],
  }, async () => {
    const states: [string, string, unknown][] = [
      ['create temp table mine as select 7 as a', 'select a from mine', 7],
      ["set default_null_order = 'nulls_first'", "select current_setting('default_null_order')", 'NULLS_FIRST'],
      ['set variable v = 9', "select getvariable('v')", 9],
      ['prepare p as select 11', 'execute p', 11],
      ['begin; create table in_transaction as select 13 as a', 'select a from in_transaction', 13],
      ['select setseed(0.25)', 'select round(random(), 3)::varchar', undefined],
    ];
    for (const [state, question, answer] of states) {
      await withSessions(5, async ([owner, ...others]) => {
        await owner?.run(state);
        await Promise.all(others.map((session) => one(session, 'select 1')));
        const seen = await one(owner, question);
        if (answer !== undefined) expect(seen, state).toEqual(answer);
        else expect(seen).toBe(await withSeed(question));
        for (const session of others)
          await expect(rowsOf(session, "select 1 from duckdb_tables() where table_name = 'mine'")).resolves.toEqual([]);
      });
    }
  });

  it('are refused, with the setting to change, when all others keep something of their own', async () => {
    await withSessions(
      2,
      async ([first, second], engine) => {
        await first?.run('create temp table mine as select 1');
        await second?.run('begin');
        await expect(engine.openSession()).rejects.toMatchObject({
          code: 'limit',
          setting: 'kodiak.pool.maxConnections',
          message: expect.stringContaining('temporary objects'),
        });
        await second?.run('rollback');
        await (await engine.openSession()).close();
      },
      { pool: { maxConnections: 2, acquireTimeoutMs: 100 } },
    );
  });

  it('still have nothing of their own after mistakes, reads of files and looks at the catalog', async () => {
    const file = join(temporaryFolder(), 'x.csv');
    writeFileSync(file, 'a\n1\n');
    await withSessions(3, async ([first, ...others]) => {
      await first?.run('create table t as select 1 as a');
      await expect(first?.run('select no_such_function(a) from t')).rejects.toMatchObject({ code: 'sql' });
      for (const sql of [`from '${file}'`, 'show tables', 'describe t', 'summarize t', 'from duckdb_tables()', 'select random() from t'])
        await first?.run(sql);
      expect(first?.keepsConnection).toBe(false);
      expect(await Promise.all(others.map((session) => one(session, 'select a from t')))).toEqual([1, 1]);
    });
  });

  it('find relative files in their own folders, whose connection it was before', async () => {
    const folder = temporaryFolder();
    const places = ['a', 'b', 'c'].map((name) => join(folder, name));
    for (const place of places) {
      mkdirSync(place);
      writeFileSync(join(place, 'x.csv'), `name\n${place}\n`);
    }
    await withEngine({ pool: { maxConnections: 1 } }, async (engine) => {
      const sessions = await Promise.all([...places, undefined].map((cwd) => engine.openSession(cwd === undefined ? {} : { cwd })));
      for (let round = 0; round < 2; round++) {
        for (const [at, place] of places.entries()) expect(await one(sessions[at], "select name from 'x.csv'")).toBe(place);
        expect(await one(sessions.at(-1), "select current_setting('file_search_path')")).toBe('');
      }
      await Promise.all(sessions.map((session) => session.close()));
    });
  });

  it('share the cache, and see at once what another has written', async () => {
    await withSessions(
      6,
      async (sessions, engine) => {
        await sessions[0]?.run('create table t as select range as a from range(1000)');
        for (const session of sessions) expect(await one(session, 'select count(*)::integer from t')).toBe(1000);
        expect(engine.stats().cache.hits).toBe(5);
        await sessions[5]?.run('insert into t values (1)');
        for (const session of sessions) expect(await one(session, 'select count(*)::integer from t')).toBe(1001);
      },
      { ...TWO, cache: { minCostMs: 0 } } as typeof TWO,
    );
  });

  it('can be cancelled and closed while they wait', async () => {
    await withSessions(
      2,
      async ([first, second], engine) => {
        await first?.run('begin');
        const waiting = second?.run('select 1', undefined, { signal: AbortSignal.timeout(20) });
        await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
        const closed = second?.run('select 1');
        const outcome = expect(closed).rejects.toMatchObject({ code: 'cancelled' });
        await second?.close();
        await outcome;
        expect(engine.stats().pool.waiting).toBe(0);
        await first?.run('rollback');
      },
      { pool: { maxConnections: 1, acquireTimeoutMs: 10_000 } },
    );
  });
});

async function withSeed(question: string): Promise<unknown> {
  let seen: unknown;
  await withSessions(1, async ([session]) => {
    await session?.run('select setseed(0.25)');
    seen = await one(session, question);
  });
  return seen;
}
