import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResultFreshness, WireFreshness } from '../../../server/protocol/freshness.ts';
import { closeSession, freshnessChanged, runQuery, watchFreshness } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

let runs = 0;

async function run(client: RpcClient, sql: string, sessionId = 'notebook', cwd?: string): Promise<{ runId: string; ids: string[] }> {
  const runId = `run ${++runs}`;
  const { statements, failure } = await client.request(runQuery, { runId, sessionId, sql, ...(cwd && { cwd }) });
  expect(failure).toBeUndefined();
  return { runId, ids: statements.map(({ result }) => result.resultId) };
}

async function watch(client: RpcClient, ids: readonly string[]): Promise<WireFreshness[]> {
  const { results } = await client.request(watchFreshness, { resultIds: ids });
  expect(results.map(({ resultId }) => resultId)).toEqual(ids);
  return results.map(({ freshness }) => freshness);
}

/** What the client is told of that result, when it is in that state. */
async function told(client: RpcClient, resultId: string, state: WireFreshness['state']): Promise<WireFreshness | undefined> {
  const isIt = (result: ResultFreshness) => result.resultId === resultId && result.freshness.state === state;
  const { results } = await client.next(freshnessChanged, (params) => params.results.some(isIt));
  return results.find(isIt)?.freshness;
}

describe('watchFreshness', () => {
  it('tells of a write by another session: which table, which run and which statement', async () => {
    const { client } = await startEditor();
    await run(client, 'create table orders as select 1 as a; create table others as select 1 as a');
    const { ids } = await run(client, 'from orders');
    expect(await watch(client, ids)).toEqual([{ state: 'fresh' }]);
    await run(client, 'insert into others values (2)', 'terminal-1');
    const stale = told(client, ids[0] ?? '', 'stale');
    const { runId } = await run(client, 'insert into orders values (2)', 'terminal-1');
    expect(await stale).toEqual({
      state: 'stale',
      change: {
        kind: 'table',
        name: 'memory.main.orders',
        at: expect.any(Number),
        by: { session: 'terminal-1', origin: runId, sql: 'insert into orders values (2)' },
      },
    });
  });

  it('tells of a file that changed, which no statement did', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    const folder = temporaryFolder();
    const file = join(folder, 'orders.csv');
    writeFileSync(file, 'a\n1\n');
    utimesSync(file, 1_000_000_000, 1_000_000_000);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const { ids } = await run(client, "from 'orders.csv'", 'notebook', folder);
    expect(await watch(client, ids)).toEqual([{ state: 'fresh' }]);
    const stale = told(client, ids[0] ?? '', 'stale');
    writeFileSync(file, 'a\n2\n');
    expect(await stale).toMatchObject({ state: 'stale', change: { kind: 'file', name: file } });
  });

  it('knows nothing of results inside a transaction, of random values, and of sessions that are closed', async () => {
    const { client } = await startEditor();
    const { ids } = await run(client, 'select random(); begin; select 1; commit; select 2');
    const states = await watch(client, ids);
    expect(states.map(({ state }) => state)).toEqual(['unknown', 'done', 'unknown', 'done', 'fresh']);
    expect(states[0]).toMatchObject({ reason: 'random() can give another value each time' });
    expect(states[2]).toMatchObject({ reason: 'inside a transaction' });
    const unknown = told(client, ids[4] ?? '', 'unknown');
    await client.request(closeSession, { sessionId: 'notebook' });
    expect(await unknown).toMatchObject({ reason: 'what it read is not kept any more' });
  });

  it('tells nothing more when nothing is watched', async () => {
    const { client } = await startEditor();
    await run(client, 'create table t as select 1 as a');
    const { ids } = await run(client, 'from t');
    await watch(client, ids);
    await watch(client, []);
    await run(client, 'insert into t values (2)');
    expect(await watch(client, ids)).toMatchObject([{ state: 'stale' }]);
    expect(client.toldOf(freshnessChanged)).toEqual([]);
  });

  it('says what each statement read and wrote', async () => {
    const { client } = await startEditor();
    const params = { runId: 'effects', sessionId: 'notebook' };
    const sql =
      'create table t as select 1 as a; create view v as from t; insert into t from t; from v; set variable x = 1; use memory; begin';
    const { statements } = await client.request(runQuery, { ...params, sql });
    expect(statements.map(({ effects }) => effects)).toMatchObject([
      { reads: [], writes: ['memory.main.t'], ddl: true, defines: [] },
      { writes: [], ddl: true, defines: ['v'] },
      { reads: [], writes: ['memory.main.t'], ddl: false },
      { reads: ['memory.main.t'], writes: [] },
      { writes: [], defines: ['x'], settings: false },
      { settings: true },
      { writes: [] },
    ]);
  });
});
