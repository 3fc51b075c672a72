import { KodiakError } from '../../engine/base/errors.ts';
import type { Row, Value } from '../../engine/types.ts';
import { toWireValue } from '../wire.ts';

/** What a sheet of Excel can hold. */
export const MAX_SHEET_ROWS = 1_048_576;
export const MAX_SHEET_COLUMNS = 16_384;
const MAX_CELL_TEXT = 32_767;
/** Excel keeps so many digits of a number. */
const MAX_DIGITS = 15;

/** Index of each look in the file of styles. */
export const STYLES = { plain: 0, head: 1, date: 2, timestamp: 3, time: 4, utc: 5 } as const;

const DAY_MS = 86_400_000;
/** Excel counts days from here; before March 1900 it counts one too many. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
const FIRST_MS = Date.UTC(1900, 2, 1);
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Characters that XML cannot say, and what would be read as one of them: Excel writes both as `_x0007_`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\r]|\p{Surrogate}|_(?=x[0-9A-Fa-f]{4}_)/gu;

/** One row of a sheet in XML. `index` counts from 1. Throws `limit` for a text that no cell can hold. */
export function rowXml(row: Row, index: number, names: readonly string[], types: readonly string[]): string {
  let cells = '';
  for (const [column, value] of row.entries()) {
    if (value === null) continue;
    cells += cellXml(value, types[column] ?? '', `${columnName(column)}${index}`, names[column] ?? '');
  }
  return `<row r="${index}">${cells}</row>`;
}

export function headXml(names: readonly string[]): string {
  return `<row r="1">${names.map((name, column) => textXml(name, `${columnName(column)}1`, name, STYLES.head)).join('')}</row>`;
}

/** `A`, `Z`, `AA`. */
export function columnName(index: number): string {
  let name = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1) name = String.fromCharCode(65 + (rest % 26)) + name;
  return name;
}

/** Numbers that Excel would round, and times that it cannot say, are texts. */
function cellXml(value: Value, type: string, place: string, name: string): string {
  if (typeof value === 'boolean') return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof value === 'number' && Number.isFinite(value)) return numberXml(String(value), place);
  if (typeof value === 'bigint')
    return String(value).replace('-', '').length <= MAX_DIGITS ? numberXml(String(value), place) : textXml(String(value), place, name);
  if (typeof value === 'string') {
    if (/^DECIMAL\b/.test(type) && isExact(value)) return numberXml(value, place);
    const serial = serialOf(value, type);
    if (serial !== undefined) return numberXml(String(serial.days), place, serial.style);
    return textXml(value, place, name);
  }
  const wire = toWireValue(value);
  return textXml(typeof wire === 'object' ? JSON.stringify(wire) : String(wire), place, name);
}

function numberXml(text: string, place: string, style: number = STYLES.plain): string {
  return `<c r="${place}"${style === STYLES.plain ? '' : ` s="${style}"`}><v>${text}</v></c>`;
}

function textXml(text: string, place: string, name: string, style: number = STYLES.plain): string {
  if (text.length > MAX_CELL_TEXT) {
    throw new KodiakError(
      'limit',
      `Cell ${place} (column ${JSON.stringify(name.slice(0, 100))}) has a text of ${text.length} characters, and a cell of Excel takes ${MAX_CELL_TEXT}: write CSV or Parquet, or shorten it with left().`,
    );
  }
  return `<c r="${place}" t="inlineStr"${style === STYLES.plain ? '' : ` s="${style}"`}><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

export function escapeXml(text: string): string {
  const written = text.replace(UNWRITABLE, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
  return written.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function isExact(decimal: string): boolean {
  const digits = decimal.replace(/^-?0*\.?0*/, '').replace('.', '');
  return /^-?\d+(?:\.\d+)?$/.test(decimal) && digits.length <= MAX_DIGITS;
}

/** A date or time as days since Excel's first, with its look; undefined where Excel cannot say it exactly. */
function serialOf(text: string, type: string): { readonly days: number; readonly style: number } | undefined {
  switch (type) {
    case 'DATE':
      return /^\d{4}-\d\d-\d\d$/.test(text) ? daysOf(Date.parse(`${text}T00:00:00Z`), STYLES.date) : undefined;
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
      return timestamp(text, STYLES.timestamp);
    case 'TIMESTAMP WITH TIME ZONE':
      return /\+00$/.test(text) ? timestamp(text.slice(0, -3), STYLES.utc) : undefined;
    case 'TIME': {
      const parts = /^(\d\d):(\d\d):(\d\d)(\.\d{1,3})?$/.exec(text);
      if (parts === null || Number(parts[1]) > 23) return undefined;
      return {
        days: (Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(`${parts[3]}${parts[4] ?? ''}`)) / 86_400,
        style: STYLES.time,
      };
    }
    default:
      return undefined;
  }
}

/** To the millisecond: more would be lost. */
function timestamp(text: string, style: number): { readonly days: number; readonly style: number } | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?$/.test(text)) return undefined;
  return daysOf(Date.parse(`${text.replace(' ', 'T')}Z`), style);
}

function daysOf(time: number, style: number): { readonly days: number; readonly style: number } | undefined {
  if (!(time >= FIRST_MS && time <= LAST_MS)) return undefined;
  return { days: (time - EPOCH_MS) / DAY_MS, style };
}
