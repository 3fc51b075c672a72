import * as assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { KodiakApi } from '../../../client/extension.ts';
import { answerPage, runAgain } from '../../../client/notebook/serveOutputs.ts';
import { keptResult, writeResult } from '../../../client/notebook/writeResult.ts';
import { failureOf } from '../../../client/presentError.ts';
import { exportResult, pinResult, queryProgress, runQuery } from '../../../server/protocol/requests.ts';
import { resultOf, runCell, until } from './notebookDriver.ts';

const ROWS = 3_000_000;
const NOTEBOOK = `-- %% Three million
SELECT range AS i, 'row ' || range AS s, range / 7.0 AS d FROM range(${ROWS});

-- %% Only says that it did
CREATE OR REPLACE TABLE nothing AS SELECT 1 AS a;

-- %% Two results
SELECT 1 AS a; SELECT 2 AS a UNION ALL SELECT 3;
`;

describe('the result of a cell', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kodiak-export-'));
  const settings = () => vscode.workspace.getConfiguration('kodiak');
  let server: KodiakApi['server'];
  let notebook: vscode.NotebookDocument;

  before(async () => {
    const extension = vscode.extensions.getExtension<KodiakApi>('kodiak-data.kodiak');
    assert.ok(extension);
    server = (await extension.activate()).server;
    const file = path.join(folder, 'export.kodiak.sql');
    writeFileSync(file, NOTEBOOK);
    notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
  });

  after(async () => {
    await settings().update('results.memoryMegabytes', undefined, vscode.ConfigurationTarget.Global);
    await settings().update('results.keepMegabytes', undefined, vscode.ConfigurationTarget.Global);
    await server.applySettings();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    rmSync(folder, { recursive: true, force: true });
  });

  async function rowsOf(sql: string): Promise<unknown[][]> {
    return (await vscode.commands.executeCommand<{ rows: unknown[][] }>('kodiak.runSql', { sql })).rows;
  }

  async function failureFrom(work: Promise<unknown>) {
    return await work.then(() => assert.fail('it should fail'), failureOf);
  }

  it('is written whole, three million rows, and what is there only when that was confirmed', async () => {
    const cell = await runCell(notebook, 0);
    const result = await keptResult(server, cell);
    assert.ok(result);
    assert.equal(result.rowCount, ROWS);
    const file = path.join(folder, 'all.parquet');
    const written = await writeResult(server, result, { path: file, format: 'parquet' });
    assert.equal(written.rows, ROWS);
    assert.deepEqual(await rowsOf(`select count(*), count(distinct i), max(s) from '${file}'`), [[ROWS, ROWS, 'row 999999']]);
    const refused = await failureFrom(writeResult(server, result, { path: file, format: 'parquet', overwrite: false }));
    assert.match(refused.message, /exists already/);
    const nowhere = await failureFrom(writeResult(server, result, { path: path.join(folder, 'none', 'all.csv'), format: 'csv' }));
    assert.deepEqual([nowhere.code, nowhere.remedy], ['unavailable', undefined]);
    assert.equal((await writeResult(server, result, { path: file, format: 'csv', overwrite: true })).rows, ROWS);
    assert.deepEqual(readdirSync(folder).sort(), ['all.parquet', 'export.kodiak.sql']);
  });

  it('is not written when that is cancelled', async () => {
    const { resultId } = resultOf(notebook.cellAt(0));
    const cancellation = new vscode.CancellationTokenSource();
    const subscription = server.onNotification(queryProgress, ({ runId }) => {
      if (runId === 'cancelled') cancellation.cancel();
    });
    const file = { path: path.join(folder, 'cancelled.json'), format: 'json' } as const;
    const failure = await failureFrom(server.request(exportResult, { resultId, ...file, runId: 'cancelled' }, cancellation.token));
    subscription.dispose();
    assert.equal(failure.code, 'cancelled');
    assert.ok(!readdirSync(folder).some((name) => name.includes('cancelled')));
  });

  it('is that of the last statement that gave rows', async () => {
    assert.equal(await keptResult(server, await runCell(notebook, 1)), undefined);
    const result = await keptResult(server, await runCell(notebook, 2));
    assert.ok(result);
    const file = path.join(folder, 'two.jsonl');
    assert.equal((await writeResult(server, result, { path: file, format: 'jsonl' })).rows, 2);
    assert.deepEqual(await rowsOf(`select * from '${file}'`), [[2], [3]]);
  });

  it('says when its rows were dropped, and running it again from its output brings them back', async () => {
    await settings().update('results.memoryMegabytes', 32, vscode.ConfigurationTarget.Global);
    // What is kept on disk would be there again.
    await settings().update('results.keepMegabytes', 0, vscode.ConfigurationTarget.Global);
    await server.applySettings();
    const cell = await runCell(notebook, 0);
    const { resultId } = resultOf(cell);
    await server.request(pinResult, { resultId, pinned: false });
    await server.request(runQuery, { runId: 'other', sessionId: 'other', sql: 'select range i, -range j from range(10000000)' });
    const dropped = await failureFrom(keptResult(server, cell));
    assert.equal(dropped.remedy, 'runAgain');
    assert.equal(dropped.setting, 'kodiak.results.memoryMegabytes');
    const reply = await answerPage(server, { type: 'page', requestId: 'a', resultId, offset: 1000, limit: 100 });
    assert.ok(reply.type === 'failed' && reply.gone);
    assert.match(reply.message, /dropped to stay under 32 MiB .* run it again/);
    const order = cell.executionSummary?.executionOrder;
    await runAgain(notebook, resultId);
    await until('the cell ran again', () =>
      cell.executionSummary?.success && cell.executionSummary.executionOrder !== order ? true : undefined,
    );
    assert.notEqual(resultOf(cell).resultId, resultId);
    assert.equal((await keptResult(server, cell))?.rowCount, ROWS);
  });
});
