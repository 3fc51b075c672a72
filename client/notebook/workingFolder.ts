import { dirname } from 'node:path';
import { type NotebookDocument, workspace } from 'vscode';

/** The folder that relative paths in a notebook's SQL start at: its own, or the workspace's while it is not saved. */
export function workingFolder(notebook: NotebookDocument): string | undefined {
  if (notebook.uri.scheme === 'file') return dirname(notebook.uri.fsPath);
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder?.scheme === 'file' ? folder.fsPath : undefined;
}
