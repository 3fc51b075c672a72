import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { RESULT_MIME, type ResultOutput } from '../../../server/protocol/notebookOutput.ts';

const LIMIT_MS = 60_000;

export function workspaceFile(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'a workspace folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Looks until `check` gives something, and gives that. */
export async function until<T>(what: string, check: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  // What a notebook shows only for a moment is seen at the moment, however busy the machine is.
  let shown: T | undefined;
  const look = async () => {
    shown ??= await check();
  };
  const watch = vscode.workspace.onDidChangeNotebookDocument(() => void look().catch(() => undefined));
  try {
    for (;;) {
      await look();
      if (shown !== undefined) return shown;
      if (Date.now() > deadline) throw new Error(`Not so within ${LIMIT_MS / 1000} s: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    watch.dispose();
  }
}

/** Runs one cell of the notebook that is shown, and waits for its end. */
export async function runCell(notebook: vscode.NotebookDocument, index: number): Promise<vscode.NotebookCell> {
  const cell = notebook.cellAt(index);
  const order = cell.executionSummary?.executionOrder;
  await vscode.commands.executeCommand('notebook.cell.execute', { ranges: [{ start: index, end: index + 1 }] });
  await until(`cell ${index} ended`, () =>
    cell.executionSummary?.success !== undefined && cell.executionSummary.executionOrder !== order ? true : undefined,
  );
  return cell;
}

/** The results shown below a cell. */
export function outputsOf(cell: vscode.NotebookCell): ResultOutput[] {
  return cell.outputs
    .flatMap((output) => output.items)
    .filter((item) => item.mime === RESULT_MIME)
    .map((item) => JSON.parse(new TextDecoder().decode(item.data)) as ResultOutput);
}

export function resultOf(cell: vscode.NotebookCell): ResultOutput {
  const last = outputsOf(cell).at(-1);
  assert.ok(last, `the cell shows a result: ${textOf(cell)}`);
  return last;
}

/** All text below a cell. */
export function textOf(cell: vscode.NotebookCell): string {
  return cell.outputs
    .flatMap((output) => output.items)
    .filter((item) => item.mime !== RESULT_MIME)
    .map((item) => new TextDecoder().decode(item.data))
    .join('\n');
}
