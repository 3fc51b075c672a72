import type { GraphEdge } from '../../../server/protocol/requests.ts';
import { closestName } from '../closestName.ts';
import { UsageError } from '../subcommands/subcommand.ts';
import type { HeadlessCell } from './notebookCells.ts';

/** Places of the cells of these names: names of results, titles, or numbers (`3`). Throws a `UsageError` that lists the names. */
export function cellsNamed(cells: readonly HeadlessCell[], names: readonly string[]): number[] {
  return names.map((name) => {
    const is = (text: string | undefined) => text?.toLowerCase() === name.toLowerCase();
    const matching = [
      (cell: HeadlessCell) => is(cell.resultName),
      (cell: HeadlessCell) => is(cell.marker.title),
      (cell: HeadlessCell) => String(cell.number) === name,
    ];
    for (const matches of matching) {
      const found = cells.flatMap((cell, at) => (matches(cell) ? [at] : []));
      if (found.length > 1)
        throw new UsageError(`--only ${name}: ${found.length} cells are called so; give the number of one, ${numbers(cells, found)}`);
      if (found[0] !== undefined) return found[0];
    }
    throw new UsageError(`--only ${name}: ${unknownCell(cells, name)}`);
  });
}

/** The chosen cells and all that they need, in their order. */
export function withNeeded(chosen: readonly number[], needs: readonly GraphEdge[]): number[] {
  const found = new Set(chosen);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { from, to } of needs) if (found.has(to)) found.add(from);
  }
  return [...found].sort((a, b) => a - b);
}

function numbers(cells: readonly HeadlessCell[], places: readonly number[]): string {
  return places.map((at) => cells[at]?.number).join(' or ');
}

function unknownCell(cells: readonly HeadlessCell[], name: string): string {
  const names = cells.flatMap(({ resultName, marker }) => [resultName, marker.title]).filter((each) => each !== undefined && each !== '');
  const known = [...new Set(names)] as string[];
  const meant = closestName(name, known);
  if (known.length === 0) return 'no cell of the notebook has a name or a title; cells are called by their number, too';
  return `no cell is called so${meant === undefined ? '' : `; did you mean ${meant}?`}\nThere are: ${known.join(', ')}`;
}
