import { quoteName } from '../../engine/sql/sqlNames.ts';
import type { WriterOptions } from '../text/writerOptions.ts';

/** How results are shown, as far as a person chose something. `undefined` leaves it to the format. */
export class OutputSettings {
  nullText: string | undefined;
  headers = true;
  columnSeparator: string | undefined;
  rowSeparator: string | undefined;
  widths: readonly number[] = [];
  /** The table that the format `insert` names. */
  table = 'table';
  /** The same as SQL, with a schema perhaps; in place of `table`. */
  target: string | undefined;
  /** Rows that a box shows at most; 0: all; `undefined`: what fits on the screen, 40 where there is none. */
  maxRows: number | undefined;
  /** Columns of characters that a box may take; 0: as the terminal has. */
  maxWidth = 0;
  /** Whether times are told; `undefined`: below boxes only. */
  timer: boolean | undefined;
  /** Whether it is told how many rows a statement changed; `undefined`: in the format `box` only. */
  changes: boolean | undefined;

  /** What stands before a statement that is typed. */
  prompt: string | undefined;

  get writerOptions(): WriterOptions {
    return {
      headers: this.headers,
      widths: this.widths,
      table: this.target ?? quoteName(this.table),
      quoteName,
      ...(this.nullText !== undefined && { nullText: this.nullText }),
      ...(this.columnSeparator !== undefined && { columnSeparator: this.columnSeparator }),
      ...(this.rowSeparator !== undefined && { rowSeparator: this.rowSeparator }),
    };
  }
}
