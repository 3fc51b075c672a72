import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { rowsOf, withSession } from '../../../support/engines.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const MEBIBYTE = 1024 * 1024;
const results = { memoryLimitBytes: 32 * MEBIBYTE, maxSpillBytes: 8 * MEBIBYTE };
const LARGE = "select range, hash(range) || 'abc' || hash(range + 1) x from range(3000000)";

it('ends a result that does not fit into memory and spill space, and the next one works', async () => {
  await withSession(
    async (session) => {
      for (let round = 0; round < 3; round++) {
        await expect(session.run(LARGE)).rejects.toMatchObject({ code: 'limit', setting: 'kodiak.results.memoryMegabytes' });
        expect(await rowsOf(session, "select max(s) from (select 'x' || range s from range(400000))")).toEqual([['x99999']]);
      }
      const fits = await session.run("select range, 'x' || range s from range(400000)");
      expect(await fits.page(399_999, 1)).toEqual([[399_999n, 'x399999']]);
      fits.release();
    },
    { results },
  );
});

it('ends a view that does not fit, and its result stays readable', async () => {
  await withSession(
    async (session) => {
      const result = await session.run(LARGE.replace('3000000', '500000'));
      await expect(result.view({ sort: [{ column: 1 }] })).rejects.toMatchObject({
        code: 'limit',
        setting: 'kodiak.results.memoryMegabytes',
      });
      expect((await result.page(499_999, 1))[0]?.[0]).toBe(499_999n);
      const view = await result.view({ filters: [{ column: 0, op: 'equals', values: [7] }] });
      expect(await view.positions(0, 9)).toEqual([7]);
      view.release();
      result.release();
    },
    { results },
  );
});

it('names the limit of the database itself when its own spilling fails', async () => {
  await withSession(
    async (session) => {
      await session.run("set max_temp_directory_size = '4MB'");
      const sql = 'from range(20000000) t(a) order by hash(a)';
      await expect(session.run(sql)).rejects.toMatchObject({ code: 'limit', setting: 'kodiak.memory.limitMegabytes' });
      expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
    },
    { memory: { limitBytes: 32 * MEBIBYTE } },
  );
});

it.skipIf(process.platform === 'win32')('leaves the old file when the disk does not take an export', async () => {
  // Files of this process may not grow beyond 1 MB: to a writer that is a disk which is full.
  const folder = temporaryFolder();
  const root = resolve(import.meta.dirname, '../../../..');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await build({
    absWorkingDir: root,
    entryPoints: ['engine/engine.ts'],
    outfile: join(folder, 'engine.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@duckdb/*'],
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'old.csv'), 'old');
  writeFileSync(
    join(folder, 'run.cjs'),
    `const { openEngine } = require('./engine.cjs');
    (async () => {
      const engine = await openEngine();
      const session = await engine.openSession();
      const result = await session.run("select range, hash(range) h from range(200000)");
      const failures = [];
      for (const format of ['csv', 'parquet', 'json', 'jsonl']) {
        await result.export(${JSON.stringify(join(folder, 'old.csv'))}, { format, overwrite: true }).catch((failure) => failures.push([failure.code, failure.message]));
      }
      console.log(JSON.stringify([failures, (await result.page(199999, 1)).length]));
      await engine.close();
    })();`,
  );
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -f 1000; exec "$0" run.cjs', process.execPath], { cwd: folder, encoding: 'utf8' });
  const [failures, rows] = JSON.parse(stdout) as [[string, string][], number];
  expect(failures.map(([code]) => code)).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable']);
  for (const [, message] of failures) expect(message).toContain('old.csv cannot be written');
  expect(rows).toBe(1);
  expect(readFileSync(join(folder, 'old.csv'), 'utf8')).toBe('old');
  expect(readdirSync(folder).sort()).toEqual(['engine.cjs', 'node_modules', 'old.csv', 'run.cjs']);
});
