import { describe, expect, it } from 'vitest';
import { cancelQuery, cellEnded, cellReady, queryProgress, runQuery, scheduleCells } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import type { RpcClient } from '../../support/rpcClient.ts';

/** Runs the cells of a schedule as they become ready; gives the most that ran at the same time. */
function obey(client: RpcClient, batchId: string, scripts: readonly string[]): { peak: number; failures: string[] } {
  const seen = { peak: 0, failures: [] as string[] };
  let running = 0;
  client.connection.onNotification(
    cellReady.method,
    async ({ cell, apart, ...ready }: { batchId: string; cell: number; apart: boolean }) => {
      if (ready.batchId !== batchId) return;
      running++;
      seen.peak = Math.max(seen.peak, running);
      const params = { runId: `${batchId} ${cell}`, sessionId: 'notebook', sql: scripts[cell] ?? '', apart };
      const { failure } = await client.request(runQuery, params);
      if (failure) seen.failures.push(`${cell}: ${failure.code}`);
      running--;
      await client.request(cellEnded, { batchId, cell, ok: failure === undefined });
    },
  );
  return seen;
}

const cellsOf = (scripts: readonly string[]) => scripts.map((sql, index) => ({ name: `cell ${index + 1}`, sql }));

describe('scheduleCells', () => {
  it('lets independent cells run side by side, with an answer and an end of their own', async () => {
    const { client } = await startEditor();
    const endless = 'select count(*) from range(100000000000)';
    const scripts = [endless, endless, 'select 1'];
    const seen = obey(client, 'batch', scripts);
    const progress = client.next(queryProgress, ({ runId }) => runId === 'batch 1');
    const done = client.request(scheduleCells, { batchId: 'batch', sessionId: 'notebook', cells: cellsOf(scripts) });
    await progress;
    await client.request(cancelQuery, { runId: 'batch 0' });
    await client.request(cancelQuery, { runId: 'batch 1' });
    expect(await done).toEqual({ skipped: [null, null, null] });
    expect(seen.failures.sort()).toEqual(['0: cancelled', '1: cancelled']);
    expect(seen.peak).toBeGreaterThan(1);
  });

  it('says why a cell was not run', async () => {
    const { client } = await startEditor();
    const scripts = ['create table t as select nothing', 'from t'];
    obey(client, 'batch', scripts);
    const { skipped } = await client.request(scheduleCells, { batchId: 'batch', sessionId: 'notebook', cells: cellsOf(scripts) });
    expect(skipped).toEqual([null, expect.stringMatching(/^Cell 1 failed, and this cell /)]);
  });

  it('skips what has not begun when the schedule is cancelled, and answers when a cell ends twice', async () => {
    const { client } = await startEditor();
    const ready = client.next(cellReady);
    const done = client.request(scheduleCells, { batchId: 'b', sessionId: 'notebook', cells: cellsOf(['begin', 'select 1']) });
    expect(await ready).toEqual({ batchId: 'b', cell: 0, apart: false });
    await client.request(cancelQuery, { runId: 'b' });
    for (const ok of [true, false]) await client.request(cellEnded, { batchId: 'b', cell: 0, ok });
    expect(await done).toEqual({ skipped: [null, 'The run was cancelled.'] });
  });
});
