import { ALL_ROWS_END, type CellRange, clampRange, columnsRange, rangeBetween, rangeHas, rowsRange } from './cellSelection.ts';
import type { CellPlace } from './gridKeys.ts';
import type { Selection } from './gridParts.ts';

/** What can be selected. */
export interface SelectableGrid {
  readonly rowCount: number;
  /** The columns that are shown, from the left. */
  readonly shown: readonly number[];
  /** The place of a column from the left. */
  position(column: number): number;
}

/** Which cells of a grid are selected: from where a selection began to the focused cell. In ranges, columns are places from the left. */
export class GridSelection {
  readonly #grid: SelectableGrid;
  readonly #changed: (selection: Selection | undefined) => void;
  #anchor: CellPlace = { row: 0, column: 0 };
  /** Undefined where only the focused cell is meant. */
  #range: CellRange | undefined;

  constructor(grid: SelectableGrid, changed: (selection: Selection | undefined) => void) {
    this.#grid = grid;
    this.#changed = changed;
  }

  get any(): boolean {
    return this.#range !== undefined;
  }

  has({ row, column }: CellPlace): boolean {
    return this.#range !== undefined && rangeHas(this.#range, row, this.#grid.position(column));
  }

  /** A selection begins here, with nothing but this cell. */
  begin({ row, column }: CellPlace): void {
    this.#anchor = { row: Math.max(0, row), column: this.#grid.position(column) };
    this.clear();
  }

  clear(): void {
    if (this.#range !== undefined) this.#select(undefined);
  }

  extendTo({ row, column }: CellPlace): void {
    this.#select(rangeBetween(this.#anchor, { row, column: this.#grid.position(column) }));
  }

  /** Selects what was dragged over, between places from the left; gives the corner that the pointer is at. */
  drag(range: CellRange): CellPlace {
    const row = range.fromRow === this.#anchor.row ? range.toRow : range.fromRow;
    const column = range.fromColumn === this.#anchor.column ? range.toColumn : range.fromColumn;
    this.#select(range);
    return { row, column: this.#grid.shown[column] ?? 0 };
  }

  all(): void {
    this.#select(rangeBetween({ row: 0, column: 0 }, { row: ALL_ROWS_END, column: Math.max(0, this.#grid.shown.length - 1) }));
  }

  rowsTo(row: number): void {
    this.#select(rowsRange(this.#anchor.row, Math.max(0, row), this.#grid.shown.length));
  }

  columnsTo(column: number): void {
    this.#select(columnsRange(this.#anchor.column, this.#grid.position(column)));
  }

  /** The selected cells, or else the focused one; undefined where there is none. */
  meant({ row, column }: CellPlace): Selection | undefined {
    const place = { row: Math.max(0, row), column: this.#grid.position(column) };
    return this.#clamped(this.#range ?? rangeBetween(place, place));
  }

  #select(range: CellRange | undefined): void {
    this.#range = range;
    this.#changed(range && this.#clamped(range));
  }

  #clamped(range: CellRange): Selection | undefined {
    const { rowCount, shown } = this.#grid;
    const clamped = clampRange(range, rowCount, shown.length);
    return clamped && { range: clamped, columns: shown.slice(clamped.fromColumn, clamped.toColumn + 1) };
  }
}
