import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshnessUnopened, openEngine } from '../../engine/engine.ts';
import type { Engine, EngineOptions, Freshness, Session } from '../../engine/types.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const NODE_API = createRequire(import.meta.url).resolve('@duckdb/node-api');

/** A database file with a history, and lives of it. */
class Lives {
  readonly folder = temporaryFolder();
  readonly options: EngineOptions;

  constructor(options: EngineOptions = {}) {
    this.options = { database: join(this.folder, 'data.duckdb'), historyFolder: join(this.folder, 'history'), ...options };
  }

  async live<T>(use: (session: Session, engine: Engine) => Promise<T>, options: EngineOptions = {}): Promise<T> {
    const engine = await openEngine({ ...this.options, ...options });
    try {
      const session = await engine.openSession({ cwd: this.folder });
      return await use(session, engine);
    } finally {
      await engine.close();
    }
  }

  unopened(record: unknown): Freshness {
    return freshnessUnopened(record, this.options, Date.now());
  }

  /** Another program on the database file, which ends as it likes. */
  other(...statements: string[]): void {
    const program = `
      const { DuckDBInstance } = require(${JSON.stringify(NODE_API)});
      (async () => {
        const instance = await DuckDBInstance.create(${JSON.stringify(this.options.database)});
        const connection = await instance.connect();
        for (const sql of ${JSON.stringify(statements)}) {
          if (sql === 'kill') process.kill(process.pid, 'SIGKILL');
          await connection.run(sql);
        }
        connection.closeSync();
        instance.closeSync();
      })();`;
    try {
      execFileSync(process.execPath, ['-e', program], { stdio: 'pipe' });
    } catch (thrown) {
      if ((thrown as { signal?: string }).signal !== 'SIGKILL') throw thrown;
    }
  }

  path(name: string): string {
    return join(this.folder, name);
  }
}

/** What a statement read, as it is written down and read again. */
async function recordOf(session: Session, sql: string): Promise<unknown> {
  const result = await session.run(sql);
  const record = await result.reading?.record();
  result.release();
  return JSON.parse(JSON.stringify(record));
}

function state(freshness: Freshness): string {
  return freshness.state;
}

async function parquet(session: Session, path: string, rows: number): Promise<void> {
  await session.run(`copy (from range(${rows})) to '${path}'`);
}

/** Files that changed moments ago are not proved unchanged. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 150));
}

describe('the record of what a statement read', () => {
  it('is fresh in the next life of the database, before and after it is opened, and stale after a write of that table', async () => {
    const lives = new Lives();
    const [a, b] = await lives.live(async (session) => {
      await session.run('create table a as from range(10); create table b as from range(10)');
      return [await recordOf(session, 'from a'), await recordOf(session, 'select count(*) from b')];
    });
    expect([lives.unopened(a), lives.unopened(b)].map(state)).toEqual(['fresh', 'fresh']);
    await lives.live(async (session, engine) => {
      expect([engine.freshnessOf(a), engine.freshnessOf(b)].map(state)).toEqual(['fresh', 'fresh']);
      await session.run('insert into b values (1)');
      expect(engine.freshnessOf(a).state).toBe('fresh');
      expect(engine.freshnessOf(b)).toMatchObject({ state: 'stale', change: { kind: 'table', name: 'data.main.b' } });
    });
    expect(lives.unopened(a).state).toBe('fresh');
    expect(lives.unopened(b)).toMatchObject({ state: 'stale', change: { kind: 'table', name: 'data.main.b' } });
    await lives.live(async (_session, engine) => {
      expect([engine.freshnessOf(a), engine.freshnessOf(b)].map(state)).toEqual(['fresh', 'stale']);
    });
  });

  it('says nothing of a table when another program had the file open and wrote, however it ended', { tags: ['slow'] }, async () => {
    for (const statements of [
      ['insert into a values (1)'],
      ['insert into a values (1)', 'kill'],
      ['create table z (i integer)', 'checkpoint', 'kill'],
    ]) {
      const lives = new Lives();
      const record = await lives.live(async (session) => {
        await session.run('create table a as from range(10)');
        return await recordOf(session, 'from a');
      });
      lives.other(...statements);
      expect(lives.unopened(record).state, statements.join()).toBe('unknown');
      await lives.live(async (_session, engine) => {
        expect(engine.freshnessOf(record).state).toBe('unknown');
      });
      expect(lives.unopened(record).state).toBe('unknown');
    }
  });

  it('is fresh when another program has only read the file, or was killed while it did', { tags: ['slow'] }, async () => {
    const lives = new Lives();
    const record = await lives.live(async (session) => {
      await session.run('create table a as from range(10)');
      return await recordOf(session, 'from a');
    });
    lives.other('from a');
    lives.other('from a', 'kill');
    expect(lives.unopened(record).state).toBe('fresh');
  });

  it('is unknown after a life that was not closed in order, and after one without a history', async () => {
    const lives = new Lives();
    const record = await lives.live(async (session) => {
      await session.run('create table a as from range(10)');
      return await recordOf(session, 'from a');
    });
    await lives.live(
      async (session) => {
        await session.run('insert into a values (1)');
      },
      { historyFolder: undefined } as unknown as EngineOptions,
    );
    expect(lives.unopened(record).state).toBe('unknown');
  });

  it('knows that tables in memory are gone, and not before', async () => {
    const lives = new Lives({ database: ':memory:' });
    const record = await lives.live(async (session, engine) => {
      await session.run('create table a as from range(10)');
      const read = await recordOf(session, 'from a');
      expect(engine.freshnessOf(read).state).toBe('fresh');
      return read;
    });
    const gone = { state: 'unknown', reason: expect.stringContaining('gone with the last session') };
    expect(lives.unopened(record)).toMatchObject(gone);
    await lives.live(async (session, engine) => {
      await session.run('create table a as from range(10)');
      expect(engine.freshnessOf(record)).toMatchObject(gone);
    });
  });

  it('compares files in any life, and names the one that changed', async () => {
    const lives = new Lives({ database: ':memory:' });
    writeFileSync(lives.path('orders.csv'), 'a,b\n1,2\n');
    const { csv, one, many } = await lives.live(async (session) => {
      for (const name of ['p1', 'p2']) await parquet(session, lives.path(`${name}.parquet`), 5);
      await settle();
      const read = {
        csv: await recordOf(session, "from 'orders.csv'"),
        one: await recordOf(session, "from 'p1.parquet'"),
        many: await recordOf(session, "select count(*) from 'p*.parquet'"),
      };
      return read;
    });
    const states = () => [csv, one, many].map((record) => lives.unopened(record).state);
    expect(states()).toEqual(['fresh', 'fresh', 'fresh']);
    const { atime, mtime } = statSync(lives.path('orders.csv'));
    writeFileSync(lives.path('orders.csv'), 'a,b\n1,3\n');
    utimesSync(lives.path('orders.csv'), atime, mtime);
    expect(lives.unopened(csv)).toMatchObject({ state: 'stale', change: { kind: 'file', name: expect.stringMatching(/orders\.csv$/) } });
    writeFileSync(lives.path('p3.parquet'), readFileSync(lives.path('p2.parquet')));
    expect(states()).toEqual(['stale', 'fresh', 'stale']);
    rmSync(lives.path('p3.parquet'));
    expect(states()).toEqual(['stale', 'fresh', 'fresh']);
    rmSync(lives.path('p1.parquet'));
    expect(states()).toEqual(['stale', 'stale', 'stale']);
  });

  it('does not trust names that lead to files, where they may mean something else now', { tags: ['slow'] }, async () => {
    const inMemory = new Lives({ database: ':memory:' });
    const onDisk = new Lives();
    for (const lives of [inMemory, onDisk]) {
      const records = await lives.live(async (session) => {
        await parquet(session, lives.path('p.parquet'), 5);
        await settle();
        await session.run("create view v as from '" + lives.path('p.parquet') + "'; create macro m() as table (select 1 as a)");
        return [await recordOf(session, 'from v'), await recordOf(session, 'from m()')];
      });
      expect(records.map((record) => lives.unopened(record).state)).toEqual(lives === onDisk ? ['fresh', 'fresh'] : ['unknown', 'unknown']);
      if (lives === inMemory) continue;
      await lives.live(async (session, engine) => {
        await session.run('create or replace view v as select 1');
        expect(engine.freshnessOf(records[0])).toMatchObject({ state: 'unknown', reason: expect.stringContaining('views') });
      });
      expect(lives.unopened(records[0]).state).toBe('unknown');
    }
  });

  it('does not trust temporary tables, parameters, attached databases of another life, or what it cannot know', async () => {
    const lives = new Lives();
    const records = await lives.live(async (session, engine) => {
      await session.run(
        `attach '${lives.path('other.duckdb')}' as other; create table other.t as from range(3); create table a as from range(3)`,
      );
      await session.run('create temp table tmp as from range(3)');
      const attached = await recordOf(session, 'from other.t');
      expect(engine.freshnessOf(attached).state).toBe('fresh');
      const parameter = await session.run('select * from a where range > $1', [1]);
      const asked = JSON.parse(JSON.stringify(await parameter.reading?.record()));
      parameter.release();
      return [attached, await recordOf(session, 'from tmp'), await recordOf(session, 'select random() from a'), asked];
    });
    await lives.live(async (_session, engine) => {
      expect(records.map((record) => engine.freshnessOf(record).state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
      expect(records.map((record) => engine.freshnessOf(record)).map((freshness) => 'reason' in freshness && freshness.reason)).toEqual([
        'it reads another database that was attached',
        'its temporary tables are gone with the last session',
        expect.stringContaining('random'),
        expect.stringContaining('parameters'),
      ]);
    });
  });

  it('of a statement that changed data is done, and of nothing at all fresh', async () => {
    const lives = new Lives();
    const records = await lives.live(async (session) => {
      await session.run('create table a (i integer)');
      return [await recordOf(session, 'insert into a values (1)'), await recordOf(session, 'select 1 + 1')];
    });
    expect(records.map((record) => lives.unopened(record).state)).toEqual(['done', 'fresh']);
  });

  it('was written down too late when something had changed by then', async () => {
    const lives = new Lives();
    await lives.live(async (session, engine) => {
      await session.run('create table a as from range(10)');
      const result = await session.run('from a');
      await session.run('insert into a values (1)');
      expect(engine.freshnessOf(await result.reading?.record())).toMatchObject({
        state: 'unknown',
        reason: expect.stringContaining('changed already'),
      });
      result.release();
    });
  });

  it('that is damaged, or was made by nobody, is unknown', async () => {
    const lives = new Lives();
    const whole = await lives.live(async (session) => await recordOf(session, 'select 1'));
    expect(lives.unopened(whole).state).toBe('fresh');
    const damaged = [
      undefined,
      null,
      7,
      {},
      { kind: 'read' },
      { ...(whole as object), files: [1] },
      { ...(whole as object), dependencies: {} },
      { kind: 'x' },
    ];
    for (const record of damaged) expect(lives.unopened(record).state).toBe('unknown');
  });
});
