import { parseNotebook } from './cellFormat.ts';
import { type CellMarker, readMarker } from './cellMarker.ts';

/** A cell of a notebook file. A code cell is `source.slice(start, end)`; a markdown cell's `text` has lost its comment signs. */
export interface PlacedCell {
  readonly kind: 'code' | 'markdown';
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly marker: CellMarker;
  /** Later cells read the rows of its last statement under this name: `-- %% name=daily`. */
  readonly resultName?: string;
}

/** Cuts a file into its cells as the notebook editor does, with their places. Cells without text are left out, save for assertions, which then fail. */
export function readCells(source: string): PlacedCell[] {
  const { prefix, cells } = parseNotebook(source);
  const found: PlacedCell[] = [];
  let at = prefix.length;
  for (const cell of cells) {
    const { head, body, tail } = cell.source ?? { head: '', body: '', tail: '' };
    const start = at + head.length;
    at = start + body.length + tail.length;
    const marker = readMarker(cell.source);
    if (body.trim() === '' && marker.role !== 'assert') continue;
    const resultName = cell.kind === 'code' ? marker.attributes.get('name') : undefined;
    found.push({
      kind: cell.kind === 'code' ? 'code' : 'markdown',
      start,
      end: start + body.length,
      text: cell.kind === 'code' ? body : cell.text,
      marker,
      ...(resultName !== undefined && { resultName }),
    });
  }
  return found;
}
