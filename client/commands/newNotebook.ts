import { commands, Uri, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';

/**
 * Opens an untitled notebook with one empty cell. The name is chosen here, because VS Code's own would end in `.sql` alone and the
 * saved file would not be known as a notebook.
 */
export async function newNotebook(): Promise<void> {
  const open = new Set(workspace.notebookDocuments.map((notebook) => notebook.uri.path));
  let number = 1;
  while (open.has(`Untitled-${number}.kodiak.sql`)) number++;
  const uri = Uri.from({ scheme: 'untitled', path: `Untitled-${number}.kodiak.sql` });
  await commands.executeCommand('vscode.openWith', uri, NOTEBOOK_TYPE);
}
