import { describe, expect, it } from 'vitest';
import {
  type ActivityNews,
  activityChanged,
  cancelRunning,
  invalidateCacheEntry,
  watchActivity,
} from '../../../server/protocol/activity.ts';
import { readSocket, runQuery, statsChanged } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';
import { attachTerminal } from '../../support/terminalClient.ts';

let runs = 0;
/** Longer than any test, unless it is cancelled. */
const ENDLESS = 'select count(*) from range(100000000000) as t(i) where sqrt(i) < 0';

function run(client: RpcClient, sql: string, sessionId = 'notebook') {
  return client.request(runQuery, { runId: `run ${++runs}`, sessionId, sql });
}

async function watch(client: RpcClient): Promise<ActivityNews> {
  const news = await client.request(watchActivity, { watching: true });
  if (news === null) throw new Error('Nothing is watched.');
  return news;
}

describe('watchActivity', () => {
  it('tells nothing unless somebody watches, and all that was when somebody does', async () => {
    const { client } = await startEditor({ settings: { cacheMinCostMs: 0 } });
    const first = await watch(client);
    expect(first).toMatchObject({ samples: [], running: [], details: { entries: [], slowest: [], spillFiles: [] } });
    expect(await client.request(watchActivity, { watching: false })).toBeNull();

    const told = client.next(statsChanged, ({ cache }) => cache.hits === 1);
    await run(client, 'create table orders as select range as a from range(1000)');
    await run(client, 'select sum(a) from orders');
    await run(client, 'select sum(a) from orders', 'terminal-1');
    await told;
    expect(client.toldOf(activityChanged)).toEqual([]);

    const next = client.next(activityChanged, ({ details }) => details?.entries[0]?.hits === 1);
    const news = await watch(client);
    expect(news.serverStartedAt).toBe(first.serverStartedAt);
    expect(news.details?.entries).toMatchObject([
      { sql: 'select sum(a) from orders', hits: 1, outdated: false, proof: expect.stringContaining('memory.main.orders unchanged since') },
    ]);
    expect(news.details?.mostSaved).toMatchObject([{ sql: 'select sum(a) from orders', sessionId: 'terminal-1', runs: 1, hits: 1 }]);
    expect(news.details?.slowest.map(({ sql }) => sql)).toContain('create table orders as select range as a from range(1000)');
    // The same figures as everybody else is told.
    const { samples } = await next;
    const toldBytes = client.toldOf(statsChanged).map(({ memory }) => memory.rssBytes);
    expect(toldBytes).toContain(samples.at(-1)?.processBytes);
    expect(samples.at(-1)).toMatchObject({ hits: 1, misses: 1 });
    expect(samples.every(({ at }) => at % 1000 === 0)).toBe(true);
  });

  it('goes on each second while nothing runs, until nobody watches', { tags: ['slow'] }, async () => {
    const { client } = await startEditor();
    await run(client, 'select 1');
    await watch(client);
    const first = await client.next(activityChanged);
    const second = await client.next(activityChanged, ({ samples }) => (samples.at(-1)?.at ?? 0) > (first.samples.at(-1)?.at ?? 0));
    expect(second.samples.length).toBeLessThanOrEqual(2);
    expect(second.details).toBeUndefined();
    await client.request(watchActivity, { watching: false });
    const before = client.toldOf(activityChanged).length;
    const told = client.next(statsChanged);
    await run(client, 'select 2');
    await told;
    expect(client.toldOf(activityChanged).length).toBe(before);
  });
});

describe('cancelRunning', () => {
  it('ends a run of any client, which is told from where', async () => {
    const { client } = await startEditor();
    const terminal = await attachTerminal(await client.request(readSocket, null));
    await watch(client);
    const isThere = client.next(activityChanged, ({ running }) => running.length === 1);
    const running = run(terminal.client, ENDLESS, 'terminal-7');
    const [query] = (await isThere).running;
    expect(query).toMatchObject({ sessionId: 'terminal-7', sql: ENDLESS, statementIndex: 0, statementCount: 1 });
    expect(await client.request(cancelRunning, { id: query?.id ?? 0, from: 'the Kodiak Monitor' })).toEqual({ found: true });
    expect((await running).failure).toEqual({ code: 'cancelled', message: 'The query was cancelled from the Kodiak Monitor.' });
    expect(await client.request(cancelRunning, { id: query?.id ?? 0, from: 'the Kodiak Monitor' })).toEqual({ found: false });
    await client.next(activityChanged, ({ running: left }) => left.length === 0);
  });

  it('watches for one client alone, until that leaves', async () => {
    const { client } = await startEditor();
    const terminal = await attachTerminal(await client.request(readSocket, null));
    await watch(terminal.client);
    await run(client, 'select 1');
    await terminal.client.next(activityChanged);
    expect(client.toldOf(activityChanged)).toEqual([]);
    terminal.socket.destroy();
    const told = client.next(statsChanged);
    await run(client, 'select 2');
    await told;
  });

  it('leaves the other runs alone', async () => {
    const { client } = await startEditor();
    await watch(client);
    const both = client.next(activityChanged, ({ running }) => running.length === 2);
    const first = run(client, ENDLESS, 'a');
    const second = run(client, `${ENDLESS} and true`, 'b');
    const queries = (await both).running;
    const idOf = (sessionId: string) => queries.find((query) => query.sessionId === sessionId)?.id ?? 0;
    await client.request(cancelRunning, { id: idOf('b'), from: 'x'.repeat(1000) });
    expect((await second).failure?.message).toBe(`The query was cancelled from ${'x'.repeat(80)}.`);
    const { running } = await client.next(activityChanged, (news) => news.running.length === 1);
    expect(running).toMatchObject([{ sessionId: 'a' }]);
    await client.request(cancelRunning, { id: idOf('a'), from: 'here' });
    expect((await first).failure?.code).toBe('cancelled');
  });
});

describe('invalidateCacheEntry', () => {
  it('has the next run computed', async () => {
    const { client } = await startEditor({ settings: { cacheMinCostMs: 0 } });
    const provenance = async () => (await run(client, 'select 42 as answer')).statements[0]?.result.provenance.kind;
    expect([await provenance(), await provenance()]).toEqual(['run', 'proved']);
    const id = (await watch(client)).details?.entries[0]?.id ?? 0;
    expect(await client.request(invalidateCacheEntry, { id })).toEqual({ found: true });
    expect(await client.request(invalidateCacheEntry, { id })).toEqual({ found: false });
    expect([await provenance(), await provenance()]).toEqual(['run', 'proved']);
  });
});
