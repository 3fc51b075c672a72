/** The row of a place in the head. */
export const HEAD_ROW = -1;

export interface CellPlace {
  /** `HEAD_ROW` for the head of a column. */
  readonly row: number;
  readonly column: number;
}

export interface GridExtent {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Rows that Page Down moves by. */
  readonly pageStep: number;
}

/** Where a key moves the focused cell to; undefined for keys that mean nothing to a grid. */
export function moveByKey(key: string, toEnd: boolean, from: CellPlace, extent: GridExtent): CellPlace | undefined {
  const target = unbounded(key, toEnd, from, extent);
  return (
    target && {
      row: clamp(target.row, HEAD_ROW, Math.max(0, extent.rowCount - 1)),
      column: clamp(target.column, 0, Math.max(0, extent.columnCount - 1)),
    }
  );
}

function unbounded(key: string, toEnd: boolean, { row, column }: CellPlace, extent: GridExtent): CellPlace | undefined {
  switch (key) {
    case 'ArrowUp':
      return { row: toEnd && row > 0 ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: toEnd ? extent.rowCount - 1 : row + 1, column };
    case 'ArrowLeft':
      return { row, column: toEnd ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: toEnd ? extent.columnCount - 1 : column + 1 };
    case 'PageUp':
      return { row: Math.max(Math.min(row, 0), row - extent.pageStep), column };
    case 'PageDown':
      return { row: row + extent.pageStep, column };
    case 'Home':
      return { row: toEnd ? 0 : row, column: 0 };
    case 'End':
      return { row: toEnd ? extent.rowCount - 1 : row, column: extent.columnCount - 1 };
    default:
      return undefined;
  }
}

/** Rows that Page Down moves by in a view of this height. */
export function pageStep(viewHeight: number, rowHeight: number): number {
  return Math.max(1, Math.floor(viewHeight / rowHeight) - 1);
}

/** What a key does with the column of the focused cell; undefined for keys that do nothing with it. */
export function columnAction(
  { key, shiftKey, altKey }: { readonly key: string; readonly shiftKey: boolean; readonly altKey: boolean },
  { row }: CellPlace,
): 'addSort' | 'filter' | 'profile' | 'sort' | undefined {
  if (altKey) return key === 'ArrowDown' ? 'filter' : undefined;
  if (row !== HEAD_ROW) return undefined;
  if (key === 'Enter' || key === ' ') return shiftKey ? 'addSort' : 'sort';
  if (key === 'f' || key === 'F') return 'filter';
  return key === 'p' || key === 'P' ? 'profile' : undefined;
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.max(minimum, Math.min(maximum, value));
}
