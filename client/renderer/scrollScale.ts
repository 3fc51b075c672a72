/**
 * Which row is at which place. Browsers draw nothing beyond some tens of millions of pixels, so that the canvas of a long result is
 * shorter than its rows: the scroll bar then moves through them proportionally, while rows themselves keep their height. Positions
 * are rows, with fractions, at the top edge of the view.
 */
export interface ScrollScale {
  readonly rowCount: number;
  /** Height of the part of the view that shows rows. */
  readonly viewHeight: number;
  readonly rowHeight: number;
  /** Height of the canvas that is scrolled. */
  readonly canvasHeight: number;
  /** True when the canvas is shorter than the rows. */
  readonly scaled: boolean;
  /** The last position, at which the last row ends at the bottom of the view. */
  readonly maxPosition: number;
}

export const ROW_HEIGHT = 22;
export const MAX_CANVAS_HEIGHT = 8_000_000;

export function scrollScale(rowCount: number, viewHeight: number): ScrollScale {
  const fullHeight = rowCount * ROW_HEIGHT;
  return {
    rowCount,
    viewHeight,
    rowHeight: ROW_HEIGHT,
    canvasHeight: Math.min(fullHeight, MAX_CANVAS_HEIGHT),
    scaled: fullHeight > MAX_CANVAS_HEIGHT,
    maxPosition: Math.max(0, rowCount - viewHeight / ROW_HEIGHT),
  };
}

export function positionAt(scale: ScrollScale, scrollTop: number): number {
  if (!scale.scaled) return clamp(scrollTop / scale.rowHeight, 0, scale.maxPosition);
  const room = scale.canvasHeight - scale.viewHeight;
  return clamp((scrollTop / room) * scale.maxPosition, 0, scale.maxPosition);
}

export function scrollTopFor(scale: ScrollScale, position: number): number {
  const within = clamp(position, 0, scale.maxPosition);
  if (!scale.scaled) return within * scale.rowHeight;
  return (within / scale.maxPosition) * (scale.canvasHeight - scale.viewHeight);
}

/** Rows that the view shows at least in part, from `first` to before `end`. */
export function visibleRows(scale: ScrollScale, position: number): { readonly first: number; readonly end: number } {
  const first = Math.floor(clamp(position, 0, scale.maxPosition));
  return { first, end: Math.min(scale.rowCount, Math.ceil(position + scale.viewHeight / scale.rowHeight)) };
}

/** The nearest position at which the whole row is in view. */
export function positionShowing(scale: ScrollScale, position: number, row: number): number {
  const rowsInView = scale.viewHeight / scale.rowHeight;
  if (row < position) return row;
  if (row + 1 > position + rowsInView) return clamp(row + 1 - rowsInView, 0, scale.maxPosition);
  return position;
}

/** Rows that Page Down moves by. */
export function pageStep(scale: ScrollScale): number {
  return Math.max(1, Math.floor(scale.viewHeight / scale.rowHeight) - 1);
}

export function clamp(value: number, minimum: number, maximum: number): number {
  return Math.max(minimum, Math.min(maximum, value));
}
