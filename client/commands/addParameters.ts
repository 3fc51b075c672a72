import { NotebookEdit, NotebookRange, WorkspaceEdit, window, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { isParams, newParamsCell } from '../notebook/paramsCells.ts';

const TEMPLATE = `-- label: Region, choices: north|south
SET VARIABLE region = 'north';
SET VARIABLE since = DATE '2024-01-01';`;

/** Puts a params cell at the top of the notebook, or shows the one that is there. */
export async function addParameters(): Promise<void> {
  const editor = window.activeNotebookEditor;
  if (editor?.notebook.notebookType !== NOTEBOOK_TYPE) {
    void window.showInformationMessage('Open a Kodiak notebook first: parameters belong to one.');
    return;
  }
  const { notebook } = editor;
  if (!notebook.getCells().some(isParams)) {
    const edit = new WorkspaceEdit();
    edit.set(notebook.uri, [NotebookEdit.insertCells(0, [newParamsCell(TEMPLATE)])]);
    await workspace.applyEdit(edit);
  }
  const index = Math.max(0, notebook.getCells().findIndex(isParams));
  editor.selection = new NotebookRange(index, index + 1);
  editor.revealRange(editor.selection);
}
