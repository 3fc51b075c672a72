import { expect, it } from 'vitest';
import { fetchPage, openView, pinResult, readSocket, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';
import { attachTerminal } from '../../support/terminalClient.ts';

let runs = 0;
/** About 20 MB, kept in memory of 32 MiB: two of them are more than the budget. */
async function largeResult(client: RpcClient, pinned = false): Promise<string> {
  const sql = "select range, repeat('z', 100) from range(150000)";
  const { statements } = await client.request(runQuery, { runId: `run ${++runs}`, sessionId: 'notebook', sql, pinned });
  return statements[0]?.result.resultId ?? '';
}

it('keeps what is shown, and drops the oldest of the rest with a reason', { tags: ['slow'] }, async () => {
  const { client } = await startEditor({ settings: { resultsMemoryMegabytes: 32 } });
  const page = (resultId: string) => client.request(fetchPage, { resultId, offset: 149_999, limit: 1 }).then(({ rows }) => rows.length);
  const shown = await largeResult(client, true);
  const [second, third] = [await largeResult(client), await largeResult(client)];
  await client.request(pinResult, { resultId: second, pinned: true });
  for (let more = 0; more < 3; more++) await largeResult(client);
  expect([await page(shown), await page(second)]).toEqual([1, 1]);
  expect(await client.failure(fetchPage, { resultId: third, offset: 0, limit: 1 })).toMatchObject({
    code: 'unavailable',
    remedy: 'runAgain',
    setting: 'kodiak.results.memoryMegabytes',
    message: expect.stringContaining('dropped'),
  });
  await client.request(pinResult, { resultId: second, pinned: false });
  for (let more = 0; more < 3; more++) await largeResult(client);
  expect((await client.failure(pinResult, { resultId: second, pinned: true })).remedy).toBe('runAgain');
  expect(await page(shown)).toBe(1);
});

it('does not keep the results of a script from its own answer', { tags: ['slow'] }, async () => {
  const { client } = await startEditor({ settings: { resultsMemoryMegabytes: 32 } });
  const one = "select range, repeat('z', 100) from range(150000);";
  const { statements, failure } = await client.request(runQuery, {
    runId: 'script',
    sessionId: 'notebook',
    sql: one.repeat(4),
    pinned: true,
  });
  expect(failure).toBeUndefined();
  for (const { result } of statements) {
    const { resultId } = result;
    expect((await client.request(fetchPage, { resultId, offset: 149_999, limit: 1 })).rows).toHaveLength(1);
    expect((await client.request(openView, { resultId, search: 'nothing', pinned: true })).rowCount).toBe(0);
  }
});

it('ends with the client that pinned', { tags: ['slow'] }, async () => {
  const { client } = await startEditor({ settings: { resultsMemoryMegabytes: 32 } });
  const files = await client.request(readSocket, null);
  const terminal = await attachTerminal(files);
  const resultId = await largeResult(client);
  await terminal.client.request(pinResult, { resultId, pinned: true });
  for (let more = 0; more < 3; more++) await largeResult(client);
  expect((await client.request(fetchPage, { resultId, offset: 0, limit: 1 })).rows).toHaveLength(1);
  terminal.socket.destroy();
  await terminal.closed;
  // The server hears of the end in its own time.
  let code: unknown;
  while (code === undefined) {
    for (let more = 0; more < 3; more++) await largeResult(client);
    code = await client.request(fetchPage, { resultId, offset: 0, limit: 1 }).then(
      () => undefined,
      (thrown: { data: { code: string } }) => thrown.data.code,
    );
  }
  expect(code).toBe('unavailable');
});
