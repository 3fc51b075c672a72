import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEngine } from '../../../engine/engine.ts';
import type { Engine, EngineOptions, Session } from '../../../engine/types.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Of every kind that a catalog holds. */
const EVERYTHING = `
  create schema "other S"; create type mood as enum ('a', 'b'); create type "other S".pt as struct(x integer, y integer);
  create sequence seq start 5 increment 2; select nextval('seq'); select nextval('seq'); create sequence fresh start 7;
  create table z_parent(id integer primary key, name varchar not null unique, m mood default 'a', check (id > 0));
  create table child(id integer default nextval('seq'), pid integer references z_parent(id), twice integer generated always as (pid * 2), s "other S".pt);
  insert into z_parent values (1, 'x', 'a'), (2, 'ü', 'b'); insert into child(pid, s) values (1, {x: 1, y: 2}), (2, null), (null, null);
  create table tree(id integer primary key, up integer references tree(id));
  insert into tree values (3, null); insert into tree values (2, 3); insert into tree values (1, 2);
  create index ix on child(pid); create view v as select * from z_parent join child on z_parent.id = child.pid; create view a_view as from v;
  create macro mm(a, b := 2) as a + b; create macro tm(x) as table select * from z_parent where id = x; create macro "other S".m3() as 3;
  comment on table z_parent is 'hello'; comment on column z_parent.name is 'a name'; comment on view v is 'a view'; comment on macro mm is 'a macro';
  create table "we""ird T"("a b" integer, f double, l integer[], b blob); insert into "we""ird T" values (3, 'nan', [1, null], 'x'::blob), (null, -0.0, null, null);
  create table empty(a integer); create table "other S".t as select range as i, 'row ' || range as name from range(5000);
`;

async function engineOn(database: string, more: EngineOptions = {}): Promise<{ engine: Engine; session: Session }> {
  const engine = await openEngine({ database, cache: { minCostMs: 0 }, ...more });
  onTestFinished(() => engine.close());
  return { engine, session: await engine.openSession() };
}

async function rowsOf(session: Session, sql: string) {
  const result = await session.run(sql);
  const rows = await result.page(0, result.rowCount);
  result.release();
  return rows;
}

const definitions = async (session: Session) => [
  await rowsOf(
    session,
    'select schema_name, table_name, sql, comment from duckdb_tables() where database_name = current_database() order by all',
  ),
  await rowsOf(
    session,
    'select schema_name, view_name, sql, comment from duckdb_views() where database_name = current_database() and not internal order by all',
  ),
  await rowsOf(
    session,
    'select schema_name, function_name, macro_definition, comment from duckdb_functions() where database_name = current_database() and not internal order by all',
  ),
  await rowsOf(
    session,
    'select schema_name, type_name, labels from duckdb_types() where database_name = current_database() and not internal order by all',
  ),
  await rowsOf(session, 'select index_name, sql from duckdb_indexes() where database_name = current_database() order by all'),
  await rowsOf(
    session,
    'select table_name, column_name, comment from duckdb_columns() where database_name = current_database() and comment is not null and not internal order by all',
  ),
];

describe('a backup', () => {
  it('has every kind of object, all rows, and where sequences stood; of a database in memory, too', async () => {
    const folder = temporaryFolder();
    const { engine, session } = await engineOn(':memory:');
    await session.runAll(EVERYTHING);
    await session.run('create temp table mine as select 1');
    const cached = async () => {
      const result = await session.run('select count(*) from z_parent');
      result.release();
      return result.provenance.kind;
    };
    await cached();
    const progress: number[] = [];
    const file = join(folder, 'copy.duckdb');
    const summary = await engine.backup(file, { onProgress: ({ percent }) => void progress.push(percent) });
    expect(summary).toMatchObject({ tables: 6, rows: 2 + 3 + 3 + 2 + 5000 });
    expect(progress.at(-1)).toBe(50);
    expect(readdirSync(folder)).toEqual(['copy.duckdb']);
    // It changes nothing, and no cached answer is lost.
    expect(await cached()).toBe('proved');
    const copy = await engineOn(file);
    expect(await definitions(copy.session)).toEqual(await definitions(session));
    for (const table of ['z_parent', 'child', 'tree', '"we""ird T"', '"other S".t', 'v', 'a_view'])
      expect(await rowsOf(copy.session, `from ${table} order by all`), table).toEqual(await rowsOf(session, `from ${table} order by all`));
    for (const sequence of ['seq', 'fresh'])
      expect(await rowsOf(copy.session, `select nextval('${sequence}')`)).toEqual(await rowsOf(session, `select nextval('${sequence}')`));
    await expect(copy.session.run('insert into child(pid) values (99)')).rejects.toThrow('foreign key');
    expect(await rowsOf(session, 'select count(*) from duckdb_databases() where not internal')).toEqual([[1n]]);
  });

  it('is one state while somebody writes', async () => {
    const folder = temporaryFolder();
    const { engine, session } = await engineOn(join(folder, 'live.duckdb'));
    await session.runAll(
      'create table a(i integer); create table b(i integer); create table many as select range as i from range(1500000); insert into a select range from range(100000); insert into b select range from range(100000)',
    );
    const writer = await engine.openSession();
    let writes = 0;
    let done = false;
    const writing = (async () => {
      while (!done) {
        await writer.runAll(`begin; insert into a values (${writes}); insert into b values (${writes}); commit`);
        writes++;
      }
    })();
    const summaries = [await engine.backup(join(folder, '1.duckdb')), await engine.backup(join(folder, '2.duckdb'))];
    done = true;
    await writing;
    expect(writes).toBeGreaterThan(2);
    for (const [index, { rows }] of summaries.entries()) {
      const copy = await engineOn(join(folder, `${index + 1}.duckdb`));
      const [[a, b] = []] = await rowsOf(copy.session, 'select (select count(*) from a), (select count(*) from b)');
      expect([a, Number(a) + Number(b) + 1_500_000]).toEqual([b, rows]);
    }
    expect(summaries[1]?.rows).toBeGreaterThan(summaries[0]?.rows ?? 0);
  });

  it('never takes the place of a file without being asked, nor that of the open database, and leaves nothing half', async () => {
    const folder = temporaryFolder();
    const { engine, session } = await engineOn(join(folder, 'live.duckdb'));
    await session.run('create table t as from range(10)');
    const file = join(folder, 'copy.duckdb');
    writeFileSync(file, 'mine');
    await expect(engine.backup(file)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('exists already') });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await expect(engine.backup(join(folder, 'live.duckdb'), { overwrite: true })).rejects.toThrow('it is a database that is open');
    await expect(engine.backup(join(folder, 'missing', 'x.duckdb'))).rejects.toThrow('does not exist');
    const aborted = AbortSignal.abort();
    await expect(engine.backup(join(folder, 'x.duckdb'), { signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
    expect((await engine.backup(file, { overwrite: true })).rows).toBe(10);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('can be cancelled while it copies', async () => {
    const folder = temporaryFolder();
    const { engine, session } = await engineOn(':memory:');
    await session.runAll(
      'create table a as from range(10); create table big as select range as i, hash(range)::varchar as h from range(3000000)',
    );
    const cancel = new AbortController();
    const backup = engine.backup(join(folder, 'x.duckdb'), { signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(backup).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(folder)).toEqual([]);
    expect(await rowsOf(session, 'select count(*) from big')).toEqual([[3000000n]]);
  });
});

describe('restoring', () => {
  it('replaces all contents, keeps a copy of what was there, and no cached answer survives', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'live.duckdb');
    const { engine, session } = await engineOn(file);
    await session.runAll(EVERYTHING);
    const before = await definitions(session);
    await engine.backup(join(folder, 'copy.duckdb'));
    await session.runAll(
      "insert into z_parent values (3, 'later', 'a'); drop view a_view; create table more as select 1; create schema s3; create table s3.t(a int)",
    );
    expect(await rowsOf(session, 'select count(*) from z_parent')).toEqual([[3n]]);
    const restored = await engine.restore(join(folder, 'copy.duckdb'));
    expect(restored).toEqual({ tables: 6, rows: 5010, before: `${file}.before-restore` });
    expect(await rowsOf(session, 'select count(*) from z_parent')).toEqual([[2n]]);
    expect(await definitions(session)).toEqual(before);
    const old = await engineOn(`${file}.before-restore`);
    expect(await rowsOf(old.session, 'select count(*) from z_parent')).toEqual([[3n]]);
    expect((await engine.restore(join(folder, 'copy.duckdb'))).before).toBe(`${file}.before-restore-2`);
  });

  it('works for a database in memory', async () => {
    const folder = temporaryFolder();
    const { engine, session } = await engineOn(':memory:');
    await session.run('create table t as select 1 as a');
    await engine.backup(join(folder, 'copy.duckdb'));
    await session.run('update t set a = 2');
    expect(await engine.restore(join(folder, 'copy.duckdb'))).toEqual({ tables: 1, rows: 1 });
    expect(await rowsOf(session, 'from t')).toEqual([[1]]);
  });

  it('changes nothing when a transaction is open, the file is none, or it is cancelled', async () => {
    const folder = temporaryFolder();
    const { engine, session } = await engineOn(':memory:');
    await session.run('create table t as from range(1000)');
    await engine.backup(join(folder, 'copy.duckdb'));
    writeFileSync(join(folder, 'damaged.duckdb'), 'no database '.repeat(1000));
    await session.run('insert into t values (1)');
    await session.run('begin');
    await expect(engine.restore(join(folder, 'copy.duckdb'))).rejects.toThrow('has an open transaction');
    await session.run('commit');
    await expect(engine.restore(join(folder, 'damaged.duckdb'))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(engine.restore(join(folder, 'missing.duckdb'))).rejects.toMatchObject({ code: 'unavailable' });
    const cancel = new AbortController();
    await expect(
      engine.restore(join(folder, 'copy.duckdb'), { signal: cancel.signal, onProgress: () => cancel.abort() }),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await rowsOf(session, 'select count(*) from t')).toEqual([[1001n]]);
    expect(await rowsOf(session, 'select count(*) from duckdb_databases() where not internal')).toEqual([[1n]]);
  });
});
