import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { cellText } from './cellText.ts';
import { columnWidth, MAX_CHARACTERS } from './columnWidth.ts';

/** Cells whose texts decide how wide columns are at first. */
const MEASURED_CELLS = 20_000;
const MAX_MEASURED_ROWS = 100;
const TYPE_SCALE = 0.85;
/** Room beside a name for what it is sorted by. */
const MARK_CHARACTERS = 3;

interface MeasuredRows {
  readonly columns: readonly WireColumn[];
  readonly rowCount: number;
  row(index: number): WireRow | undefined;
}

/** The longest text of each column so far, in characters. Columns grow with what is drawn, and do not shrink again. */
export class ColumnLengths {
  readonly #lengths: number[];
  #characterWidth = 8;

  constructor({ columns }: MeasuredRows) {
    this.#lengths = columns.map(({ name, type }) => Math.max(name.length + MARK_CHARACTERS, type.length * TYPE_SCALE));
  }

  /** Looks at the first rows. `characterWidth` is in pixels. */
  measure(rows: MeasuredRows, characterWidth: number): void {
    this.#characterWidth = characterWidth;
    const count = Math.min(rows.rowCount, MAX_MEASURED_ROWS, Math.ceil(MEASURED_CELLS / Math.max(1, rows.columns.length)));
    for (let row = 0; row < count; row++) {
      for (const [column, value] of (rows.row(row) ?? []).entries()) this.add(column, cellText(value, false).text.length);
    }
  }

  /** Whether this text makes its column wider. */
  add(column: number, length: number): boolean {
    const before = Math.min(this.#lengths[column] ?? 0, MAX_CHARACTERS);
    if (length <= before) return false;
    this.#lengths[column] = length;
    return before < MAX_CHARACTERS;
  }

  /** Pixels. */
  width(column: number): number {
    return columnWidth(this.#lengths[column] ?? 0, this.#characterWidth);
  }

  /** Pixels of a column of numbers of rows. */
  numberWidth(text: string): number {
    return columnWidth(Math.max(3, text.length), this.#characterWidth);
  }

  /** Whether a text of this many characters is cut off in a column of this width. */
  isCut(length: number, width: number): boolean {
    return length * this.#characterWidth > width - 16;
  }
}
