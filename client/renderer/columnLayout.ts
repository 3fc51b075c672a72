/** Widths and left edges of columns, in pixels. */
export interface ColumnLayout {
  readonly widths: readonly number[];
  /** One more than columns: the last is the whole width. */
  readonly edges: readonly number[];
}

const MIN_CHARACTERS = 4;
export const MAX_CHARACTERS = 48;
const PADDING = 18;

/** Columns as wide as their longest text, within bounds. `lengths` are in characters. */
export function columnLayout(lengths: readonly number[], characterWidth: number): ColumnLayout {
  const widths = lengths.map((length) => Math.ceil(Math.max(MIN_CHARACTERS, Math.min(MAX_CHARACTERS, length)) * characterWidth) + PADDING);
  const edges = [0];
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width);
  return { widths, edges };
}

/** Columns that lie at least in part between two places, from `first` to before `end`. */
export function visibleColumns(layout: ColumnLayout, left: number, width: number): { readonly first: number; readonly end: number } {
  const count = layout.widths.length;
  const first = lastEdgeUpTo(layout.edges, left);
  const end = lastEdgeUpTo(layout.edges, left + width - 1) + 1;
  return { first: Math.min(first, Math.max(0, count - 1)), end: Math.min(end, count) };
}

/** The nearest scroll offset at which the whole column is in view, or its left edge where it is wider than the view. */
export function scrollLeftShowing(layout: ColumnLayout, column: number, scrollLeft: number, width: number): number {
  const left = layout.edges[column] ?? 0;
  const right = layout.edges[column + 1] ?? left;
  if (left < scrollLeft || right - left > width) return left;
  return right > scrollLeft + width ? right - width : scrollLeft;
}

function lastEdgeUpTo(edges: readonly number[], place: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
