import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { collectGarbage } from '../../engine/base/collectGarbage.ts';
import { KodiakError, openEngine, ScriptError } from '../../engine/engine.ts';
import type { Result } from '../../engine/types.ts';
import { rowsOf, withEngine, withSession } from '../support/engines.ts';

const KEEP_ALL = { cache: { minCostMs: 0 } };

const folder = mkdtempSync(join(tmpdir(), 'kodiak-engine-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function failureOf(run: Promise<unknown>): Promise<KodiakError> {
  const thrown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(KodiakError);
  return thrown as KodiakError;
}

describe('values', () => {
  it('gives every type without loss', async () => {
    await withSession(async (session) => {
      const result = await session.run(`
        select true, 127::tinyint, 9007199254740993::bigint, 170141183460469231731687303715884105727::hugeint,
          1.50::decimal(9,2), 'nan'::double, '-infinity'::float, 'é😀', date '2024-02-29', date 'infinity',
          timestamp '2024-01-01 01:02:03.456789', timestamp_ns '2024-01-01 00:00:00.123456789', time '01:02:03',
          timestamptz '2024-07-01 12:00:00+02', interval '1 month 2 days', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid,
          '\\x00\\xFF'::blob, '101'::bit, 'b'::enum('a', 'b'), [1, null], {'x': 1, '__proto__': [2]}, row(1, 'b'), map {'k': 1::bigint},
          union_value(num := 3), '{"a": 1}'::json, null`);
      expect(await result.page(0, 1)).toEqual([
        [
          true,
          127,
          9007199254740993n,
          170141183460469231731687303715884105727n,
          '1.50',
          Number.NaN,
          Number.NEGATIVE_INFINITY,
          'é😀',
          '2024-02-29',
          'infinity',
          '2024-01-01 01:02:03.456789',
          '2024-01-01 00:00:00.123456789',
          '01:02:03',
          '2024-07-01 10:00:00+00',
          '1 month 2 days',
          'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
          Uint8Array.of(0, 255),
          '101',
          'b',
          [1, null],
          Object.fromEntries([
            ['x', 1],
            ['__proto__', [2]],
          ]),
          { 1: 1, 2: 'b' },
          [['k', 1n]],
          3,
          '{"a": 1}',
          null,
        ],
      ]);
      expect(result.columns[4]?.type).toBe('DECIMAL(9,2)');
      expect(result.columns[24]?.type).toBe('JSON');
    });
  });

  it('binds parameters by position and by name', async () => {
    await withSession(async (session) => {
      const byPosition = await session.run('select ? + 1, $2, typeof($3)', [41n, 'x', 1.5]);
      expect(await byPosition.page(0, 1)).toEqual([[42n, 'x', 'DOUBLE']]);
      const byName = await session.run('select $when, $bytes, $nothing', { when: new Date(0), bytes: Uint8Array.of(1), nothing: null });
      expect(await byName.page(0, 1)).toEqual([['1970-01-01 00:00:00', Uint8Array.of(1), null]]);
      expect((await failureOf(session.run('select $a', { b: 1 }))).message).toContain('no value for $a');
      expect((await failureOf(session.run('select 1; select $1', [1]))).code).toBe('sql');
    });
  });
});

describe('scripts', () => {
  it('refuses a text with a NUL, of which DuckDB would run the part before it', async () => {
    await withSession(async (session) => {
      await session.run('create table t as select 1 as a');
      expect(await failureOf(session.run('delete from t\0 where a = 2'))).toMatchObject({
        code: 'sql',
        position: { offset: 13, line: 0, column: 13 },
      });
      expect(await rowsOf(session, 'from t')).toEqual([[1]]);
    });
  });

  it('gives one result per statement with its place in the text', async () => {
    await withSession(async (session) => {
      const sql = 'create table t(a int);\ninsert into t values (1), (2) ; -- note\nfrom t';
      const results = await session.runAll(sql);
      expect(results.map((result) => [result.kind, result.rowsChanged, result.rowCount])).toEqual([
        ['CREATE', undefined, 0],
        ['INSERT', 2, 0],
        ['SELECT', undefined, 2],
      ]);
      expect(results.map((result) => sql.slice(result.range.start, result.range.end))).toEqual([
        'create table t(a int)',
        'insert into t values (1), (2)',
        'from t',
      ]);
    });
  });

  it('keeps the results before the failing statement', async () => {
    await withSession(async (session) => {
      const failure = await failureOf(session.runAll("select 1;\n\nselect 'é😀', fooo from range(3);"));
      expect(failure).toBeInstanceOf(ScriptError);
      expect((failure as ScriptError<Result>).results.map((result) => result.rowCount)).toEqual([1]);
      expect(failure).toMatchObject({ code: 'sql', position: { line: 2, column: 14, length: 4 }, candidates: ['range'] });
    });
  });

  it.each([
    ['selec 1', { line: 0, column: 0, length: 5 }],
    ["select 'abc", { line: 0, column: 7 }],
    ["\n select '😀', * frm x", { line: 1, column: 20 }],
    ["select cast('a' as int)", { line: 0, column: 7 }],
    ['select * from nope', { line: 0, column: 14, length: 4 }],
  ])('places the error of %j', async (sql, position) => {
    await withSession(async (session) => {
      expect(await failureOf(session.run(sql))).toMatchObject({ code: 'sql', position });
    });
  });

  it('has nothing to do for comments only', async () => {
    await withSession(async (session) => {
      expect(await session.runAll('-- nothing\n/* here */ ;')).toEqual([]);
      expect((await failureOf(session.run('-- nothing'))).message).toContain('no statement');
    });
  });

  it('reads and writes relative paths in the session folder', async () => {
    const home = join(folder, "it's here");
    mkdirSync(home);
    await withEngine({}, async (engine) => {
      const session = await engine.openSession({ cwd: home });
      await session.run("copy (select 7 a) to 'out.csv'; copy (select 8 a) to 'out.parquet'; attach 'other.duckdb' as other");
      expect(await rowsOf(session, "select a from 'out.csv' union all from 'out.parquet' order by 1")).toEqual([[7n], [8n]]);
      await session.close();
    });
  });
});

describe('large results', () => {
  it('serves pages while the rest arrives, and any page afterwards', async () => {
    await withSession(async (session) => {
      const early: Promise<unknown>[] = [];
      const result = await session.run("select range i, 'row ' || range s, [range] l from range(1500000)", undefined, {
        onFirstRows: (first) => {
          expect(first.complete).toBe(false);
          early.push(first.page(0, 2), first.page(1_200_000, 1));
        },
      });
      expect(await Promise.all(early)).toEqual([
        [
          [0n, 'row 0', [0n]],
          [1n, 'row 1', [1n]],
        ],
        [[1_200_000n, 'row 1200000', [1_200_000n]]],
      ]);
      expect(result).toMatchObject({ rowCount: 1_500_000, complete: true, truncated: false });
      expect(await result.page(1_499_999, 5)).toEqual([[1_499_999n, 'row 1499999', [1_499_999n]]]);
      expect(await result.page(9_000_000, 5)).toEqual([]);
      result.release();
      expect((await failureOf(result.page(0, 1))).code).toBe('unavailable');
    });
  });

  it('reports a failure that comes after the first rows, with its place', { tags: ['slow'] }, async () => {
    await withSession(async (session) => {
      const sql = "select cast(case when range = 5000000 then 'x' else '1' end as int) v from range(10000000)";
      const failure = await failureOf(session.run(sql));
      expect(failure).toMatchObject({ code: 'sql', position: { line: 0, column: 7 } });
      expect(failure.message).toContain("Could not convert string 'x'");
      expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
    });
  });

  it('stops at maxRows and says so', async () => {
    await withSession(async (session) => {
      const result = await session.run('from range(1000000)', undefined, { maxRows: 3000 });
      expect(result).toMatchObject({ rowCount: 3000, truncated: true });
      const whole = await session.run('from range(3000)', undefined, { maxRows: 3000 });
      expect(whole).toMatchObject({ rowCount: 3000, truncated: false });
    });
  });
});

describe('cancel', () => {
  it('ends a long query within a second and leaves the session usable', async () => {
    await withSession(async (session) => {
      const abort = new AbortController();
      const run = session.run('select count(*) from range(100000000000)', undefined, {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      expect((await failureOf(run)).code).toBe('cancelled');
      expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
    });
  });

  it('ends a stream of rows, and a run that has not begun', async () => {
    await withSession(async (session) => {
      const abort = new AbortController();
      const streaming = session.run('from range(10000000000)', undefined, { signal: abort.signal, onFirstRows: () => abort.abort() });
      const waiting = session.run('select 2', undefined, { signal: abort.signal });
      expect((await failureOf(streaming)).code).toBe('cancelled');
      expect((await failureOf(waiting)).code).toBe('cancelled');
      expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
    });
  });

  it('ends a run that waits behind another of its session, at once', async () => {
    await withSession(async (session) => {
      const [first, second] = [new AbortController(), new AbortController()];
      const long = session.run('select count(*) from range(100000000000)', undefined, { signal: first.signal });
      const waiting = session.run('select 2', undefined, { signal: second.signal });
      second.abort();
      expect((await failureOf(waiting)).code).toBe('cancelled');
      first.abort();
      expect((await failureOf(long)).code).toBe('cancelled');
    });
  });

  it('closing a session interrupts what it runs', async () => {
    await withEngine({}, async (engine) => {
      const session = await engine.openSession();
      let closing: Promise<void> | undefined;
      const run = session.run('select count(*) from range(100000000000)', undefined, {
        onProgress: () => {
          closing ??= session.close();
        },
      });
      expect((await failureOf(run)).code).toBe('cancelled');
      await closing;
    });
  });
});

describe('provenance', () => {
  it('is proved only while nothing changed', async () => {
    await withSession(async (session, engine) => {
      await session.run('create table t as from range(1000) r(a)');
      const ask = async () => {
        const result = await session.run('select sum(a) from t');
        return [result.provenance.kind, (await result.page(0, 1))[0]?.[0]];
      };
      expect(await ask()).toEqual(['run', 499500n]);
      expect(await ask()).toEqual(['proved', 499500n]);
      await session.run('insert into t values (1)');
      expect(await ask()).toEqual(['run', 499501n]);
      expect((await session.run('select random()')).provenance).toMatchObject({
        kind: 'bypass',
        reason: expect.stringContaining('random()'),
      });
      await session.run('begin');
      expect((await session.run('select sum(a) from t')).provenance.kind).toBe('bypass');
      await session.run('rollback');
      const { cache } = engine.stats();
      expect(cache).toMatchObject({ hits: 1, bypasses: 2, invalidations: 1, entries: 1 });
      expect(engine.clearCache()).toBe(1);
    }, KEEP_ALL);
  });
});

describe('the pool', () => {
  it('refuses a session beyond its limit with the setting to change', async () => {
    await withEngine({ pool: { maxConnections: 1, maxWaiting: 1 } }, async (engine) => {
      // The time limit passes at once, however long DuckDB takes to connect.
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
      const session = await engine.openSession({ name: 'first' });
      await session.run('create temp table mine as select 1');
      const failures = Promise.all([failureOf(engine.openSession()), failureOf(engine.openSession())]);
      await vi.advanceTimersByTimeAsync(10_000);
      vi.useRealTimers();
      const [late, queued] = await failures;
      expect([late, queued].map((failure) => [failure.code, failure.setting]).sort()).toEqual([
        ['limit', 'kodiak.pool.maxConnections'],
        ['limit', 'kodiak.pool.maxWaiting'],
      ]);
      expect(engine.stats().pool).toMatchObject({ active: 1, max: 1, refused: 2, holders: [{ name: 'first', running: false }] });
      await session.close();
      await (await engine.openSession()).close();
    });
  });

  it('shows what a session runs, and since when', async () => {
    await withSession(async (session, engine) => {
      const abort = new AbortController();
      const sql = `select sum(hash(a.range, b.range)) as ${'x'.repeat(60)} from range(10000000) a, range(10000000) b`;
      const running = failureOf(session.run(`select 1; ${sql}`, undefined, { signal: abort.signal }));
      await vi.waitFor(() => expect(engine.stats().pool.holders[0]?.statement).toBe(sql.slice(0, 80)), 10_000);
      expect(engine.stats().pool.holders).toMatchObject([{ purpose: 'session', running: true, runningMs: expect.any(Number) }]);
      abort.abort();
      expect((await running).code).toBe('cancelled');
      expect(engine.stats().pool.holders).toMatchObject([{ running: false }]);
    });
  });

  it('lets go of a wait that is aborted', async () => {
    await withEngine({ pool: { maxConnections: 1 } }, async (engine) => {
      const session = await engine.openSession();
      const abort = new AbortController();
      const waiting = failureOf(engine.openSession({ signal: abort.signal }));
      abort.abort();
      expect((await waiting).code).toBe('cancelled');
      expect(engine.stats().pool.waiting).toBe(0);
      await session.close();
    });
  });

  it('takes back the connection of a session that its caller forgot, and says where it was opened', async () => {
    const lines: string[] = [];
    await withEngine({ log: (line) => lines.push(line) }, async (engine) => {
      async function forgetOne() {
        const session = await engine.openSession({ name: 'forgotten' });
        await session.run('create temp table t as select 1 a; select * from t');
      }
      await forgetOne();
      await vi.waitFor(
        () => {
          collectGarbage();
          expect(engine.stats().pool).toMatchObject({ active: 0, closing: 0, leaks: 1 });
        },
        { timeout: 10_000 },
      );
      expect(lines).toEqual([expect.stringMatching(/"forgotten" was forgotten.*openSession .*engine\.test\.ts/)]);
      await (await engine.openSession()).close();
    });
  });
});

describe('a locked configuration', () => {
  it('does not keep later sessions from opening', async () => {
    await withSession(async (session, engine) => {
      await session.run('set lock_configuration = true');
      const other = await engine.openSession();
      expect(await rowsOf(other, 'select 1')).toEqual([[1]]);
      await other.close();
      await expect(engine.openSession({ cwd: folder })).rejects.toMatchObject({ code: 'sql' });
    });
  });
});

describe('databases that cannot be opened', () => {
  const open = (database: string, readOnly = false) => failureOf(openEngine({ database, readOnly }));

  it('names what is wrong', async () => {
    const corrupt = join(folder, 'corrupt.duckdb');
    writeFileSync(corrupt, 'this is not a database '.repeat(1000));
    expect((await open(corrupt)).message).toContain('is not a DuckDB database');
    expect((await open(folder)).message).toContain('is a folder');
    expect((await open(join(folder, 'no', 'x.duckdb'))).message).toContain('does not exist');
    expect((await open(join(folder, 'missing.duckdb'), true)).message).toContain('does not exist');
  });

  it('refuses the same file twice in one process, and keeps the lock', async () => {
    const database = join(folder, 'twice.duckdb');
    await withEngine({ database }, async (engine) => {
      expect(engine.created).toBe(true);
      expect((await open(database)).message).toContain('open already');
    });
    await withEngine({ database }, async (engine) => expect(engine.created).toBe(false));
  });

  it('names the process that holds the lock', async () => {
    const database = join(folder, 'locked.duckdb');
    const script = `const { DuckDBInstance } = require('@duckdb/node-api');
      DuckDBInstance.create(${JSON.stringify(database)}).then((instance) => { console.log('open'); process.stdin.on('data', () => instance.closeSync()); });`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    try {
      const failure = await open(database);
      expect(failure.code).toBe('unavailable');
      expect(failure.message).toContain(`process ${holder.pid}`);
    } finally {
      holder.kill();
    }
  });

  it('reads a file made by another program', async () => {
    const database = join(folder, 'given.duckdb');
    const script = `const { DuckDBInstance } = require('@duckdb/node-api');
      (async () => { const i = await DuckDBInstance.create(${JSON.stringify(database)}); const c = await i.connect();
      await c.run('create table t as select 42 a'); c.closeSync(); i.closeSync(); })()`;
    execFileSync(process.execPath, ['-e', script]);
    await withSession(async (session) => expect(await rowsOf(session, 'from t')).toEqual([[42]]), { database, readOnly: true });
  });
});

describe('statistics', () => {
  it('are a frozen snapshot with real numbers', async () => {
    await withSession(async (session, engine) => {
      const kept = await session.run("select range, repeat('x', 100) from range(20000)");
      const stats = await engine.sampleMemory();
      expect(Object.isFrozen(stats) && Object.isFrozen(stats.cache)).toBe(true);
      expect(stats.memory.resultBytes).toBeGreaterThan(20000 * 100);
      expect(stats.memory.limitBytes).toBeGreaterThan(0);
      expect(stats.parallel.completed).toBe(1);
      expect(await engine.freeMemory()).toBeGreaterThan(0);
      expect(engine.stats().cache.entries).toBe(0);
      expect((await kept.page(19_999, 1))[0]?.[0]).toBe(19_999n);
      kept.release();
      expect(engine.stats().memory.resultBytes).toBe(0);
    }, KEEP_ALL);
  });

  it('lists tables and views, and the temporary ones of a session', async () => {
    await withSession(async (session, engine) => {
      await session.run('create table t(a int, b varchar[]); create view v as from t; create temp table tt(c date)');
      const names = (await engine.catalog(session)).map((entry) => [
        entry.name,
        entry.kind,
        entry.columns.map((column) => column.type).join(),
      ]);
      expect(names).toEqual([
        ['t', 'table', 'INTEGER,VARCHAR[]'],
        ['v', 'view', 'INTEGER,VARCHAR[]'],
        ['tt', 'table', 'DATE'],
      ]);
    });
  });
});
