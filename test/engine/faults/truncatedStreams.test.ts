import { describe, expect, it } from 'vitest';
import { Database } from '../../../engine/duckdb/database.ts';
import { openEngine } from '../../../engine/engine.ts';
import type { Result } from '../../../engine/types.ts';
import { rowsOf, withSession } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const MEBIBYTE = 1024 * 1024;

/** What a run and the early result of it end with. */
async function endsOf(run: (onFirstRows: (result: Result) => void) => Promise<unknown>) {
  const early: Promise<unknown>[] = [];
  const reason = (thrown: unknown) => thrown;
  const failure = await run((result) => {
    early.push(result.page(0, 1), result.page(1_900_000, 1).catch(reason));
    early.push(result.view({ sort: [{ column: 0 }] }).catch(reason));
  }).catch(reason);
  return { failure, early: await Promise.all(early) };
}

describe('a stream that ends before its last row', () => {
  it('is a failure when a row cannot be computed, for the run, its pages and its views', async () => {
    await withSession(async (session) => {
      const sql = "select range, cast(case when range = 1500000 then 'x' else '1' end as int) v from range(2000000)";
      const { failure, early } = await endsOf((onFirstRows) => session.run(sql, undefined, { onFirstRows }));
      const expected = { code: 'sql', message: expect.stringContaining("Could not convert string 'x'") };
      expect(failure).toMatchObject({ ...expected, position: { column: 14 } });
      expect(early).toMatchObject([[[0n, 1]], expected, expected]);
      expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
    });
  });

  it('is a failure when it was interrupted', async () => {
    await withSession(async (session) => {
      const abort = new AbortController();
      const { failure, early } = await endsOf((onFirstRows) =>
        session.run('select range, range::varchar from range(2000000000)', undefined, {
          signal: abort.signal,
          onFirstRows: (result) => {
            onFirstRows(result);
            void result.page(1_000_000, 1).then(() => abort.abort());
          },
        }),
      );
      expect(failure).toMatchObject({ code: 'cancelled' });
      expect(early[2]).toMatchObject({ code: 'cancelled' });
      expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
    });
  });

  it('is a failure when memory ran out', async () => {
    await withSession(
      async (session) => {
        await session.run("set max_temp_directory_size = '1MB'");
        const sql =
          'select range a, null l from range(100000) union all select max(range), list(range) from range(30000000) group by range % 2';
        const { failure } = await endsOf((onFirstRows) => session.run(sql, undefined, { onFirstRows }));
        expect(failure).toMatchObject({ code: 'limit', setting: 'kodiak.memory.limitMegabytes' });
        expect(await rowsOf(session, 'select 1')).toEqual([[1]]);
      },
      { memory: { limitBytes: 64 * MEBIBYTE } },
    );
  });

  it('is a failure when another query came upon its connection', async () => {
    const database = await Database.open({
      database: ':memory:',
      readOnly: false,
      threads: 2,
      memoryLimitBytes: 256 * MEBIBYTE,
      temporaryFolder: temporaryFolder(),
    });
    const connection = await database.connect();
    const text = 'select range, range::varchar from range(3000000)';
    let chunks = 0;
    const run = connection.execute(
      { text, script: text, toScript: (offset) => offset },
      undefined,
      {
        head: () => undefined,
        chunk: async () => {
          if (++chunks === 20) await connection.rows('select 42');
          return true;
        },
      },
      undefined,
    );
    await expect(run).rejects.toMatchObject({ code: 'sql', message: expect.stringContaining('not complete') });
    expect(chunks).toBeLessThan(1400);
    await connection.close();
    database.close();
  });

  it('is told apart from one that its engine ended', async () => {
    const engine = await openEngine();
    const session = await engine.openSession();
    const { failure, early } = await endsOf((onFirstRows) =>
      session.run('from range(3000000000)', undefined, {
        onFirstRows: (result) => {
          onFirstRows(result);
          void engine.close();
        },
      }),
    );
    expect(failure).toMatchObject({ code: 'cancelled' });
    expect(early[2]).toMatchObject({ code: 'cancelled' });
    await engine.close();
  });
});
