/** Which columns of a result are shown, in which order, and how wide. Columns are named by their index in the result. */
export interface ColumnArrangement {
  /** All columns, hidden ones too, as they were moved. */
  readonly order: readonly number[];
  /** Stay in view at the left, in this order. */
  readonly pinned: readonly number[];
  readonly hidden: readonly number[];
  /** Pixels of those that were made wider or narrower by hand. */
  readonly widths: Readonly<Record<number, number>>;
}

/** All columns of a result as it has them. */
export function naturalArrangement(columnCount: number): ColumnArrangement {
  return { order: Array.from({ length: columnCount }, (_, index) => index), pinned: [], hidden: [], widths: {} };
}

/** The columns that are shown, from the left; the first `pinned` of them stay in view. */
export function shownColumns({ order, pinned, hidden }: ColumnArrangement): {
  readonly columns: readonly number[];
  readonly pinned: number;
} {
  const away = new Set(hidden);
  const fixed = pinned.filter((column) => !away.has(column));
  const first = new Set(fixed);
  return { columns: [...fixed, ...order.filter((column) => !away.has(column) && !first.has(column))], pinned: fixed.length };
}

/** The last column that is shown cannot be hidden: nothing would be left to bring it back by. */
export function withHidden(arrangement: ColumnArrangement, column: number): ColumnArrangement {
  const { columns } = shownColumns(arrangement);
  if (columns.length < 2 || !columns.includes(column)) return arrangement;
  return { ...arrangement, hidden: [...arrangement.hidden, column] };
}

export function withAllShown(arrangement: ColumnArrangement): ColumnArrangement {
  return { ...arrangement, hidden: [] };
}

export function withPinned(arrangement: ColumnArrangement, column: number, isPinned: boolean): ColumnArrangement {
  const others = arrangement.pinned.filter((other) => other !== column);
  return { ...arrangement, pinned: isPinned ? [...others, column] : others };
}

/** The shown columns in another order, of which the first `pinned` are pinned; hidden ones stay behind the column they were behind. */
export function withOrder(arrangement: ColumnArrangement, columns: readonly number[], pinned: number): ColumnArrangement {
  const fixed = columns.slice(0, pinned);
  const loose = columns.slice(pinned);
  const moved = new Set(loose);
  let next = 0;
  const order = arrangement.order.map((column) => (moved.has(column) ? (loose[next++] ?? column) : column));
  return { ...arrangement, order, pinned: [...fixed, ...arrangement.pinned.filter((column) => !columns.includes(column))] };
}

/** The column one place to the left or right, among the pinned ones or among the others. */
export function withMoved(arrangement: ColumnArrangement, column: number, step: -1 | 1): ColumnArrangement {
  const { columns, pinned } = shownColumns(arrangement);
  const at = columns.indexOf(column);
  const to = at + step;
  if (at < 0 || to < 0 || to >= columns.length || at < pinned !== to < pinned) return arrangement;
  const moved = [...columns];
  moved.splice(at, 1);
  moved.splice(to, 0, column);
  return withOrder(arrangement, moved, pinned);
}

/** The width that a person chose; undefined fits the column to its texts again. */
export function withWidth(arrangement: ColumnArrangement, column: number, width: number | undefined): ColumnArrangement {
  const { [column]: _, ...others } = arrangement.widths;
  return { ...arrangement, widths: width === undefined ? others : { ...others, [column]: width } };
}

/** How many of the pinned columns, beside the row numbers, fit into a view and leave room for the others. */
export function pinnedThatFit(widths: readonly number[], room: number): number {
  let used = 0;
  for (const [index, width] of widths.entries()) {
    used += width;
    if (used > room) return index;
  }
  return widths.length;
}

/** The columns after one was pinned, moved, hidden or fitted; undefined for what does not arrange them. */
export function rearranged(before: ColumnArrangement, command: string, column: number): ColumnArrangement | undefined {
  switch (command) {
    case 'pin':
    case 'unpin':
      return withPinned(before, column, command === 'pin');
    case 'left':
    case 'right':
      return withMoved(before, column, command === 'left' ? -1 : 1);
    case 'hide':
      return withHidden(before, column);
    case 'showAll':
      return withAllShown(before);
    case 'fit':
      return withWidth(before, column, undefined);
    default:
      return undefined;
  }
}
