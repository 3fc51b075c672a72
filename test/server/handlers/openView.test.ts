import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver/node';
import {
  cancelQuery,
  closeSession,
  fetchPage,
  openView,
  releaseResult,
  runQuery,
  type WireFilter,
} from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';

async function resultOf(client: RpcClient, sql: string): Promise<string> {
  const { statements } = await client.request(runQuery, { runId: randomUUID(), sessionId: 'notebook', sql });
  return statements[0]?.result.resultId ?? '';
}

describe('openView', () => {
  it('gives sorted, filtered and searched rows their own handle', async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, "select range n, 'Name ' || range % 3 s from range(1000)");
    const view = await client.request(openView, {
      resultId,
      sort: [{ column: 0, descending: true }],
      filters: [{ column: 0, op: 'less', values: ['100'] }],
      search: 'NAME 1',
    });
    expect(view.rowCount).toBe(33);
    const page = {
      offset: 0,
      rows: [
        [97, 'Name 1'],
        [94, 'Name 1'],
      ],
      rowCount: 33,
      complete: true,
      positions: [97, 94],
    };
    expect(await client.request(fetchPage, { resultId: view.resultId, offset: 0, limit: 2 })).toEqual(page);
    expect((await client.request(fetchPage, { resultId, offset: 0, limit: 1 })).rows).toEqual([[0, 'Name 0']]);
    expect((await client.failure(openView, { resultId: view.resultId })).code).toBe('bug');
    await client.request(releaseResult, { resultId: view.resultId });
    expect((await client.failure(fetchPage, { resultId: view.resultId, offset: 0, limit: 1 })).remedy).toBe('runAgain');
    expect((await client.request(fetchPage, { resultId, offset: 5, limit: 1 })).rows).toEqual([[5, 'Name 2']]);
  });

  it('goes with its result and with its session, and says so', async () => {
    const { client } = await startEditor();
    const [first, second] = [await resultOf(client, 'select 1'), await resultOf(client, 'select 2')];
    const views = await Promise.all([first, second].map((resultId) => client.request(openView, { resultId, search: '1' })));
    expect(views.map(({ rowCount }) => rowCount)).toEqual([1, 0]);
    await client.request(releaseResult, { resultId: first });
    expect((await client.failure(fetchPage, { resultId: views[0]?.resultId ?? '', offset: 0, limit: 1 })).code).toBe('unavailable');
    await client.request(closeSession, { sessionId: 'notebook' });
    const failure = await client.failure(fetchPage, { resultId: views[1]?.resultId ?? '', offset: 0, limit: 1 });
    expect(failure).toMatchObject({ code: 'unavailable', remedy: 'runAgain', message: expect.stringContaining('session') });
  });

  it('explains conditions that cannot be meant', async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, 'select 1 a');
    const failure = (filter: unknown) => client.failure(openView, { resultId, filters: [filter as WireFilter] });
    expect(await failure({ column: 7, op: 'isNull' })).toMatchObject({ code: 'sql', rpcCode: LSPErrorCodes.RequestFailed });
    expect((await failure({ column: 0, op: 'equals', values: ['x'] })).message).toContain("'x'");
    expect((await failure({ column: 0, op: 'drop' })).message).toContain('no filter "drop"');
    expect((await failure({ column: 0, op: 'in', values: [{ a: 1 }] })).message).toContain('cannot compare');
    expect((await failure({ column: '0; drop table x', op: 'isNull' })).code).toBe('sql');
    expect((await client.failure(openView, { resultId: 'gone' })).code).toBe('unavailable');
  });

  it('is cancelled by its name and with its request', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, 'select hash(range)::varchar h from range(1500000)');
    const named = client.failure(openView, { resultId, sort: [{ column: 0 }], runId: 'sorting' });
    while (!(await client.request(cancelQuery, { runId: 'sorting' })).found);
    expect((await named).code).toBe('cancelled');
    const source = new CancellationTokenSource();
    const asked = client.request(openView, { resultId, sort: [{ column: 0 }] }, source.token).then(
      () => 'opened',
      (thrown: { data: unknown }) => thrown.data,
    );
    source.cancel();
    expect(await asked).toMatchObject({ code: 'cancelled' });
  });
});
