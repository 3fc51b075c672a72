import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { backupDatabase } from '../../../server/protocol/backup.ts';
import { historyStopped, readHistory } from '../../../server/protocol/history.ts';
import { runQuery } from '../../../server/protocol/requests.ts';
import { RpcClient } from '../../support/rpcClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** The built server in a process whose files may not grow beyond half a megabyte: to a writer that is a disk which is full. */
async function serverOnFullDisk(historyFolder: string): Promise<RpcClient> {
  const server = spawn('sh', ['-c', 'ulimit -f 1000; exec "$0" dist/server/main.js --stdio', process.execPath], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16', KODIAK_RUNTIME_DIR: temporaryFolder() },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const client = new RpcClient(createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin)));
  const initializationOptions = { historyFolder };
  await client.connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {}, initializationOptions });
  await client.connection.sendNotification('initialized', {});
  return client;
}

it.skipIf(process.platform === 'win32')('a full disk costs the record of statements and the backup, and no query', async () => {
  const folder = temporaryFolder();
  const client = await serverOnFullDisk(join(folder, 'history'));
  const run = (sql: string) => client.request(runQuery, { runId: sql.slice(0, 30), sessionId: 's', sql });
  const stopped = client.next(historyStopped);
  for (let n = 0; n < 40; n++) expect((await run(`select ${n}, '${'x'.repeat(19_000)}'`)).failure).toBeUndefined();
  expect((await stopped).message).toMatch(/not recorded in the history/);
  const read = await client.request(readHistory, { limit: 1000 });
  expect([read.state, read.entries.length > 20]).toEqual(['stopped', true]);
  expect(client.toldOf(historyStopped)).toHaveLength(1);
  await run('create table big as select range as i, hash(range)::varchar as h from range(300000)');
  const failure = await client.failure(backupDatabase, { path: join(folder, 'copy.duckdb'), runId: 'b' });
  expect(['unavailable', 'limit']).toContain(failure.code);
  expect([existsSync(join(folder, 'copy.duckdb')), readdirSync(folder)]).toEqual([false, ['history']]);
  expect((await run('select count(*) from big')).statements[0]?.result.preview).toEqual([[300_000]]);
  expect((await run('select database_name from duckdb_databases() where not internal')).statements[0]?.result.rowCount).toBe(1);
});
