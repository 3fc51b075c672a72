import type { CellSource } from '../../notebook/cellFormat.ts';
import { parseNotebook } from '../../notebook/cellFormat.ts';
import { type CellMarker, readMarker } from '../../notebook/cellMarker.ts';

/** A cell of a notebook file, as a run without an editor needs it. */
export interface HeadlessCell {
  /** Its place among all cells, from 1: as the editor counts. */
  readonly number: number;
  readonly kind: 'code' | 'markup';
  /** Lines end with `\n`; of a markdown cell without the signs of comments. */
  readonly text: string;
  readonly source: CellSource | undefined;
  readonly marker: CellMarker;
  /** How sentences call it: `cell 3`, or `the cell "Orders per day"`. */
  readonly name: string;
  /** Lines of the file before its text. */
  readonly linesBefore: number;
  /** Later cells read its rows under this name. */
  readonly resultName?: string;
  /** Why its rows cannot have the name that it says. */
  readonly nameProblem?: string;
}

/** The cells of a file in their order. Code cells without text are left out, save for assertions, which then fail. */
export function notebookCells(text: string): HeadlessCell[] {
  const { prefix, cells } = parseNotebook(text);
  const owners = new Map<string, number>();
  let lines = lineEnds(prefix);
  return cells.flatMap(({ kind, text: shown, source }, index): HeadlessCell[] => {
    const { head, body, tail } = source ?? { head: '', body: '', tail: '' };
    const linesBefore = lines + lineEnds(head);
    lines = linesBefore + lineEnds(body) + lineEnds(tail);
    const marker = readMarker(source);
    const number = index + 1;
    const resultName = kind === 'code' ? marker.attributes.get('name') : undefined;
    const owner = resultName === undefined ? undefined : (owners.get(resultName.toLowerCase()) ?? number);
    if (resultName !== undefined && owner !== undefined) owners.set(resultName.toLowerCase(), owner);
    if (shown.trim() === '' && marker.role !== 'assert') return [];
    const name = marker.title === '' ? `cell ${number}` : `the cell "${marker.title}"`;
    const named = resultName === undefined ? {} : owner === number ? { resultName } : { nameProblem: takenName(resultName, owner) };
    return [{ number, kind, text: shown, source, marker, name, linesBefore, ...named }];
  });
}

function takenName(name: string, owner: number | undefined): string {
  return `The result cannot be called "${name}": cell ${owner} has that name. Give this one another.`;
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
