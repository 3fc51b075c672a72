import { type CellToExport, exportedNotebook, notebookTitle } from './exportedNotebook.ts';
import { htmlExport } from './htmlExport.ts';
import { markdownExport, type PictureFile } from './markdownExport.ts';

/** The terminal's way to pages of a notebook: a bundle of its own, loaded when a page is written. */
export function htmlPage(path: string, cells: readonly CellToExport[]): string {
  return htmlExport(exportedNotebook(notebookTitle(path), cells));
}

/** `folder` is where the pictures are to be; without one their words stand in their places. */
export function markdownPage(
  path: string,
  cells: readonly CellToExport[],
  folder: string | undefined,
): { readonly text: string; readonly pictures: readonly PictureFile[] } {
  const notebook = exportedNotebook(notebookTitle(path), cells);
  if (folder !== undefined) return markdownExport(notebook, folder);
  const inWords = notebook.cells.map((cell) => ({
    ...cell,
    outputs: cell.outputs.map((output) =>
      output.kind === 'chart' ? ({ kind: 'text', text: output.label, isError: false } as const) : output,
    ),
  }));
  return markdownExport({ ...notebook, cells: inWords }, '');
}
