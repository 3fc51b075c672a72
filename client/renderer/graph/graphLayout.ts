/** A box of the picture, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line from the lower edge of one box to the upper edge of another, as an SVG path, with the place of its label. */
export interface Line {
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

const WIDTH = 200;
const HEIGHT = 52;
const GAP_X = 56;
const GAP_Y = 72;
const MARGIN = 16;
/** Room at the left for lines that pass beside boxes. */
const MARGIN_X = 44;

/**
 * Cells in layers from the top: each stands below all that it depends on, in its layer in the order of the notebook, and as near as it
 * can to what it depends on. Edges lead from earlier cells to later ones, so there are no cycles.
 */
export function layOut(count: number, edges: readonly { readonly from: number; readonly to: number }[]): Layout {
  const layers = layersOf(count, edges);
  const rows: number[][] = [];
  for (const [cell, layer] of layers.entries()) {
    const row = rows[layer] ?? [];
    rows[layer] = row;
    row.push(cell);
  }
  const widest = Math.max(1, ...rows.map((row) => row.length));
  const centres: number[] = new Array(count).fill(0);
  for (const row of rows) place(row, edges, centres, widest);
  const boxes = layers.map((layer, cell) => ({
    x: MARGIN_X + (centres[cell] ?? 0) * (WIDTH + GAP_X),
    y: MARGIN + layer * (HEIGHT + GAP_Y),
    width: WIDTH,
    height: HEIGHT,
  }));
  return {
    boxes,
    lines: edges.map((edge, index) => lineBetween(boxes, edge, index)),
    width: MARGIN_X + MARGIN + widest * WIDTH + (widest - 1) * GAP_X,
    height: 2 * MARGIN + rows.length * HEIGHT + Math.max(0, rows.length - 1) * GAP_Y,
  };
}

/** Length of the longest way that leads to each cell. */
function layersOf(count: number, edges: readonly { readonly from: number; readonly to: number }[]): number[] {
  const layers: number[] = new Array(count).fill(0);
  for (let cell = 0; cell < count; cell++) {
    for (const { from, to } of edges) if (to === cell) layers[cell] = Math.max(layers[cell] ?? 0, (layers[from] ?? 0) + 1);
  }
  return layers;
}

/** Gives each cell of a row a column: the mean of what it depends on, moved to the right as far as its neighbours need room. */
function place(
  row: readonly number[],
  edges: readonly { readonly from: number; readonly to: number }[],
  centres: number[],
  widest: number,
): void {
  const wanted = new Map(
    row.map((cell, index) => {
      const above = edges.filter(({ to }) => to === cell).map(({ from }) => centres[from] ?? 0);
      return [cell, above.length === 0 ? index : above.reduce((sum, centre) => sum + centre, 0) / above.length];
    }),
  );
  const sorted = [...row].sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a - b);
  let next = 0;
  for (const [index, cell] of sorted.entries()) {
    const most = widest - (sorted.length - index);
    const column = Math.min(most, Math.max(next, wanted.get(cell) ?? 0));
    centres[cell] = column;
    next = column + 1;
  }
}

function lineBetween(boxes: readonly Box[], { from, to }: { readonly from: number; readonly to: number }, index: number): Line {
  const [start, end] = [boxes[from], boxes[to]];
  if (!start || !end) return { path: '', labelX: 0, labelY: 0 };
  const [x1, y1] = [start.x + start.width / 2, start.y + start.height];
  const [x2, y2] = [end.x + end.width / 2, end.y];
  const bend = Math.max(GAP_Y / 2, (y2 - y1) / 2);
  // A line over several layers passes beside the boxes between them.
  const skips = y2 - y1 > GAP_Y + 1;
  const side = skips && Math.abs(x2 - x1) < WIDTH ? start.x - GAP_X / 2 : undefined;
  const path =
    side === undefined
      ? `M ${x1} ${y1} C ${x1} ${y1 + bend}, ${x2} ${y2 - bend}, ${x2} ${y2}`
      : `M ${x1} ${y1} C ${x1} ${y1 + GAP_Y / 2}, ${side} ${y1 + GAP_Y / 4}, ${side} ${y1 + GAP_Y} L ${side} ${y2 - GAP_Y} C ${side} ${y2 - GAP_Y / 4}, ${x2} ${y2 - GAP_Y / 2}, ${x2} ${y2}`;
  // Labels of lines to one box stand one below the other.
  const shift = ((index % 3) - 1) * 14;
  return { path, labelX: side ?? (x1 + x2) / 2, labelY: (y1 + y2) / 2 + shift };
}
