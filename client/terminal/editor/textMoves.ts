import { displayWidth, visible } from '../../text/displayText.ts';

/** Places that a cursor moves to in a text. Offsets are UTF-16 code units; a letter with its marks is one step. */

/** Longer clusters of code points are cut: only hostile texts have them. */
const MAX_CLUSTER = 64;
const WORD = /[\p{L}\p{N}_]/u;

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function nextPlace(text: string, at: number): number {
  if (at >= text.length) return text.length;
  if (isPlain(text, at) && (at + 1 >= text.length || isPlain(text, at + 1))) return at + 1;
  const [first] = clusters.segment(text.slice(at, at + MAX_CLUSTER));
  return at + (first?.segment.length ?? 1);
}

export function previousPlace(text: string, at: number): number {
  if (at <= 1) return 0;
  if (isPlain(text, at - 1) && isPlain(text, at - 2)) return at - 1;
  const from = wholeStart(text, Math.max(0, at - MAX_CLUSTER));
  let last = from;
  for (const { index } of clusters.segment(text.slice(from, at))) last = from + index;
  return last;
}

export function lineStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

export function nextWordEnd(text: string, at: number): number {
  let place = at;
  while (place < text.length && !WORD.test(text.charAt(place))) place++;
  while (place < text.length && WORD.test(text.charAt(place))) place++;
  return place;
}

export function previousWordStart(text: string, at: number): number {
  let place = at;
  while (place > 0 && !WORD.test(text.charAt(place - 1))) place--;
  while (place > 0 && WORD.test(text.charAt(place - 1))) place--;
  return place;
}

/** Where a word between white space begins, as Ctrl+W takes it. */
export function previousBlank(text: string, at: number): number {
  let place = at;
  while (place > 0 && /\s/.test(text.charAt(place - 1))) place--;
  while (place > 0 && !/\s/.test(text.charAt(place - 1))) place--;
  return place;
}

/** Columns from the line's start to the place. */
export function columnOf(text: string, at: number): number {
  return shownWidth(text.slice(lineStart(text, at), at));
}

/** The place in the line that `lineAt` is in, at a column or before it. */
export function placeInColumn(text: string, lineAt: number, column: number): number {
  const start = lineStart(text, lineAt);
  const end = lineEnd(text, lineAt);
  let place = start;
  let width = 0;
  while (place < end) {
    const next = Math.min(end, nextPlace(text, place));
    width += shownWidth(text.slice(place, next));
    if (width > column) break;
    place = next;
  }
  return place;
}

/** As it stands on the screen: a tab is two blanks, and control characters are pictures. */
export function shown(text: string): string {
  return visible(text.replaceAll('\t', '  '));
}

export function shownWidth(text: string): number {
  return displayWidth(shown(text));
}

/** ASCII: no mark joins it to what stands before it. */
function isPlain(text: string, at: number): boolean {
  return text.charCodeAt(at) < 0x80;
}

/** Not in the middle of a code point. */
function wholeStart(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
