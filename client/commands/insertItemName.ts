import { NotebookCellKind, Range, type TextDocument, type TextEditor, WorkspaceEdit, window, workspace } from 'vscode';
import { type ExplorerViews, editedFolder, workspaceFolder } from '../explorer/explorerViews.ts';
import { insertion } from '../explorer/insertion.ts';
import { nodesSql } from '../explorer/objectSql.ts';

/** Writes names at the cursor of the editor, or at the end of the selected cell of the notebook. */
export function insertItemName(explorer: ExplorerViews): (given?: unknown, all?: unknown) => Promise<void> {
  return async (given, all) => {
    const text = nodesSql(explorer.nodes(given, all), editedFolder() ?? workspaceFolder());
    if (text === '') return;
    const editor = window.activeTextEditor;
    const cell = selectedCell();
    if (editor !== undefined && (cell === undefined || editor.document === cell)) await insertAtCursor(editor, text);
    else if (cell !== undefined) await append(cell, text);
    else void window.showInformationMessage('Open a SQL file or a notebook to insert this into.');
  };
}

function selectedCell(): TextDocument | undefined {
  const notebookEditor = window.activeNotebookEditor;
  if (notebookEditor === undefined || notebookEditor.notebook.cellCount === 0) return undefined;
  const cell = notebookEditor.notebook.cellAt(notebookEditor.selection.start);
  return cell.kind === NotebookCellKind.Code ? cell.document : undefined;
}

async function insertAtCursor(editor: TextEditor, text: string): Promise<void> {
  await editor.edit((edit) => {
    for (const selection of editor.selections) {
      const { start, end } = selection;
      const before = editor.document.getText(new Range(start.with({ character: 0 }), start));
      const after = editor.document.getText(new Range(end, end.translate(0, 1)));
      edit.replace(selection, insertion(before, text, after));
    }
  });
  await window.showTextDocument(editor.document, editor.viewColumn);
}

async function append(document: TextDocument, text: string): Promise<void> {
  const before = document.getText();
  const edit = new WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(before.length), insertion(before, text, ''));
  await workspace.applyEdit(edit);
}
