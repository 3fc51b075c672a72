import { describe, expect, it } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver/node';
import { ColumnFrame, MAX_SHOWN_TEXT, type WireFrame } from '../../../server/protocol/columnFrame.ts';
import {
  cancelQuery,
  fetchPage,
  MAX_PAGE_ROWS,
  readValue,
  releaseResult,
  resultOpened,
  runQuery,
} from '../../../server/protocol/requests.ts';
import type { WireRow } from '../../../server/protocol/values.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';

async function resultOf(client: RpcClient, sql: string): Promise<string> {
  const { statements } = await client.request(runQuery, { runId: sql, sessionId: 'notebook', sql });
  return statements[0]?.result.resultId ?? '';
}

function rowsOfFrame(frame: WireFrame | undefined): (WireRow | undefined)[] {
  const read = new ColumnFrame({ bytes: Uint8Array.from(Buffer.from(frame?.data ?? '', 'base64')), text: frame?.text ?? '' });
  return Array.from({ length: read.length }, (_, index) => read.row(index));
}

describe('fetchPage', () => {
  it('gives the rows asked for, fewer at the end and none beyond', async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, 'from range(1000)');
    const page = (offset: number, limit: number) => client.request(fetchPage, { resultId, offset, limit });
    expect((await page(500, 3)).rows).toEqual([[500], [501], [502]]);
    expect((await page(998, 10)).rows).toEqual([[998], [999]]);
    expect(await page(5000, 10)).toEqual({ offset: 5000, rows: [], rowCount: 1000, complete: true });
    expect((await page(0, 0)).rows).toEqual([]);
  });

  it('says what to do about a handle that is not known', async () => {
    const { client } = await startEditor();
    const failure = await client.failure(fetchPage, { resultId: 'from an earlier server', offset: 0, limit: 10 });
    expect(failure).toMatchObject({ code: 'unavailable', rpcCode: LSPErrorCodes.RequestFailed });
    expect(failure.message).toMatch(/run it again/);
  });

  it('gives nothing of a released result', async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, 'select 1');
    await client.request(releaseResult, { resultId });
    expect((await client.failure(fetchPage, { resultId, offset: 0, limit: 10 })).code).toBe('unavailable');
  });

  it('refuses pages that no page can be', async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, 'select 1');
    expect((await client.failure(fetchPage, { resultId, offset: -1, limit: 10 })).code).toBe('bug');
    expect((await client.failure(fetchPage, { resultId, offset: 0, limit: MAX_PAGE_ROWS + 1 })).code).toBe('limit');
  });

  it('refuses a page that would be too large as text', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, "select repeat('x', 10000000) from range(10)");
    expect((await client.failure(fetchPage, { resultId, offset: 0, limit: 10 })).code).toBe('limit');
    expect((await client.request(fetchPage, { resultId, offset: 9, limit: 1 })).rows).toHaveLength(1);
  });

  it('does not wait longer than the request for rows that still arrive', async () => {
    const { client } = await startEditor();
    const sql = 'select i from range(100000000000) r(i) where i < 3000000 or i = 99999999999';
    const running = client.request(runQuery, { runId: 'endless', sessionId: 'notebook', sql });
    const { result } = await client.next(resultOpened);
    const source = new CancellationTokenSource();
    const page = client.request(fetchPage, { resultId: result.resultId, offset: 100_000_000, limit: 1 }, source.token);
    source.cancel();
    await expect(page).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    await client.request(cancelQuery, { runId: 'endless' });
    await running;
  });

  it('gives a frame of the same rows to those who want one', async () => {
    const { client } = await startEditor();
    const resultId = await resultOf(client, "select range a, range / 4 b, 'n' || range c, {'x': range} d, null e from range(1000)");
    const { rows } = await client.request(fetchPage, { resultId, offset: 400, limit: 200 });
    const page = await client.request(fetchPage, { resultId, offset: 400, limit: 200, format: 'frame' });
    expect(page).toMatchObject({ offset: 400, rows: [], rowCount: 1000, complete: true });
    expect(rowsOfFrame(page.frame)).toEqual(rows);
  });

  it('has neither in a preview nor in a frame what is very long, and gives it part by part', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const sql = "select repeat('x', 2000000) || range from range(60)";
    const { statements } = await client.request(runQuery, { runId: 'large', sessionId: 'notebook', sql });
    const result = statements[0]?.result;
    expect([result?.rowCount, result?.preview.length]).toEqual([60, 0]);
    const resultId = result?.resultId ?? '';
    const page = await client.request(fetchPage, { resultId, offset: 0, limit: 60, format: 'frame' });
    expect(rowsOfFrame(page.frame).map((row) => String(row?.[0]).length)).toEqual(Array.from({ length: 60 }, () => MAX_SHOWN_TEXT + 1));
    const part = { resultId, row: 59, column: 0, offset: 1_999_999, length: 10 };
    expect(await client.request(readValue, part)).toEqual({ text: 'x59', length: 2_000_002, isNull: false });
    expect(await client.failure(readValue, { ...part, length: 1e9 })).toMatchObject({ code: 'limit' });
  });

  it('does not read more of large rows than a message takes', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const sql = "select repeat('x', 2000000) || range from range(60)";
    const { statements } = await client.request(runQuery, { runId: 'large', sessionId: 'notebook', sql });
    const result = statements[0]?.result;
    const tooLarge = await client.failure(fetchPage, { resultId: result?.resultId ?? '', offset: 0, limit: 60 });
    expect(tooLarge).toMatchObject({ code: 'limit', message: expect.stringContaining('ask for fewer') });
  });
});
