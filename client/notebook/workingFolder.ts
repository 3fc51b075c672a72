import { dirname } from 'node:path';
import { type Uri, workspace } from 'vscode';

/** The folder that relative paths in the SQL of a notebook or file start at: its own, or the workspace's while it is not saved. */
export function workingFolder({ uri }: { readonly uri: Uri }): string | undefined {
  if (uri.scheme === 'file') return dirname(uri.fsPath);
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder?.scheme === 'file' ? folder.fsPath : undefined;
}
