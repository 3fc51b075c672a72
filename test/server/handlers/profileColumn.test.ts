import { expect, it } from 'vitest';
import { openView, profileColumn, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

it('gives the statistics of a column, with long texts cut', async () => {
  const { client } = await startEditor();
  const sql = "select case when range > 0 then range * 9007199254740993 end n, repeat('x', 5000) s, 'nan'::double f from range(4)";
  const { statements } = await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql });
  const resultId = statements[0]?.result.resultId ?? '';
  const n = await client.request(profileColumn, { resultId, column: 0, runId: 'n' });
  expect(n).toMatchObject({ name: 'n', rowCount: 4, nullCount: 1, distinctCount: 3, minimum: '9007199254740993' });
  expect(n.quantiles?.p50).toBe('18014398509481986');
  expect(n.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  const view = await client.request(openView, { resultId, filters: [{ column: 0, op: 'isNull' }] });
  const s = await client.request(profileColumn, { resultId: view.resultId, column: 1 });
  expect(s).toMatchObject({ rowCount: 4, histogram: [], top: [{ value: `${'x'.repeat(1000)}…`, count: 4 }] });
  expect(s.quantiles).toBeUndefined();
  expect((await client.request(profileColumn, { resultId, column: 2 })).maximum).toBe('NaN');
  expect((await client.failure(profileColumn, { resultId, column: 3 })).message).toContain('no column 3');
});
