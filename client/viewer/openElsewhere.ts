import { basename, dirname } from 'node:path';
import { NotebookCellData, NotebookCellKind, type Uri, window, workspace } from 'vscode';
import type { ShownFile } from '../../server/protocol/dataViewer.ts';
import { filePattern } from '../explorer/dataFiles.ts';
import { openUntitledNotebook } from '../notebook/untitledNotebook.ts';
import { queryCells } from './queryCells.ts';

/** Opens a notebook that reads what the editor shows. */
export async function openAsNotebook(uri: Uri, file: ShownFile): Promise<void> {
  const cells = queryCells(file, paths(uri));
  await openUntitledNotebook(
    cells.map(({ kind, text }) =>
      kind === 'markup'
        ? new NotebookCellData(NotebookCellKind.Markup, text, 'markdown')
        : new NotebookCellData(NotebookCellKind.Code, text, 'sql'),
    ),
  );
}

/** Opens a SQL file that reads what the editor shows. */
export async function openAsQuery(uri: Uri, file: ShownFile): Promise<void> {
  const statements = queryCells(file, paths(uri)).flatMap(({ kind, text }) => (kind === 'code' ? [text] : []));
  const document = await workspace.openTextDocument({ language: 'sql', content: `${statements.join('\n\n')}\n` });
  await window.showTextDocument(document);
}

/** What is not saved yet starts at the workspace's folder. */
function paths(uri: Uri): { readonly path: string; readonly pattern: string } {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const base = folder?.scheme === 'file' ? folder.fsPath : undefined;
  return { path: uri.fsPath, pattern: filePattern({ folder: dirname(uri.fsPath), path: basename(uri.fsPath) }, base) };
}
