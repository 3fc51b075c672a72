import { expect, it } from 'vitest';
import { cancelQuery, chartResult, openView, releaseResult, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

it('draws a result and a view, refuses a senseless chart, and says when the rows are gone', async () => {
  const { client } = await startEditor();
  const sql = "select 'k' || range % 3 k, range n from range(9)";
  const { statements } = await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql });
  const resultId = statements[0]?.result.resultId ?? '';
  const spec = { mark: 'bar', x: 0, y: [1], aggregate: 'sum' } as const;
  const chart = await client.request(chartResult, { resultId, spec, runId: 'c' });
  expect(chart).toMatchObject({ kind: 'drawn', rowCount: 9, axes: { x: { labels: ['k2', 'k1', 'k0'] } } });
  const view = await client.request(openView, { resultId, filters: [{ column: 1, op: 'less', values: [2] }] });
  expect(await client.request(chartResult, { resultId: view.resultId, spec })).toMatchObject({ rowCount: 2 });
  expect(await client.request(chartResult, { resultId, spec: { ...spec, mark: 'line' } })).toMatchObject({
    kind: 'refused',
    instead: { mark: 'bar' },
  });
  const wrong = { ...spec, unit: "day'); drop table t; --" } as never;
  expect((await client.failure(chartResult, { resultId, spec: wrong })).message).toContain('no such chart');
  expect((await client.failure(chartResult, { resultId, spec: { ...spec, x: 9 } })).message).toContain('no column 9');
  await client.request(releaseResult, { resultId });
  expect(await client.failure(chartResult, { resultId, spec })).toMatchObject({ code: 'unavailable' });
});

it('is cancelled by its name', { tags: ['slow'] }, async () => {
  const { client } = await startEditor();
  const sql = 'select hash(range)::varchar k, range n from range(4000000)';
  const { statements } = await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql });
  const resultId = statements[0]?.result.resultId ?? '';
  const failed = client.failure(chartResult, { resultId, spec: { mark: 'bar', x: 0, y: [1], aggregate: 'median' }, runId: 'slow' });
  while (!(await client.request(cancelQuery, { runId: 'slow' })).found);
  expect(await failed).toMatchObject({ code: 'cancelled' });
});
