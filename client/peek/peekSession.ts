import { type TextDocument, workspace } from 'vscode';
import { workingFolder } from '../notebook/workingFolder.ts';

/** Where a document's SQL runs: the session of the notebook whose cell it is, or its own. */
export interface PeekSession {
  readonly sessionId: string;
  readonly cwd?: string;
}

export function sessionOf(document: TextDocument): PeekSession {
  const notebook = workspace.notebookDocuments.find((open) => open.getCells().some((cell) => cell.document === document));
  const cwd = workingFolder(notebook ?? document);
  return { sessionId: (notebook ?? document).uri.toString(), ...(cwd !== undefined && { cwd }) };
}
