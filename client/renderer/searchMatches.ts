import type { WireRow, WireValue } from '../../server/protocol/values.ts';
import { copyText } from './cellText.ts';
import type { CellPlace } from './gridKeys.ts';

/** Of longer texts only the beginning is looked at: a mark is drawn in every frame. */
const MAX_LOOKED_AT = 20_000;

/** Whether a cell is marked as found: its text contains what is searched, in upper or lower case. */
export function matchesSearch(value: WireValue, search: string): boolean {
  if (search === '' || value === null) return false;
  return copyText(value).slice(0, MAX_LOOKED_AT).toLowerCase().includes(search.toLowerCase());
}

interface SearchedRows {
  readonly rowCount: number;
  row(index: number): WireRow | undefined;
}

/**
 * The next cell that is found behind a place, or before it, going around at the ends. All rows of a searched view have one, so that no
 * other row than the next is looked at; in a row that is not here yet, the place is its first cell.
 */
export function nextMatch(rows: SearchedRows, from: CellPlace, search: string, backwards: boolean): CellPlace | undefined {
  if (rows.rowCount === 0) return undefined;
  const here = matchingColumns(rows.row(from.row), search).filter((column) => (backwards ? column < from.column : column > from.column));
  const inRow = backwards ? here.at(-1) : here[0];
  if (inRow !== undefined) return { row: from.row, column: inRow };
  const row = (from.row + (backwards ? -1 : 1) + rows.rowCount) % rows.rowCount;
  const there = matchingColumns(rows.row(row), search);
  return { row, column: (backwards ? there.at(-1) : there[0]) ?? 0 };
}

/** The cell that is found first, from a row on. */
export function firstMatch(rows: SearchedRows, row: number, search: string): CellPlace | undefined {
  return rows.rowCount === 0 ? undefined : { row, column: matchingColumns(rows.row(row), search)[0] ?? 0 };
}

/** The cells of a row that are found. */
export function matchingColumns(row: WireRow | undefined, search: string): number[] {
  return (row ?? []).flatMap((value, column) => (matchesSearch(value, search) ? column : []));
}
