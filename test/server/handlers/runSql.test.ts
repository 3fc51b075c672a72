import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type RunSqlResult, readStats } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

function runSql(client: RpcClient, ...args: unknown[]): Promise<RunSqlResult> {
  return client.connection.sendRequest<RunSqlResult>('workspace/executeCommand', { command: 'kodiak.runSql', arguments: args });
}

describe('runSql', () => {
  it("answers with the last statement's rows", async () => {
    const { client } = await startEditor();
    expect(await runSql(client, { sql: 'create table t as from range(3000); select range as n from t' })).toMatchObject({
      columns: [{ name: 'n', type: 'BIGINT' }],
      rowCount: 3000,
      provenance: { kind: 'run' },
    });
    expect((await runSql(client, { sql: 'from t limit 2' })).rows).toEqual([[0], [1]]);
    expect(await runSql(client, { sql: 'insert into t values (1), (2)' })).toMatchObject({ rowsChanged: 2 });
  });

  it('answers with the failure and its place', async () => {
    const { client } = await startEditor();
    const { error, rows } = await runSql(client, { sql: 'select 1;\nselect nothing' });
    expect(error).toMatchObject({ code: 'sql', position: { line: 1, column: 7 } });
    expect(rows).toBeUndefined();
  });

  it('has a session for each document, whose folder answers relative paths', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'data.csv'), 'a\n5\n');
    const uri = pathToFileURL(join(folder, 'query.sql')).href;
    const { client } = await startEditor();
    expect((await runSql(client, { sql: "create temp table mine as from 'data.csv'; from mine", uri })).rows).toEqual([[5]]);
    expect((await runSql(client, { sql: 'from mine', uri })).rows).toEqual([[5]]);
    expect((await runSql(client, { sql: 'from mine' })).error?.code).toBe('sql');
    const { pool } = await client.request(readStats, null);
    expect(pool.holders.map(({ name }) => name).sort()).toEqual([uri, 'lsp'].sort());
  });

  it.each([[[]], [[7]], [[{ sql: 7 }]], [[null]]])('refuses %j', async (args) => {
    const { client } = await startEditor();
    await expect(runSql(client, ...args)).rejects.toMatchObject({
      data: { code: 'bug', message: expect.stringContaining('{ sql, uri? }') },
    });
  });

  it('knows no other command', async () => {
    const { client } = await startEditor();
    const request = client.connection.sendRequest('workspace/executeCommand', { command: 'rm', arguments: [] });
    await expect(request).rejects.toMatchObject({ data: { code: 'unavailable' } });
  });
});
