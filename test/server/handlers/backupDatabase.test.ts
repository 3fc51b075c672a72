import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupDatabase, restoreDatabase } from '../../../server/protocol/backup.ts';
import { readHistory } from '../../../server/protocol/history.ts';
import { catalogChanged, queryProgress, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('backing up and restoring over the protocol', () => {
  it('copies the database, puts the copy back, tells of the progress, and is a part of the history', async () => {
    const folder = temporaryFolder();
    const { client } = await startEditor({ settings: { database: join(folder, 'live.duckdb'), historyFolder: join(folder, 'history') } });
    const run = (sql: string) => client.request(runQuery, { runId: sql, sessionId: 's', sql });
    await run(
      'create table p(id integer primary key); create table c(id integer references p(id)); insert into p values (1); insert into c values (1)',
    );
    const path = join(folder, 'copy.duckdb');
    expect(await client.request(backupDatabase, { path, runId: 'b' })).toEqual({ tables: 2, rows: 2, bytes: expect.any(Number) });
    expect(client.toldOf(queryProgress).filter(({ runId }) => runId === 'b').length).toBe(2);
    expect(await client.failure(backupDatabase, { path, runId: 'b' })).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('exists already'),
    });
    await run('drop table c');
    const changed = client.next(catalogChanged);
    const before = join(folder, 'live.duckdb.before-restore');
    expect(await client.request(restoreDatabase, { path, runId: 'r' })).toEqual({ tables: 2, rows: 2, before });
    await changed;
    expect((await run('from c')).statements[0]?.result.preview).toEqual([[1]]);
    await run('begin');
    expect(await client.failure(restoreDatabase, { path, runId: 'r' })).toMatchObject({
      message: expect.stringContaining('s has an open transaction'),
    });
    const { entries } = await client.request(readHistory, { limit: 100, search: '-- the database' });
    expect(entries.map(({ sql, kind, outcome }) => [sql, kind, outcome])).toEqual([
      [`-- Restore the database from ${path}`, undefined, 'failed'],
      [`-- Restore the database from ${path}`, 'RESTORE', 'done'],
      [`-- Back up the database into ${path}`, undefined, 'failed'],
      [`-- Back up the database into ${path}`, 'BACKUP', 'done'],
    ]);
    expect(readdirSync(folder).sort()).toEqual(['copy.duckdb', 'history', 'live.duckdb', 'live.duckdb.before-restore', 'live.duckdb.wal']);
  });
});
