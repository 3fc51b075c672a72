import { type Disposable, type NotebookDocument, window, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';

/** VS Code replaces an untitled notebook by the saved one, which has no outputs and a session of its own: says so. */
export function tellOfFirstSave(): Disposable {
  return workspace.onDidCloseNotebookDocument((closed) => {
    if (closed.notebookType !== NOTEBOOK_TYPE || !closed.isUntitled || !wasRun(closed)) return;
    const saved = workspace.notebookDocuments.some(
      (open) => open.notebookType === NOTEBOOK_TYPE && !open.isUntitled && isCopy(open, closed),
    );
    if (!saved) return;
    void window.showInformationMessage(
      'The saved notebook begins anew: results, temporary tables and variables of the unsaved one are gone. Run its cells again.',
    );
  });
}

function wasRun(notebook: NotebookDocument): boolean {
  return notebook.getCells().some((cell) => cell.executionSummary?.success !== undefined);
}

function isCopy(one: NotebookDocument, other: NotebookDocument): boolean {
  return (
    one.cellCount === other.cellCount &&
    one.getCells().every((cell, index) => cell.document.getText() === other.cellAt(index).document.getText())
  );
}
