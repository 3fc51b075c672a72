import { type NotebookCell, NotebookCellKind, type NotebookDocument } from 'vscode';
import { readMarker } from './cellMarker.ts';
import { cellSource } from './serializer.ts';

/** The cells that run, in their order. */
export function codeCells(notebook: NotebookDocument): NotebookCell[] {
  return notebook.getCells().filter(({ kind }) => kind === NotebookCellKind.Code);
}

/** How sentences call a cell: by its title, or by its place in the notebook. */
export function cellName(cell: NotebookCell): string {
  const { title } = readMarker(cellSource(cell.metadata));
  return title === '' ? `cell ${cell.index + 1}` : `the cell "${title}"`;
}
