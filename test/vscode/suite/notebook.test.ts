import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { KodiakApi } from '../../../client/extension.ts';
import { fetchPage, openDatabase, readStats } from '../../../server/protocol/requests.ts';
import type { WireStats } from '../../../server/protocol/stats.ts';
import { outputsOf, resultOf, runCell, textOf, until, workspaceFile } from './notebookDriver.ts';

const PEOPLE = 'people.kodiak.sql';

describe('a notebook on a file on disk', () => {
  let notebook: vscode.NotebookDocument;

  before(async () => {
    notebook = await vscode.workspace.openNotebookDocument(workspaceFile(PEOPLE));
    await vscode.window.showNotebookDocument(notebook);
  });

  it('has the cells of the file', () => {
    assert.equal(notebook.notebookType, 'kodiak-notebook');
    assert.deepEqual(
      notebook.getCells().map((cell) => cell.kind),
      [vscode.NotebookCellKind.Markup, ...Array(7).fill(vscode.NotebookCellKind.Code)],
    );
    assert.match(notebook.cellAt(0).document.getText(), /^# People/);
  });

  it('runs a query on a file beside it', async () => {
    const cell = await runCell(notebook, 1);
    assert.equal(cell.executionSummary?.success, true);
    const result = resultOf(cell);
    assert.deepEqual(
      result.columns.map((column) => column.name),
      ['id', 'name'],
    );
    assert.deepEqual(result.preview, [
      [1, 'Ada'],
      [2, 'Grace'],
    ]);
    assert.equal(result.rowCount, 2);
  });

  it('shows an error at its place', async () => {
    const cell = await runCell(notebook, 2);
    assert.equal(cell.executionSummary?.success, false);
    assert.match(textOf(cell), /nam/);
    const [diagnostic] = await until('the error is marked', () => {
      const found = vscode.languages.getDiagnostics(cell.document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(diagnostic?.range.start.line, 1);
    assert.equal(cell.document.getText(diagnostic?.range), 'nam');
  });

  it('cancels a long query within a second', async () => {
    const cell = notebook.cellAt(3);
    void vscode.commands.executeCommand('notebook.cell.execute', { ranges: [{ start: 3, end: 4 }] });
    await until('the cell runs', () =>
      cell.executionSummary?.timing === undefined && vscode.window.activeNotebookEditor ? true : undefined,
    );
    await until('the query runs', async () => (await runsLong()) || undefined);
    const began = Date.now();
    await vscode.commands.executeCommand('notebook.cancelExecution');
    await until('the cell ended', () => cell.executionSummary?.success !== undefined || undefined);
    assert.ok(Date.now() - began < 1000, `it took ${Date.now() - began} ms`);
    assert.match(textOf(cell), /cancel/i);
  });

  it('holds a preview of a large result, never its rows', async () => {
    const cell = await runCell(notebook, 4);
    const result = resultOf(cell);
    assert.equal(result.rowCount, 1_000_000);
    assert.equal(result.preview.length, 200);
    const bytes = cell.outputs.flatMap((output) => output.items).reduce((sum, item) => sum + item.data.byteLength, 0);
    assert.ok(bytes < 50_000, `${bytes} bytes in the output`);
  });

  it('opens ten million rows of ten columns without holding them in JavaScript', async () => {
    const heapBefore = (await stats()).memory.heapUsedBytes;
    const cell = notebook.cellAt(7);
    void vscode.commands.executeCommand('notebook.cell.execute', { ranges: [{ start: 7, end: 8 }] });
    const early = await until('the first rows are shown while the others arrive', () => outputsOf(cell).find((result) => !result.complete));
    assert.equal(early.preview.length, 200);
    await until('all rows are there', () => cell.executionSummary?.success || undefined);
    const result = resultOf(cell);
    assert.equal(result.rowCount, 10_000_000);
    const client = await server();
    for (const offset of [0, 5_000_000, 9_999_900]) {
      const page = await client.request(fetchPage, { resultId: result.resultId, offset, limit: 100 });
      assert.deepEqual([page.rows.length, page.rows[0]?.[0], page.rows[99]?.[6]], [100, offset, `row ${offset + 99}`]);
    }
    const grown = (await stats()).memory.heapUsedBytes - heapBefore;
    assert.ok(grown < 50e6, `the server's heap grew by ${grown} bytes`);
  });

  it('has nothing to say about a cell with only comments', async () => {
    const cell = await runCell(notebook, 5);
    assert.equal(cell.executionSummary?.success, true);
  });

  it('runs several statements and shows the last one’s rows', async () => {
    const cell = await runCell(notebook, 6);
    assert.equal(cell.executionSummary?.success, true);
    assert.deepEqual(resultOf(cell).preview, [[2]]);
  });

  it('writes an unchanged notebook back byte for byte', async () => {
    const before = Buffer.from(await vscode.workspace.fs.readFile(workspaceFile(PEOPLE)));
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata({ ...notebook.metadata })]);
    await vscode.workspace.applyEdit(edit);
    await notebook.save();
    const after = Buffer.from(await vscode.workspace.fs.readFile(workspaceFile(PEOPLE)));
    assert.equal(after.toString('hex'), before.toString('hex'));
  });
});

describe('the server', () => {
  it('answers kodiak.runSql, the same for every editor', async () => {
    const answer = await vscode.commands.executeCommand<{ rows: unknown[][]; rowCount: number; error?: unknown }>('kodiak.runSql', {
      sql: "select count(*) from 'data/people.csv'",
      // Not the notebook's: its session ends when VS Code lets go of the document, which may be now.
      uri: workspaceFile('asked.sql').toString(),
    });
    assert.equal(answer.error, undefined, JSON.stringify(answer.error));
    assert.deepEqual(answer.rows, [[2]]);
    assert.equal(answer.rowCount, 1);
  });

  it('that dies in a query is started again; the cell says so and the next run works', async () => {
    const notebook = await vscode.workspace.openNotebookDocument(workspaceFile(PEOPLE));
    await vscode.window.showNotebookDocument(notebook);
    const cell = notebook.cellAt(3);
    const before = cell.executionSummary?.executionOrder;
    const begun = () => cell.executionSummary?.executionOrder !== before;
    void vscode.commands.executeCommand('notebook.cell.execute', { ranges: [{ start: 3, end: 4 }] });
    await until('the query runs', async () => (begun() && (await runsLong())) || undefined);
    process.kill(await serverPid(), 'SIGKILL');
    await until('the cell ended', () => (begun() && cell.executionSummary?.success !== undefined) || undefined);
    assert.equal(cell.executionSummary?.success, false);
    assert.match(textOf(cell), /server/i);
    const next = await runCell(notebook, 1);
    assert.equal(next.executionSummary?.success, true);
    assert.equal(resultOf(next).rowCount, 2);
  });
});

describe('the package', () => {
  it('registers what it declares', async () => {
    const extension = vscode.extensions.getExtension('kodiak-data.kodiak');
    assert.ok(extension?.isActive);
    const declared = extension.packageJSON.contributes.commands.map((command: { command: string }) => command.command);
    const registered = await vscode.commands.getCommands(true);
    assert.deepEqual(
      declared.filter((command: string) => !registered.includes(command)),
      [],
    );
  });

  it('opens the guided tour', async () => {
    await vscode.commands.executeCommand('kodiak.openTour');
    const editor = await until('the tour is open', () => {
      const active = vscode.window.activeNotebookEditor;
      return active && path.basename(active.notebook.uri.fsPath) === 'tour.kodiak.sql' ? active : undefined;
    });
    const code = editor.notebook.getCells().filter((cell) => cell.kind === vscode.NotebookCellKind.Code);
    assert.ok(code.length >= 10);
    for (const cell of code) {
      await runCell(editor.notebook, cell.index);
      assert.equal(cell.executionSummary?.success, true, `${cell.document.getText()}\n${textOf(cell)}`);
    }
    assert.ok(code.some((cell) => outputsOf(cell).some((result) => result.provenance.kind === 'proved')));
  });
});

async function server(): Promise<KodiakApi['server']> {
  const extension = vscode.extensions.getExtension<KodiakApi>('kodiak-data.kodiak');
  assert.ok(extension);
  return (await extension.activate()).server;
}

async function stats(): Promise<WireStats> {
  return await (await server()).request(readStats, null);
}

/** Whether the long query itself runs: results of other cells may still be on their way to the disk. */
async function runsLong(): Promise<boolean> {
  return (await stats()).pool.holders.some(({ statement }) => statement?.includes('range(100000000000)'));
}

async function serverPid(): Promise<number> {
  return (await (await server()).request(openDatabase, null)).pid;
}
