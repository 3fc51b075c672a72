/** A rectangle of cells; both ends belong to it. Columns are places from the left, as they are shown. */
export interface CellRange {
  readonly fromRow: number;
  /** `Infinity` for all rows, also those that still arrive. */
  readonly toRow: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

interface Corner {
  readonly row: number;
  readonly column: number;
}

export const ALL_ROWS_END = Number.POSITIVE_INFINITY;

/** The rectangle between two corners. */
export function rangeBetween(one: Corner, other: Corner): CellRange {
  return {
    fromRow: Math.min(one.row, other.row),
    toRow: Math.max(one.row, other.row),
    fromColumn: Math.min(one.column, other.column),
    toColumn: Math.max(one.column, other.column),
  };
}

/** Whole rows. */
export function rowsRange(one: number, other: number, columnCount: number): CellRange {
  return rangeBetween({ row: one, column: 0 }, { row: other, column: Math.max(0, columnCount - 1) });
}

/** Whole columns. */
export function columnsRange(one: number, other: number): CellRange {
  return rangeBetween({ row: 0, column: one }, { row: ALL_ROWS_END, column: other });
}

/** The range as far as there are rows; undefined where nothing is left of it. */
export function clampRange(range: CellRange, rowCount: number, columnCount: number): CellRange | undefined {
  const clamped = { ...range, toRow: Math.min(range.toRow, rowCount - 1), toColumn: Math.min(range.toColumn, columnCount - 1) };
  return clamped.fromRow > clamped.toRow || clamped.fromColumn > clamped.toColumn ? undefined : clamped;
}

export function rangeHas(range: CellRange | undefined, row: number, column: number): boolean {
  if (range === undefined) return false;
  return row >= range.fromRow && row <= range.toRow && column >= range.fromColumn && column <= range.toColumn;
}

/** Number of cells of a clamped range. */
export function cellCount({ fromRow, toRow, fromColumn, toColumn }: CellRange): number {
  return (toRow - fromRow + 1) * (toColumn - fromColumn + 1);
}
