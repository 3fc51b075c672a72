import type { WireValue } from '../../server/protocol/values.ts';

export interface CellText {
  readonly text: string;
  readonly kind: 'null' | 'number' | 'text';
}

/** More characters than a column can show. */
const MAX_SHOWN = 200;
const MAX_TITLE = 2000;

/** Control characters, and those that are invisible or turn the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

const NUMERIC = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL(?:\(\d+,\d+\))?|FLOAT|DOUBLE|BIGNUM|VARINT)$/;

export function isNumeric(type: string): boolean {
  return NUMERIC.test(type);
}

/** A value on one line, with what cannot be seen made visible. */
export function cellText(value: WireValue, numeric: boolean): CellText {
  if (value === null) return { text: 'NULL', kind: 'null' };
  return { text: visible(shorten(plainText(value), MAX_SHOWN)), kind: numeric ? 'number' : 'text' };
}

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
