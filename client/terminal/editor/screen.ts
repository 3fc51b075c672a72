import type { Frame, ScreenSize } from './frame.ts';
import type { TextPlace } from './textLayout.ts';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\r\u001b[K';
const CLEAR_BELOW = '\r\u001b[J';

/**
 * The rows that the editor has drawn at the bottom of a terminal. Only rows that changed are drawn again. All moves are relative:
 * the terminal may have scrolled.
 */
export class EditorScreen {
  readonly #write: (text: string) => void;
  #drawn: Frame = NOTHING;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  draw(frame: Frame): void {
    let at = this.#drawn.cursor.row;
    const pieces: string[] = [];
    const old = this.#drawn.rows;
    const goTo = (row: number) => {
      // Rows that are not there yet are made by line feeds, which may scroll.
      const known = Math.max(0, Math.min(row, Math.max(old.length - 1, at)));
      pieces.push('\r', vertical(known - at), '\r\n'.repeat(row - known));
      at = row;
    };
    for (const [index, row] of frame.rows.entries()) {
      if (row === old[index]) continue;
      goTo(index);
      pieces.push(CLEAR_LINE, row);
    }
    if (old.length > frame.rows.length) {
      goTo(frame.rows.length);
      pieces.push(CLEAR_BELOW);
    }
    const { row, column } = frame.cursor;
    pieces.push('\r', vertical(row - at), column > 0 ? `\u001b[${column}C` : '');
    this.#drawn = frame;
    this.#write(`${HIDE_CURSOR}${pieces.join('')}${SHOW_CURSOR}`);
  }

  /** Puts something that stays in place of what was drawn, and begins a new line below it. */
  finish(text: string): void {
    this.#write(`${this.#emptied()}${text}\r\n`);
    this.#drawn = NOTHING;
  }

  /** Empties the whole screen. */
  clear(): void {
    this.#write('\u001b[H\u001b[2J');
    this.#drawn = NOTHING;
  }

  /** The terminal has another size: rows that are wider now take several, as terminals wrap them. */
  resized({ columns }: ScreenSize): void {
    const { widths, cursor } = this.#drawn;
    const wrapped = (width: number) => Math.max(1, Math.ceil(width / Math.max(1, columns)));
    const above = widths.slice(0, cursor.row).reduce((sum, width) => sum + wrapped(width), 0);
    this.#write(`${this.#toTop(above + Math.floor(cursor.column / Math.max(1, columns)))}${CLEAR_BELOW}`);
    this.#drawn = NOTHING;
  }

  /** What was drawn is not there any more: something else was shown meanwhile. */
  forget(): void {
    this.#drawn = NOTHING;
  }

  /** Row by row: of a screen that is cleared at once, some terminals keep a copy above. */
  #emptied(): string {
    const { rows, cursor } = this.#drawn;
    const last = Math.max(0, rows.length - 1);
    return `${this.#toTop(cursor.row)}${rows.map(() => CLEAR_LINE).join('\u001b[B')}${this.#toTop(last)}`;
  }

  #toTop(rows: number): string {
    return `\r${vertical(-rows)}`;
  }
}

const START: TextPlace = { row: 0, column: 0 };
const NOTHING: Frame = { rows: [], widths: [], cursor: START };

function vertical(rows: number): string {
  if (rows === 0) return '';
  return rows > 0 ? `\u001b[${rows}B` : `\u001b[${-rows}A`;
}
