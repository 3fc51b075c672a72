import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../client/presentError.ts';
import { ResultViews } from '../../../client/results/resultViews.ts';
import type { ViewSpec } from '../../../server/protocol/notebookOutput.ts';
import { cancelQuery, fetchPage, openView, releaseResult, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';

interface Grids {
  readonly views: ResultViews;
  readonly client: RpcClient;
  /** Methods of the requests that were made, with what they are about. */
  readonly asked: (readonly [method: string, params: unknown])[];
  readonly resultId: string;
}

async function openGrids(sql: string): Promise<Grids> {
  const { client } = await startEditor();
  const asked: (readonly [string, unknown])[] = [];
  const views = new ResultViews({
    request: (descriptor, params) => {
      asked.push([descriptor.method, params]);
      return client.request(descriptor, params);
    },
  });
  const { statements } = await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql });
  return { views, client, asked, resultId: statements[0]?.result.resultId ?? '' };
}

function show({ views, resultId }: Grids, spec: Partial<ViewSpec>, { viewer = 'page', requestId = String(randomUUID()) } = {}) {
  return views.show({ type: 'show', requestId, viewer, resultId, spec: { sort: [], filters: [], search: '', ...spec } });
}

async function rowsOf({ client }: Grids, resultId: string): Promise<unknown> {
  return (await client.request(fetchPage, { resultId, offset: 0, limit: 2 })).rows;
}

describe('a view that a grid shows', () => {
  it('comes with its first rows, and what was shown before is given back', async () => {
    const grids = await openGrids('select range i from range(1000)');
    const first = await show(grids, { sort: [{ column: 0, descending: true }] });
    expect(first).toMatchObject({ rowCount: 1000 });
    expect(first?.rows.slice(0, 2)).toEqual([[999], [998]]);
    expect(first?.rows).toHaveLength(200);
    const second = await show(grids, { search: '99' });
    expect(second?.rowCount).toBe(19);
    expect(await grids.client.failure(fetchPage, { resultId: first?.resultId ?? '', offset: 0, limit: 1 })).toMatchObject({
      code: 'unavailable',
    });
    expect(await show(grids, {})).toBeUndefined();
    expect(grids.asked).toContainEqual([releaseResult.method, { resultId: second?.resultId }]);
    expect(await rowsOf(grids, grids.resultId)).toEqual([[0], [1]]);
  });

  it('takes the place of one that is still made', { tags: ['slow'] }, async () => {
    const grids = await openGrids('select hash(range)::varchar h from range(1500000)');
    const slow = show(grids, { sort: [{ column: 0 }] }, { requestId: 'slow' }).catch((error: unknown) => failureOf(error));
    const quick = await show(grids, { filters: [{ column: 0, op: 'isNull' }] });
    expect(quick?.rowCount).toBe(0);
    expect(await slow).toMatchObject({ code: 'cancelled' });
    expect(grids.asked).toContainEqual([cancelQuery.method, { runId: 'slow' }]);
    expect(await grids.views.rowsShown(grids.resultId)).toBe(quick?.resultId);
  });

  it('that is cancelled leaves the one before', { tags: ['slow'] }, async () => {
    const grids = await openGrids('select hash(range)::varchar h from range(1500000)');
    const before = await show(grids, { filters: [{ column: 0, op: 'startsWith', values: ['12'] }] });
    const sorting = show(grids, { sort: [{ column: 0 }] }, { requestId: 'sorting' }).catch((error: unknown) => failureOf(error));
    await grids.views.cancel('sorting');
    expect(await sorting).toMatchObject({ code: 'cancelled' });
    expect(await grids.views.rowsShown(grids.resultId)).toBe(before?.resultId);
    expect(await rowsOf(grids, before?.resultId ?? '')).toEqual(before?.rows.slice(0, 2));
  });

  it('that cannot be leaves the one before', async () => {
    const grids = await openGrids("select '2024-02-29'::date d");
    const before = await show(grids, { filters: [{ column: 0, op: 'isNotNull' }] });
    const failed = show(grids, { filters: [{ column: 0, op: 'equals', values: ['yesterday?'] }] });
    expect(failureOf(await failed.catch((error: unknown) => error))).toMatchObject({ code: 'sql' });
    expect(await grids.views.rowsShown(grids.resultId)).toBe(before?.resultId);
  });
});

describe('the rows that are shown', () => {
  it('are the result without a view, and those of the grid that changed last', async () => {
    const grids = await openGrids('select range i from range(10)');
    expect(await grids.views.rowsShown(grids.resultId)).toBe(grids.resultId);
    const one = await show(grids, { sort: [{ column: 0 }] }, { viewer: 'one' });
    const other = await show(grids, { search: '7' }, { viewer: 'other' });
    expect(await grids.views.rowsShown(grids.resultId)).toBe(other?.resultId);
    expect(await rowsOf(grids, one?.resultId ?? '')).toEqual([[0], [1]]);
    await show(grids, {}, { viewer: 'other' });
    expect(await grids.views.rowsShown(grids.resultId)).toBe(grids.resultId);
  });

  it('are there again after the view was dropped', async () => {
    const grids = await openGrids('select range i from range(10)');
    const view = await show(grids, { filters: [{ column: 0, op: 'greater', values: ['7'] }] });
    await grids.client.request(releaseResult, { resultId: view?.resultId ?? '' });
    const again = await grids.views.rowsShown(grids.resultId);
    expect(again).not.toBe(view?.resultId);
    expect(await rowsOf(grids, again)).toEqual([[8], [9]]);
    await grids.client.request(releaseResult, { resultId: grids.resultId });
    const gone = await grids.views.rowsShown(grids.resultId).catch((error: unknown) => failureOf(error));
    expect(gone).toMatchObject({ code: 'unavailable', remedy: 'runAgain' });
  });

  it('are held for 32 grids at once', { tags: ['slow'] }, async () => {
    const grids = await openGrids('select 1 i');
    for (let page = 0; page < 34; page++) await show(grids, { search: '1' }, { viewer: `page ${page}` });
    expect(grids.asked.filter(([method]) => method === openView.method)).toHaveLength(34);
    expect(grids.asked.filter(([method]) => method === releaseResult.method)).toHaveLength(2);
  });
});
