import { NotebookCellKind, type NotebookDocument, Range, type Uri, workspace } from 'vscode';
import { NOTEBOOK_TYPE } from '../languageClient.ts';
import { readMarker } from '../notebook/cellMarker.ts';
import { decodeUtf8 } from '../notebook/decodeUtf8.ts';
import { readCells } from '../notebook/readCells.ts';
import { cellSource } from '../notebook/serializer.ts';
import { placeAt } from '../results/runTarget.ts';
import type { RunnableCell } from './assertionCells.ts';

/** A larger file is data, and has no tests. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A code cell, and where it is: in the editor of an open notebook, or else in its file. */
export interface LocatedCell extends RunnableCell {
  readonly uri: Uri;
  readonly range: Range;
}

/** The code cells of a notebook as they would be run: those of the editor that has it open, or of the file. Empty for a file that is not readable. */
export async function readNotebook(uri: Uri): Promise<LocatedCell[]> {
  const open = openNotebook(uri);
  return open === undefined ? await readFile(uri) : cellsOf(open);
}

export function openNotebook(uri: Uri): NotebookDocument | undefined {
  const key = uri.toString();
  return workspace.notebookDocuments.find((notebook) => notebook.notebookType === NOTEBOOK_TYPE && notebook.uri.toString() === key);
}

function cellsOf(notebook: NotebookDocument): LocatedCell[] {
  return notebook.getCells().flatMap((cell) => {
    const { document } = cell;
    const sql = document.getText();
    const marker = readMarker(cellSource(cell.metadata));
    if (cell.kind !== NotebookCellKind.Code || (sql.trim() === '' && marker.role !== 'assert')) return [];
    return [{ sql, marker, uri: document.uri, range: document.validateRange(new Range(0, 0, document.lineCount, 0)) }];
  });
}

async function readFile(uri: Uri): Promise<LocatedCell[]> {
  try {
    if ((await workspace.fs.stat(uri)).size > MAX_BYTES) return [];
    const text = decodeUtf8(await workspace.fs.readFile(uri));
    return readCells(text).flatMap(({ kind, text: sql, marker, start, end }) => {
      if (kind !== 'code') return [];
      const [from, to] = [placeAt(text, start), placeAt(text, end)];
      return [{ sql, marker, uri, range: new Range(from.line, from.column, to.line, to.column) }];
    });
  } catch {
    // A file that is gone, or no text: opening it says why.
    return [];
  }
}
