import { spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/engine.ts';
import { rowsOf, withEngine, withSession } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

async function makeFile(path: string, rows = 3): Promise<void> {
  await withSession((session) => rowsOf(session, `create table t as select range as i from range(${rows})`), { database: path });
}

/** Writes to the file in a process of its own, as another program would; gives what went wrong. */
function writeElsewhere(path: string): string {
  const script = `import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
    const connection = await (await DuckDBInstance.create(process.argv[1])).connect();
    await connection.run('insert into t values (99)');
    connection.closeSync();
  }).catch((error) => { console.error(String(error.message)); process.exit(1); });`;
  return spawnSync(process.execPath, ['-e', script, path], { encoding: 'utf8' }).stderr;
}

describe('a database file that is looked at', () => {
  it('is read, and free for other programs as soon as nobody looks', { tags: ['slow'] }, async () => {
    const path = join(temporaryFolder(), "it's.duckdb");
    await makeFile(path);
    await withSession(async (session, engine) => {
      const name = await engine.lookAt(path);
      expect(await engine.lookAt(path)).toBe(name);
      expect(await rowsOf(session, `from ${name}.main.t`)).toHaveLength(3);
      expect((await engine.databases()).map((database) => database.name)).toEqual(['memory']);
      expect((await engine.schema({ database: name, schema: 'main' })).map((object) => object.name)).toEqual(['t']);
      await expect(session.run(`insert into ${name}.main.t values (1)`)).rejects.toThrow(/read-only/);
      expect(writeElsewhere(path)).toMatch(/lock/i);
      await engine.leave(path);
      expect(await rowsOf(session, `from ${name}.main.t`)).toHaveLength(3);
      await engine.leave(path);
      expect(writeElsewhere(path)).toBe('');
      const again = await engine.lookAt(path);
      expect(await rowsOf(session, `from ${again}.main.t`)).toHaveLength(4);
      await engine.leave(path);
    });
  });

  it('keeps its rows when it is left, and leaves the cache of others as it is', async () => {
    const path = join(temporaryFolder(), 'a.duckdb');
    await makeFile(path, 100_000);
    await withSession(
      async (session, engine) => {
        const sql = 'select sum(range) from range(1000000)';
        (await session.run(sql)).release();
        const name = await engine.lookAt(path);
        const result = await session.run(`from ${name}.main.t`);
        await engine.leave(path);
        expect(await result.page(99_999, 1)).toEqual([[99_999n]]);
        const sorted = await result.view({ sort: [{ column: 0, descending: true }] });
        expect(await sorted.page(0, 1)).toEqual([[99_999n]]);
        sorted.release();
        result.release();
        const second = await session.run(sql);
        expect(second.provenance.kind).toBe('proved');
        second.release();
      },
      { cache: { minCostMs: 0 } },
    );
  });

  it('is the engine’s own database without being attached again, also by another path', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'own.duckdb');
    const link = join(folder, 'link.duckdb');
    await makeFile(path);
    symlinkSync(path, link);
    await withEngine({ database: path }, async (engine) => {
      expect(await engine.lookAt(link)).toBe('own');
      await engine.leave(link);
      expect((await engine.databases()).map(({ name }) => name)).toEqual(['own']);
    });
  });

  it('says who locks it, and what is no database', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'text.duckdb');
    writeFileSync(path, 'no database at all, but a text that is long enough to be looked at. '.repeat(100));
    const engine = await openEngine();
    try {
      await expect(engine.lookAt(path)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/not a valid DuckDB/i),
      });
      await expect(engine.lookAt(join(folder, 'none.duckdb'))).rejects.toMatchObject({ code: 'unavailable' });
      writeFileSync(path, '');
      await expect(engine.lookAt(path)).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      await engine.close();
    }
  });
});
