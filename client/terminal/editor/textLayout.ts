import { shownWidth } from './textMoves.ts';

/** A row of the screen: the piece of the text that it shows. */
export interface TextRow {
  readonly start: number;
  readonly end: number;
  /** The first row of its line, which stands behind the prompt. */
  readonly first: boolean;
}

export interface TextPlace {
  readonly row: number;
  readonly column: number;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * Cuts a text into rows of a screen. The first row of each line leaves room for the prompt. A text that fills its last row goes on in
 * another one, where the cursor can stand.
 */
export function layoutText(text: string, promptWidth: number, width: number): TextRow[] {
  const rows: TextRow[] = [];
  let start = 0;
  for (;;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    layoutLine(text, start, end, Math.max(1, width - promptWidth), Math.max(2, width), rows);
    if (feed < 0) return rows;
    start = feed + 1;
  }
}

function layoutLine(text: string, start: number, end: number, firstWidth: number, width: number, rows: TextRow[]): void {
  const line = text.slice(start, end);
  let first = true;
  let from = start;
  const add = (to: number) => {
    rows.push({ start: from, end: to, first });
    first = false;
    from = to;
  };
  if (PRINTABLE_ASCII.test(line)) {
    while (end - from >= (first ? firstWidth : width)) add(from + (first ? firstWidth : width));
    add(end);
    return;
  }
  let used = 0;
  for (let at = 0; at < line.length; ) {
    const length = (line.codePointAt(at) as number) > 0xffff ? 2 : 1;
    const charWidth = widthAt(line, at, length);
    const room = first ? firstWidth : width;
    if (used + charWidth > room && start + at > from) {
      add(start + at);
      used = 0;
    }
    used += charWidth;
    at += length;
  }
  const isFull = used >= (first ? firstWidth : width);
  add(end);
  if (isFull) add(end);
}

/** Where the cursor stands for an offset: at the end of a row that is wrapped, it stands at the start of the next. */
export function placeOf(text: string, rows: readonly TextRow[], offset: number, promptWidth: number): TextPlace {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle] as TextRow).start <= offset) low = middle;
    else high = middle - 1;
  }
  const row = rows[low];
  if (!row) return { row: 0, column: promptWidth };
  return { row: low, column: (row.first ? promptWidth : 0) + shownWidth(text.slice(row.start, offset)) };
}

/** Widths of code units that were asked for, one more than they are; a long text asks for the same ones over and over. */
const widths = new Uint8Array(0x10000);

function widthAt(text: string, at: number, length: number): number {
  if (length > 1) return shownWidth(text.slice(at, at + length));
  const code = text.charCodeAt(at);
  widths[code] ||= shownWidth(text.charAt(at)) + 1;
  return (widths[code] as number) - 1;
}
