import { expect, it } from 'vitest';
import { findRow, openView, runQuery, sumRows } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

it('adds up and finds in the rows behind a handle, those of a result and those of a view', async () => {
  const { client } = await startEditor();
  const sql = "select range a, 'n' || range b, 1e308 * 10 c from range(1000)";
  const { statements } = await client.request(runQuery, { runId: 'sum', sessionId: 'notebook', sql });
  const resultId = statements[0]?.result.resultId ?? '';
  const { columns } = await client.request(sumRows, { resultId, offset: 10, limit: 3, columns: [0, 1, 2] });
  expect(columns).toEqual([
    { values: 3, numbers: { count: 3, sum: 33, minimum: 10, maximum: 12 } },
    { values: 3 },
    { values: 3, numbers: { count: 3, sum: 'Infinity', minimum: 'Infinity', maximum: 'Infinity' } },
  ]);
  const view = await client.request(openView, { resultId, sort: [{ column: 0, descending: true }] });
  const top = await client.request(sumRows, { resultId: view.resultId, offset: 0, limit: 2, columns: [0], runId: 'named' });
  expect(top.columns[0]?.numbers?.sum).toBe(1997);
  expect(await client.request(findRow, { resultId, search: 'N99', from: -1 })).toEqual({ row: 99 });
  expect(await client.request(findRow, { resultId: view.resultId, search: 'n99', from: -1 })).toEqual({ row: 0 });
  expect(await client.request(findRow, { resultId, search: 'none', from: -1 })).toEqual({});
  expect(await client.failure(sumRows, { resultId: 'gone', offset: 0, limit: 1, columns: [] })).toMatchObject({ code: 'unavailable' });
});
