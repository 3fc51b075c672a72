import { execFileSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DatabaseFiles } from '../../../engine/cache/databaseFiles.ts';
import { StatementCount } from '../../../engine/duckdb/statementCount.ts';
import { withEngine } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('a database file that changes without a statement', () => {
  it('ends all proofs', async () => {
    const database = join(temporaryFolder(), 'x.duckdb');
    await withEngine({ database, cache: { minCostMs: 0 } }, async (engine) => {
      const session = await engine.openSession();
      const ask = async () => {
        const result = await session.run('select sum(a) from t');
        result.release();
        return result.provenance.kind;
      };
      await session.run('create table t as from range(1000) r(a)');
      await session.run('checkpoint');
      expect([await ask(), await ask(), await ask()]).toEqual(['run', 'proved', 'proved']);
      // Only the time: what a program does that writes although the file is locked.
      execFileSync(process.execPath, ['-e', `require('fs').utimesSync(${JSON.stringify(database)}, 1, 1)`]);
      expect([await ask(), await ask()]).toEqual(['run', 'proved']);
      await session.close();
    });
  });

  it('is told from one that a statement changed', async () => {
    const file = join(temporaryFolder(), 'x');
    execFileSync(process.execPath, ['-e', `require('fs').writeFileSync(${JSON.stringify(file)}, 'x')`]);
    const files = new DatabaseFiles();
    files.setPaths([file]);
    expect(files.changedByOthers()).toBe(false);
    await files.around(async () => utimesSync(file, 1, 1));
    expect(files.changedByOthers()).toBe(false);
    utimesSync(file, 2, 2);
    expect([files.changedByOthers(), files.changedByOthers()]).toEqual([true, false]);
  });
});

describe('the count of statements', () => {
  it('agrees with DuckDB whatever ran', { tags: ['slow'] }, async () => {
    const log: string[] = [];
    await withEngine({ cache: { minCostMs: 0 }, log: (line) => log.push(line) }, async (engine) => {
      const [a, b] = [await engine.openSession(), await engine.openSession({ cwd: temporaryFolder() })];
      const run = async (sql: string) => {
        await a.run(sql).catch(() => undefined);
        await engine.sampleMemory();
        await a.run('select sum(a) from t').catch(() => undefined);
        await b.run(sql).catch(() => undefined);
        await engine.sampleMemory();
      };
      await run('create or replace table t as from range(10) r(a)');
      for (const sql of ['from t', 'selec', 'select nope', "select error('x')", 'pivot t on a using count(*)', 'begin; from t; commit'])
        await run(sql);
      for (const sql of ['prepare p as select 1; execute p; deallocate p', "set default_order = 'desc'", 'explain analyze from t'])
        await run(sql);
      await run('select cast(a || $$x$$ as int) from range(100000) r(a)');
      await a.run('select $1 + 1', [1]);
      await engine.catalog(a);
      await engine.sampleMemory();
      await Promise.all([a.close(), b.close()]);
    });
    expect(log).toEqual([]);
  });

  it('notices a statement that was not submitted', async () => {
    const count = new StatementCount();
    let ran = 40;
    const statement = async () => ++ran;
    const read = () => count.around(statement);
    expect(await count.isExceeded(read)).toBe(false);
    await count.around(statement);
    expect(await count.isExceeded(read)).toBe(false);
    ran++;
    expect(await count.isExceeded(read)).toBe(true);
    expect(await count.isExceeded(read)).toBe(false);
  });
});
