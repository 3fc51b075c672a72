import { cutToWidth, displayWidth } from '../../text/displayText.ts';
import type { Span } from './highlightSql.ts';
import type { Paint, Painter } from './palette.ts';
import { layoutText, placeOf, type TextPlace, type TextRow } from './textLayout.ts';
import { shown, shownWidth } from './textMoves.ts';

/** What the editor shows. */
export interface View {
  readonly text: string;
  readonly cursor: number;
  readonly spans: readonly Span[];
  /** Stands before the first line. */
  readonly prompt: string;
  /** Dim text behind the last character. */
  readonly hint: string;
  /** Painted rows below the text, none wider than the screen. */
  readonly below: readonly string[];
  /** Where the cursor stands if not in the text: in a row below. */
  readonly cursorBelow?: TextPlace;
}

/** Rows as they stand on the screen, and where the cursor is in them. */
export interface Frame {
  readonly rows: readonly string[];
  readonly cursor: TextPlace;
  /** Columns of each row: a terminal that becomes narrower wraps what is wider. */
  readonly widths: readonly number[];
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What stands before the second line and those below, as wide as the prompt. */
export function continuationOf(prompt: string): string {
  const width = displayWidth(prompt);
  return width < 6 ? '> '.padStart(width) : `${' '.repeat(width - 5)}...> `.slice(-width);
}

/**
 * Makes rows of a view, no more than the screen has. Of a text that is taller, the part around the cursor is shown: `top` is the first
 * row that was shown before and is kept where possible.
 */
export function layoutFrame(view: View, size: ScreenSize, top: number, paint: Painter): { readonly frame: Frame; readonly top: number } {
  const width = Math.max(4, size.columns);
  const prompt = displayWidth(view.prompt) < width / 2 ? view.prompt : '> ';
  const promptWidth = displayWidth(prompt);
  const rows = rowsOf(view.text, promptWidth, width);
  const place = placeOf(view.text, rows, view.cursor, promptWidth);
  const below = view.below.slice(0, Math.max(0, size.rows - 1));
  const room = Math.max(1, size.rows - below.length);
  const first = Math.max(0, Math.min(clamp(top, place.row - room + 1, place.row), rows.length - room));
  const last = Math.min(rows.length, first + room);
  const continuation = continuationOf(prompt);
  const painted: string[] = [];
  const widths: number[] = [];
  for (let index = first; index < last; index++) {
    const row = rows[index] as TextRow;
    const isCut = (index === first && first > 0) || (index === last - 1 && last < rows.length);
    let before = '';
    if (row.first) before = index === 0 ? paint(prompt, 'prompt') : paint(isCut ? arrows(continuation) : continuation, 'dim');
    painted.push(before + paintPiece(view.text, row.start, row.end, view.spans, paint));
    widths.push((row.first ? promptWidth : 0) + shownWidth(view.text.slice(row.start, row.end)));
  }
  if (view.hint !== '' && last === rows.length) {
    const room = width - 1 - (widths.at(-1) ?? 0);
    const hint = cutToWidth(shown(view.hint), room);
    painted.push((painted.pop() ?? '') + paint(hint, 'dim'));
    widths.push((widths.pop() ?? 0) + displayWidth(hint));
  }
  const cursor =
    view.cursorBelow && view.cursorBelow.row < below.length
      ? { row: painted.length + view.cursorBelow.row, column: view.cursorBelow.column }
      : { row: place.row - first, column: place.column };
  return {
    frame: { rows: [...painted, ...below], widths: [...widths, ...below.map(() => width)], cursor },
    top: first,
  };
}

/** The whole text as it stays above what follows: lines are left to the terminal to wrap, so that they are copied whole. */
export function finalText(view: Pick<View, 'text' | 'spans' | 'prompt'>, columns: number, paint: Painter): string {
  const prompt = displayWidth(view.prompt) < columns / 2 ? view.prompt : '> ';
  const continuation = continuationOf(prompt);
  const lines: string[] = [];
  let start = 0;
  for (const line of view.text.split('\n')) {
    const before = start === 0 ? paint(prompt, 'prompt') : paint(continuation, 'dim');
    lines.push(before + paintPiece(view.text, start, start + line.length, view.spans, paint));
    start += line.length + 1;
  }
  return lines.join('\r\n');
}

/** A piece of the text with its colours; control characters in it are pictures. */
function paintPiece(text: string, from: number, to: number, spans: readonly Span[], paint: Painter): string {
  let piece = '';
  let at = from;
  const add = (end: number, name: Paint | undefined) => {
    if (end > at) piece += paint(shown(text.slice(at, end)), name);
    at = Math.max(at, end);
  };
  for (let index = firstSpan(spans, from); index < spans.length; index++) {
    const span = spans[index] as Span;
    if (span.start >= to) break;
    add(Math.min(span.start, to), undefined);
    add(Math.min(span.end, to), span.paint);
  }
  add(to, undefined);
  return piece;
}

/** The first span that ends behind an offset. */
function firstSpan(spans: readonly Span[], offset: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

let lastLayout: { readonly text: string; readonly promptWidth: number; readonly width: number; readonly rows: TextRow[] } | undefined;

/** Cursor moves do not change the layout, which takes a while for a long text. */
function rowsOf(text: string, promptWidth: number, width: number): TextRow[] {
  if (lastLayout?.text !== text || lastLayout.promptWidth !== promptWidth || lastLayout.width !== width)
    lastLayout = { text, promptWidth, width, rows: layoutText(text, promptWidth, width) };
  return lastLayout.rows;
}

/** The prompt of a row above or below which there is more. */
function arrows(continuation: string): string {
  return continuation.replace('...', ' ↕ ');
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
