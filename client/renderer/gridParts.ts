import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import type { CellRange } from './cellSelection.ts';
import type { CopyFormat } from './copyFormats.ts';
import type { ColumnAction } from './gridHead.ts';
import type { CellPlace } from './gridKeys.ts';
import type { HeadState } from './headLabel.ts';

/** What a grid shows. */
export interface GridRows {
  readonly columns: readonly WireColumn[];
  readonly rowCount: number;
  /** They were computed for somebody who waits, and not read from disk. */
  readonly isAwaited: boolean;
  /** What the rows come from: another one has other rows. */
  readonly source: object;
  row(index: number): WireRow | undefined;
  /** Rows `first` to before `end` are in view. True when none of them is still to come. */
  look(first: number, end: number): boolean;
  /** How the head of a column is marked. */
  head(column: number): HeadState;
  /** Cells that contain this are marked. */
  readonly search: string;
  /** How else a cell is marked. */
  mark?(row: WireRow, column: number): CellMark | undefined;
}

/** A class for the eye, and what it means in words. */
export interface CellMark {
  readonly className: string;
  readonly description?: string;
}

/** Selected cells. Columns are those of the result, from the left. */
export interface Selection {
  readonly range: CellRange;
  readonly columns: readonly number[];
}

/** What a person asks a grid for by the head, a menu or a key. */
export interface GridActions {
  column(action: ColumnAction, column: number): void;
  find(): void;
  /** Another cell has the focus. */
  focused(place: CellPlace): void;
  /** Other cells are selected; undefined where it is only the focused one. */
  selected(selection: Selection | undefined): void;
  /** The cell's value is to be shown in full. */
  open(place: CellPlace): void;
  /** The selected cells as text, where all of them are here. */
  textHere(selection: Selection): string | undefined;
  copy(selection: Selection, format: CopyFormat): void;
  /** Columns were moved, hidden, pinned or fitted, or numbers are written in another way. */
  arranged(): void;
}
