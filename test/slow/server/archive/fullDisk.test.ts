import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { fetchPage, keepingStopped, keepResults, runQuery } from '../../../../server/protocol/requests.ts';
import { RpcClient } from '../../../support/rpcClient.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** The built server in a process whose files may not grow beyond half a megabyte: to a writer that is a disk which is full. */
async function serverOnFullDisk(archiveFolder: string): Promise<RpcClient> {
  const server = spawn('sh', ['-c', 'ulimit -f 500; exec "$0" dist/server/main.js --stdio', process.execPath], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16', KODIAK_RUNTIME_DIR: temporaryFolder() },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const client = new RpcClient(createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin)));
  await client.connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: { archiveFolder },
  });
  await client.connection.sendNotification('initialized', {});
  return client;
}

it.skipIf(process.platform === 'win32')('keeping stops when the disk is full and says so once, and results work on', async () => {
  const folder = temporaryFolder();
  const client = await serverOnFullDisk(folder);
  const keep = async (sql: string) => {
    const outcome = await client.request(runQuery, { runId: sql, sessionId: 'n', sql, pinned: true });
    await client.request(keepResults, { notebook: 'n', sql, occurrence: 0, ranAt: 1, outcome });
    return outcome.statements[0]?.result.resultId ?? '';
  };
  const stopped = client.next(keepingStopped);
  const resultId = await keep('select range, hash(range) h from range(200000)');
  expect((await stopped).message).toMatch(/no longer kept/);
  await keep('select range, hash(range + 1) h from range(200000)');
  expect((await client.request(fetchPage, { resultId, offset: 199_999, limit: 1 })).rows).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(client.toldOf(keepingStopped)).toHaveLength(1);
  expect([readdirSync(join(folder, 'rows')), readdirSync(join(folder, 'cells'))]).toEqual([[], []]);
});
