import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { translateFailure } from '../../../engine/duckdb/failure.ts';
import { openEngine } from '../../../engine/engine.ts';
import { rowsOf, withEngine } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('a fatal fault of DuckDB', () => {
  it('is said with its remedy by every statement after it; stored results stay readable, and committed rows too', async () => {
    const database = join(temporaryFolder(), 'x.duckdb');
    const engine = await openEngine({ database });
    const [session, other] = [await engine.openSession(), await engine.openSession()];
    await session.run("create table t as from range(1000); set debug_checkpoint_abort = 'before_truncate'");
    const kept = await session.run('from range(2000000)');
    await session.run('insert into t values (1)');
    await expect(session.run('checkpoint')).rejects.toMatchObject({ code: 'bug', message: expect.stringContaining('FATAL') });
    const closed = { code: 'unavailable', message: expect.stringMatching(/Restart the Server.*The fault was: .*[Cc]heckpoint/s) };
    await expect(session.run('select 1')).rejects.toMatchObject(closed);
    await expect(other.run('from t')).rejects.toMatchObject(closed);
    await expect(engine.catalog()).rejects.toMatchObject(closed);
    expect((await kept.page(1_999_999, 1))[0]).toEqual([1_999_999n]);
    expect((await engine.sampleMemory()).memory.storedBytes).toBeGreaterThan(0);
    await engine.close();
    await withEngine({ database }, async (again) => {
      const reader = await again.openSession();
      expect(await rowsOf(reader, 'select count(*) from t')).toEqual([[1001n]]);
      await reader.close();
    });
  });
});

describe('an internal error of DuckDB', () => {
  it('is a bug that is said to be DuckDB’s', () => {
    const thrown = new Error('{"exception_type":"INTERNAL","exception_message":"Attempted to access index 3 within vector of size 3"}');
    expect(translateFailure(thrown)).toMatchObject({ code: 'bug', message: expect.stringMatching(/fault of its own.*index 3/) });
    const plain = new Error('INTERNAL Error: Attempted to access index 3 within vector of size 3\nThis error signals an assertion failure');
    expect(translateFailure(plain)).toMatchObject({ code: 'bug' });
  });
});
