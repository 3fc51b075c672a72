import * as assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { KodiakApi } from '../../../client/extension.ts';
import { keptRows, writeResult } from '../../../client/notebook/writeResult.ts';
import type { ShownRun } from '../../../server/protocol/resultsPanel.ts';
import { until } from './notebookDriver.ts';

const SQL = `CREATE OR REPLACE TEMP TABLE numbers AS SELECT range AS i FROM range(1000);
-- a comment above
SELECT count(*) AS n FROM numbers;

SELECT j FROM numbers;

SELECT count(*) FROM range(100000000000);
`;

describe('a .sql file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kodiak-sql-'));
  let kodiak: KodiakApi;
  let editor: vscode.TextEditor;

  before(async () => {
    const extension = vscode.extensions.getExtension<KodiakApi>('kodiak-data.kodiak');
    assert.ok(extension);
    kodiak = await extension.activate();
    const file = path.join(folder, 'queries.sql');
    writeFileSync(file, SQL);
    writeFileSync(path.join(folder, 'beside.csv'), 'a\n7\n');
    editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
  });

  after(async () => {
    kodiak.results.runs.closeAll();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a command with the cursor in this line, or with these lines selected, and waits for the run's end. */
  async function runAt(command: string, line: number, endLine?: number): Promise<ShownRun> {
    editor = await vscode.window.showTextDocument(editor.document);
    const end = endLine === undefined ? new vscode.Position(line, 0) : editor.document.lineAt(endLine).range.end;
    editor.selection = new vscode.Selection(new vscode.Position(line, 0), end);
    await vscode.commands.executeCommand(command);
    return active();
  }

  function active(): ShownRun {
    const shown = kodiak.results.runs.active;
    assert.ok(shown);
    return shown;
  }

  function rowsOf({ outputs, selected }: ShownRun): unknown {
    return outputs[selected]?.result?.preview;
  }

  async function lenses(): Promise<vscode.CodeLens[]> {
    return await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', editor.document.uri, 100);
  }

  it('runs the selected statements in its own session', async () => {
    assert.deepEqual(rowsOf(await runAt('kodiak.run', 0, 2)), [[1000]]);
  });

  it('runs the statement at the cursor, also from the comment above it', async () => {
    const shown = await runAt('kodiak.run', 1);
    assert.deepEqual([shown.title, shown.state, shown.place], ['SELECT count(*) AS n FROM numbers', 'done', 'queries.sql:3']);
    assert.deepEqual(rowsOf(shown), [[1000]]);
  });

  it('marks an error while typing, and says its place when it is run', async () => {
    const [diagnostic] = await until('the error is marked', () => {
      const found = vscode.languages.getDiagnostics(editor.document.uri).filter(({ range }) => range.start.line === 4);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(editor.document.getText(diagnostic?.range), 'j');
    const shown = await runAt('kodiak.run', 4);
    assert.equal(shown.state, 'failed');
    assert.equal(shown.failure?.place, 'queries.sql:5:8');
  });

  it('runs from top to bottom until a statement fails', async () => {
    const shown = await runAt('kodiak.runAll', 0);
    assert.deepEqual([shown.title, shown.state, shown.failure?.place], ['queries.sql', 'failed', 'queries.sql:5:8']);
    assert.deepEqual(rowsOf(shown), [[1000]]);
  });

  it('shows a plan', async () => {
    const shown = await runAt('kodiak.explain', 2);
    assert.equal(shown.title, 'EXPLAIN SELECT count(*) AS n FROM numbers');
    const kinds = shown.outputs[0]?.plan?.plan.operators.map(({ kind }) => kind) ?? [];
    assert.ok(
      kinds.some((kind) => kind.includes('AGGREGATE')),
      kinds.join(),
    );
  });

  it('runs by its code lens, which then tells how it ended', async () => {
    const lens = (await lenses()).find(({ range, command }) => range.start.line === 2 && command?.title.includes('Run'));
    assert.ok(lens?.command);
    await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
    assert.deepEqual(rowsOf(active()), [[1000]]);
    const titles = (await lenses()).map(({ range, command }) => `${range.start.line} ${command?.title}`);
    assert.ok(
      titles.some((title) => /^2 1 row · /.test(title)),
      titles.join('\n'),
    );
    assert.ok(
      titles.some((title) => title.startsWith('4 failed: Binder Error')),
      titles.join('\n'),
    );
  });

  it('cancels within a second', async () => {
    const running = runAt('kodiak.run', 6);
    await until('the query runs', async () => (kodiak.results.runs.active?.state === 'running' ? true : undefined));
    const began = Date.now();
    await vscode.commands.executeCommand('kodiak.cancelRun');
    assert.equal((await running).state, 'cancelled');
    assert.ok(Date.now() - began < 1000, `it took ${Date.now() - began} ms`);
  });

  it('reads files beside it, and its result can be written to one', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(folder, 'queries.sql')));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, "FROM 'beside.csv';\n");
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual(rowsOf(await runAt('kodiak.run', 7)), [[7]]);
    const shown = kodiak.results.runs.rows();
    assert.ok(shown);
    const written = path.join(folder, 'written.csv');
    await writeResult(kodiak.server, await keptRows(kodiak.server, shown.resultId), { path: written, format: 'csv' });
    assert.equal(readFileSync(written, 'utf8'), 'a\n7\n');
  });

  it('says that rows are gone after a restart, and has them again after another run', async () => {
    const { runId } = active();
    await vscode.commands.executeCommand('kodiak.restartServer');
    assert.match(active().notice ?? '', /started anew/);
    await kodiak.results.runs.rerun(runId);
    assert.equal(active().notice, undefined);
    assert.deepEqual(rowsOf(active()), [[7]]);
  });

  it('runs while it is not saved yet', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'sql', content: 'SELECT 6 * 7 AS answer' });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('kodiak.run');
    assert.deepEqual(rowsOf(active()), [[42]]);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
