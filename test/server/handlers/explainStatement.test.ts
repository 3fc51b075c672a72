import { expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import { cancelQuery, catalogChanged, explainStatement, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

let runs = 0;
const asked = (sql: string, analyze = false) => ({ runId: `plan ${++runs}`, sessionId: 'notebook', sql, analyze });

it('gives the plan in the session, with estimates or measures', async () => {
  const { client } = await startEditor();
  await client.request(runQuery, { runId: 'a', sessionId: 'notebook', sql: 'create temp table t as select range i from range(500)' });
  const explained = await client.request(explainStatement, asked('select * from t where i < 10'));
  expect(explained).toMatchObject({ analyzed: false, operators: [{ kind: 'SEQ_SCAN' }] });
  expect(explained.operators[0]?.details).toContainEqual({ name: 'Filters', values: ['i<10'] });
  expect(explained.text).toContain('SEQ_SCAN');
  expect(JSON.parse(explained.json ?? '')).toHaveLength(1);
  const profiled = await client.request(explainStatement, asked('select count(*) from t', true));
  expect(profiled).toMatchObject({ analyzed: true, totals: { threads: expect.any(Number) } });
  expect(profiled.operators.at(-1)).toMatchObject({ rows: 500, rowsScanned: 500 });
});

it('says that a profiled write changed the catalog, and that a plan did not', async () => {
  const { client } = await startEditor();
  const told = client.next(catalogChanged);
  await client.request(explainStatement, asked('create table seen as select 1 a', true));
  await told;
  const count = client.toldOf(catalogChanged).length;
  await client.request(explainStatement, asked('create table unseen as select 1 a'));
  await client.request(explainStatement, asked('from seen', true));
  expect(client.toldOf(catalogChanged)).toHaveLength(count);
});

it('fails with the place of the error', async () => {
  const { client } = await startEditor();
  const failure = await client.failure(explainStatement, asked('select\n  missing'));
  expect(failure).toMatchObject({ code: 'sql', position: { line: 1, column: 2 } });
  expect((await client.failure(explainStatement, asked('pragma version'))).message).toContain('has no plan');
});

it('is cancelled by name and by its request', async () => {
  const { client } = await startEditor();
  const endless = 'select count(*) from range(100000000) a, range(100000000) b';
  const byName = client.failure(explainStatement, { ...asked(endless, true), runId: 'endless' });
  while (!(await client.request(cancelQuery, { runId: 'endless' })).found);
  expect((await byName).code).toBe('cancelled');
  const source = new CancellationTokenSource();
  const byRequest = client.request(explainStatement, asked(endless, true), source.token).catch((thrown: unknown) => thrown);
  source.cancel();
  expect(await byRequest).toBeInstanceOf(Error);
  expect((await client.request(explainStatement, asked('select 1', true))).analyzed).toBe(true);
});
