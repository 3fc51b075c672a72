import { commands, type NotebookCellData, NotebookEdit, NotebookRange, Uri, WorkspaceEdit, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';

/**
 * Opens an untitled notebook: with these cells, or one empty one. The name is chosen here, because VS Code's own would end in `.sql`
 * alone and the saved file would not be known as a notebook.
 */
export async function openUntitledNotebook(cells: readonly NotebookCellData[] = []): Promise<void> {
  const open = new Set(workspace.notebookDocuments.map((notebook) => notebook.uri.path));
  let number = 1;
  while (open.has(`Untitled-${number}.kodiak.sql`)) number++;
  const uri = Uri.from({ scheme: 'untitled', path: `Untitled-${number}.kodiak.sql` });
  await commands.executeCommand('vscode.openWith', uri, NOTEBOOK_TYPE);
  const notebook = workspace.notebookDocuments.find((document) => document.uri.toString() === uri.toString());
  if (cells.length === 0 || notebook === undefined) return;
  const edit = new WorkspaceEdit();
  edit.set(notebook.uri, [NotebookEdit.replaceCells(new NotebookRange(0, notebook.cellCount), [...cells])]);
  await workspace.applyEdit(edit);
}
