import type { CellMarker } from '../notebook/cellMarker.ts';

/** A code cell with what its marker line says. */
export interface RunnableCell {
  readonly sql: string;
  readonly marker: CellMarker;
}

/** An assert cell. */
export interface Assertion {
  /** The same for as long as its title and those of equal titles before it are. */
  readonly id: string;
  readonly title: string;
  /** Its place among the code cells. */
  readonly index: number;
}

/** The assertions among the code cells of a notebook. */
export function assertionsIn(cells: readonly RunnableCell[]): Assertion[] {
  const counts = new Map<string, number>();
  return cells.flatMap(({ marker }, index) => {
    if (marker.role !== 'assert') return [];
    const count = (counts.get(marker.title) ?? 0) + 1;
    counts.set(marker.title, count);
    const title = marker.title === '' ? `Assertion ${count}` : marker.title;
    return [{ id: count === 1 ? title : `${title} #${count}`, title, index }];
  });
}
