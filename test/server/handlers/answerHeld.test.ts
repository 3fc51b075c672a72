import { expect, it } from 'vitest';
import { answerHeld, cancelQuery, runHeld, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

const SQL = 'create table t as select range i from range(300); select count(*) from t a, t b, t c; select 7 seven';
const run = (runId: string, more: object = {}) => ({
  runId,
  sessionId: 'notebook',
  sql: SQL.replace('create', 'create or replace'),
  ...more,
});

it('holds a statement that may give more rows than the client named, until it answers', async () => {
  const { client } = await startEditor();
  const held = client.next(runHeld);
  const answer = client.request(runQuery, run('a', { warnAboveRows: 1_000_000 }));
  const { start, end, ...estimate } = await held;
  expect(estimate).toEqual({ runId: 'a', rows: 27_000_000, operator: 'CROSS_PRODUCT' });
  expect(run('a').sql.slice(start, end)).toBe('select count(*) from t a, t b, t c');
  expect(await client.request(answerHeld, { runId: 'a', run: true })).toEqual({ found: true });
  expect((await answer).statements.at(-1)?.result.preview).toEqual([[7]]);
  expect(await client.request(answerHeld, { runId: 'a', run: true })).toEqual({ found: false });
});

it('ends the script where the answer is no; what came before is done', async () => {
  const { client } = await startEditor();
  const held = client.next(runHeld);
  const answer = client.request(runQuery, run('a', { warnAboveRows: 1_000_000 }));
  await held;
  await client.request(answerHeld, { runId: 'a', run: false });
  expect(await answer).toMatchObject({
    statements: [{ kind: 'CREATE' }],
    failure: { code: 'cancelled', message: 'The statement was not run.' },
  });
});

it('ends with the run when that is cancelled', async () => {
  const { client } = await startEditor();
  const held = client.next(runHeld);
  const answer = client.request(runQuery, run('a', { warnAboveRows: 1_000_000 }));
  await held;
  await client.request(cancelQuery, { runId: 'a' });
  expect((await answer).failure?.code).toBe('cancelled');
  expect(await client.request(answerHeld, { runId: 'a', run: true })).toEqual({ found: false });
});

it('holds nothing without a limit', async () => {
  const { client } = await startEditor();
  expect((await client.request(runQuery, run('a'))).failure).toBeUndefined();
  expect((await client.request(runQuery, run('b', { warnAboveRows: 0 }))).failure).toBeUndefined();
  expect(client.toldOf(runHeld)).toEqual([]);
});
