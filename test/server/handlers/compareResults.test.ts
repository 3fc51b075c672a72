import { describe, expect, it } from 'vitest';
import { cancelQuery, compareResults, fetchPage, queryProgress, releaseResult, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';

async function resultOf(editor: Awaited<ReturnType<typeof startEditor>>, sql: string): Promise<string> {
  const ran = await editor.client.request(runQuery, { runId: sql, sessionId: 'notebook', sql });
  return ran.statements.at(-1)?.result.resultId ?? '';
}

describe('compareResults', () => {
  it('gives the differences as a result with a preview, and what was found', async () => {
    const editor = await startEditor();
    const left = await resultOf(editor, "select range as id, 'x' as v from range(300)");
    const right = await resultOf(editor, "select range + 1 as id, if(range = 5, 'y', 'x') as v from range(300)");
    const { result, summary } = await editor.client.request(compareResults, { left, right, runId: 'c1' });
    expect(result).toMatchObject({
      columns: [{ name: 'change', type: 'VARCHAR' }, { name: 'id' }, { name: 'v' }, { name: 'v (before)' }],
      rowCount: 3,
      preview: [
        ['removed', 0, 'x', null],
        ['changed', 6, 'y', 'x'],
        ['added', 300, 'x', null],
      ],
    });
    expect(summary).toMatchObject({ key: ['id'], keyIsGuessed: true, added: 1, removed: 1, changed: 1, unchanged: 298 });
    const whole = await editor.client.request(compareResults, { left, right, key: [], unchanged: true, runId: 'c2' });
    expect(whole.result.rowCount).toBe(302);
    await editor.client.request(releaseResult, { resultId: left });
    const page = await editor.client.request(fetchPage, { resultId: result.resultId, offset: 1, limit: 1 });
    expect(page.rows).toEqual([['changed', 6, 'y', 'x']]);
    expect(await editor.client.failure(compareResults, { left, right, runId: 'c3' })).toMatchObject({
      code: 'unavailable',
      remedy: 'runAgain',
    });
    expect(await editor.client.failure(compareResults, { left: right, right, key: ['nope'], runId: 'c4' })).toMatchObject({ code: 'sql' });
  });

  it('tells how far it is, and is cancelled', { tags: ['slow'] }, async () => {
    const editor = await startEditor();
    const sql = (plus: number) => `select range as id, (range * 7919) % 1000003 + ${plus} as a, 'text ' || range as t from range(2000000)`;
    const [left, right] = [await resultOf(editor, sql(0)), await resultOf(editor, sql(1))];
    const told = editor.client.next(queryProgress, ({ runId }) => runId === 'long');
    const comparing = editor.client.failure(compareResults, { left, right, runId: 'long' });
    await told;
    const began = Date.now();
    await editor.client.request(cancelQuery, { runId: 'long' });
    expect(await comparing).toMatchObject({ code: 'cancelled' });
    expect(Date.now() - began).toBeLessThan(2000);
  });
});
