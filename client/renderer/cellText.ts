import { MAX_SHOWN_TEXT } from '../../server/protocol/columnFrame.ts';
import type { WireValue } from '../../server/protocol/values.ts';

export interface CellText {
  readonly text: string;
  readonly kind: 'null' | 'number' | 'text';
}

/** More characters than a column can show. */
const MAX_SHOWN = 200;
const MAX_TITLE = 2000;

/** Control characters, white space other than a space, and what is invisible or turns the direction of writing. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

const NUMERIC = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL(?:\(\d+,\d+\))?|FLOAT|DOUBLE|BIGNUM|VARINT)$/;

export function isNumeric(type: string): boolean {
  return NUMERIC.test(type);
}

/** Whether this is only the beginning of a value that is too long for a page. */
export function isCut(value: WireValue): boolean {
  return typeof value === 'string' && value.length > MAX_SHOWN_TEXT;
}

/** A value on one line, with what cannot be seen made visible. `thousands` separates the digits of numbers, as the language does. */
export function cellText(value: WireValue, numeric: boolean, thousands = false): CellText {
  if (value === null) return { text: 'NULL', kind: 'null' };
  if (numeric) return { text: visible(thousands ? grouped(plainText(value)) : plainText(value)), kind: 'number' };
  return { text: joined(cellPieces(value)), kind: 'text' };
}

/** The text of a cell in pieces, of which some are marks for what cannot be seen. Joined they are the text that `cellText` gives. */
export function cellPieces(value: WireValue): readonly TextPiece[] {
  if (value === null) return [];
  return pieces(shorten(plainText(value), MAX_SHOWN));
}

/** A text in pieces; lines stay lines. */
export function linePieces(text: string): readonly TextPiece[] {
  return text.split(/(?<=\n)/).flatMap((line) => {
    const broken = line.endsWith('\n');
    const found = pieces(broken ? line.slice(0, -1) : line);
    return broken ? [...found, { text: '↵', mark: true }, { text: '\n', mark: false }] : found;
  });
}

export function joined(parts: readonly TextPiece[]): string {
  return parts.map(({ text }) => text).join('');
}

export interface TextPiece {
  readonly text: string;
  readonly mark: boolean;
}

/** Spaces at the beginning and the end are marks, and so is what cannot be seen between them. */
function pieces(text: string): TextPiece[] {
  let [start, end] = [0, text.length];
  while (text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  const middle = text.slice(start, end);
  const found: TextPiece[] = start === 0 ? [] : [{ text: '·'.repeat(start), mark: true }];
  let last = 0;
  for (const match of middle.matchAll(HIDDEN)) {
    if (match.index > last) found.push({ text: middle.slice(last, match.index), mark: false });
    found.push({ text: picture(match[0]), mark: true });
    last = match.index + match[0].length;
  }
  if (last < middle.length) found.push({ text: middle.slice(last), mark: false });
  if (end < text.length) found.push({ text: '·'.repeat(text.length - end), mark: true });
  return found;
}

/** The digits before the point in groups, by the language of the page. */
function grouped(text: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
  if (whole === '' || /[eE]/.test(rest)) return text;
  return `${sign}${BigInt(whole).toLocaleString()}${rest === '' ? '' : rest.replace('.', DECIMAL_POINT)}`;
}

const DECIMAL_POINT = (1.5).toLocaleString().replace(/\d/g, '') || '.';

/** The value for a tooltip: several lines, but not without end. */
export function cellTitle(value: WireValue): string {
  if (value === null) return 'NULL';
  return shorten(plainText(value), MAX_TITLE)
    .split('\n')
    .map((line) => visible(line))
    .join('\n');
}

/** The value as it goes to the clipboard. */
export function copyText(value: WireValue): string {
  return value === null ? '' : plainText(value);
}

export function visible(text: string): string {
  return text.replace(HIDDEN, picture);
}

function plainText(value: WireValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '↵';
  if (character === '\t') return '⇥';
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
