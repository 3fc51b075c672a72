import { type NotebookCell, NotebookCellKind, window } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';

/** The SQL cell that a command is about: the one that a menu hands over, or the one that is selected. */
export function selectedCell(given?: unknown): NotebookCell | undefined {
  if (typeof given === 'object' && given !== null && 'notebook' in given && 'metadata' in given) return given as NotebookCell;
  const editor = window.activeNotebookEditor;
  if (editor?.notebook.notebookType !== NOTEBOOK_TYPE || editor.selection.start >= editor.notebook.cellCount) return undefined;
  const cell = editor.notebook.cellAt(editor.selection.start);
  return cell.kind === NotebookCellKind.Code ? cell : undefined;
}
