import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearHistory, historyGrew, readHistory, watchHistory } from '../../../server/protocol/history.ts';
import { explainStatement, readSocket, runQuery } from '../../../server/protocol/requests.ts';
import { startEditor } from '../../support/languageClient.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { attachTerminal } from '../../support/terminalClient.ts';

const CELL = 'vscode-notebook-cell:/w/sales.kodiak.sql#1';

describe('the history over the protocol', () => {
  it('has every statement of an editor’s notebook and file and of a terminal, with who asked and what came of it', async () => {
    const historyFolder = join(temporaryFolder(), 'history');
    const { client } = await startEditor({ settings: { historyFolder, cacheMinCostMs: 0 } });
    await client.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: {
        uri: 'file:///w/sales.kodiak.sql',
        notebookType: 'kodiak-notebook',
        version: 1,
        cells: [{ kind: 2, document: CELL }],
      },
      cellTextDocuments: [{ uri: CELL, languageId: 'sql', version: 1, text: '' }],
    });
    await client.request(watchHistory, { watch: true });
    const grew = client.next(historyGrew);
    const sql = 'create table t as from range(10); from t; from t';
    await client.request(runQuery, { runId: '1', sessionId: 'file:///w/sales.kodiak.sql', sql });
    await client.request(runQuery, { runId: '2', sessionId: 'file:///w/a.sql', sql: 'select 1; selec 2; select 3' });
    expect((await grew).entries.at(-1)?.who).toEqual({ kind: 'notebook', name: 'sales.kodiak.sql' });
    const files = await client.request(readSocket, null);
    const terminal = await attachTerminal(files);
    const values = { x: { type: 'VARCHAR', text: 'hidden' } };
    await terminal.client.request(runQuery, { runId: '3', sessionId: 'terminal-1', sql: 'select $x', values });
    await client.request(explainStatement, { runId: '4', sessionId: 'file:///w/a.sql', sql: 'select 4', analyze: true });
    const { entries, state, folder, next } = await terminal.client.request(readHistory, { limit: 100 });
    expect([state, folder, next]).toEqual(['on', historyFolder, undefined]);
    expect(
      entries
        .toReversed()
        .map(({ who, sql, rows, outcome, how, error }) => [who.kind, who.name, sql, rows, outcome, how?.kind, error?.code]),
    ).toEqual([
      ['notebook', 'sales.kodiak.sql', 'create table t as from range(10)', undefined, 'done', 'run', undefined],
      ['notebook', 'sales.kodiak.sql', 'from t', 10, 'done', 'run', undefined],
      ['notebook', 'sales.kodiak.sql', 'from t', 10, 'done', 'proved', undefined],
      ['sqlFile', 'a.sql', 'select 1', 1, 'done', 'run', undefined],
      ['sqlFile', 'a.sql', 'selec 2', undefined, 'failed', undefined, 'sql'],
      ['terminal', undefined, 'select $x', 1, 'done', 'run', undefined],
      ['sqlFile', 'a.sql', 'EXPLAIN ANALYZE select 4', undefined, 'done', 'bypass', undefined],
    ]);
    expect(JSON.stringify(entries)).not.toContain('hidden');
    expect(entries.every(({ at, ms, database }) => Date.parse(at) > 0 && ms >= 0 && database === ':memory:')).toBe(true);
    expect(await client.request(clearHistory, null)).toEqual({ files: 1 });
    expect((await client.request(readHistory, { limit: 1 })).entries).toEqual([]);
  });

  it('is off when the setting says so: nothing is written', async () => {
    const historyFolder = join(temporaryFolder(), 'history');
    const { client, server } = await startEditor({ settings: { historyFolder, historyEnabled: false } });
    await client.request(runQuery, { runId: '1', sessionId: 's', sql: 'select 1' });
    expect(await client.request(readHistory, { limit: 10 })).toEqual({ entries: [], state: 'off', folder: historyFolder });
    await server.close();
    expect(existsSync(historyFolder)).toBe(false);
  });
});
