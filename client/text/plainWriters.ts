import type { WireColumn } from '../../server/protocol/values.ts';
import type { ColumnType } from './columnType.ts';
import { displayWidth, hasHiddenCharacters, visible, visibleLines } from './displayText.ts';
import type { RowWriter } from './rowWriter.ts';
import { quotedText, sqlLiteral, textLiteral } from './sqlLiteral.ts';
import { plainText } from './valueText.ts';
import type { WriterOptions } from './writerOptions.ts';

const NO_TAIL = () => '';
const LEAST_NAME = 5;

/** A line `name = value` for each value, an empty line between rows. Further lines of a value stand below its first. */
export function lineWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  { nullText = 'NULL', rowSeparator = '\n' }: WriterOptions,
): RowWriter {
  const names = columns.map(({ name }) => visible(name));
  const width = Math.max(LEAST_NAME, ...names.map(displayWidth));
  const leads = names.map((name) => `${' '.repeat(width - displayWidth(name))}${name} = `);
  const below = `\n${' '.repeat(width + 3)}`;
  return {
    head: '',
    row: (row, index) => {
      const lines = types.map((type, at) => {
        const text = plainText(row[at] ?? null, type) ?? nullText;
        return `${leads[at]}${visibleLines(text).replaceAll('\n', below)}${rowSeparator}`;
      });
      return (index > 0 ? rowSeparator : '') + lines.join('');
    },
    tail: NO_TAIL,
  };
}

/** Values as they are, with nothing but separators between them: what contains one cannot be told apart. */
export function listWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  {
    headers,
    nullText = 'NULL',
    columnSeparator,
    rowSeparator,
  }: WriterOptions & Required<Pick<WriterOptions, 'columnSeparator' | 'rowSeparator'>>,
): RowWriter {
  const record = (texts: readonly string[]) => texts.join(columnSeparator) + rowSeparator;
  return {
    head: headers ? record(columns.map(({ name }) => name)) : '',
    row: (row) => record(types.map((type, at) => plainText(row[at] ?? null, type) ?? nullText)),
    tail: NO_TAIL,
  };
}

/** Every value in double quotes, with the escapes of C, as Tcl reads a list. */
export function tclWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  { headers, nullText = 'NULL', columnSeparator = ' ', rowSeparator = '\n' }: WriterOptions,
): RowWriter {
  const record = (texts: readonly string[]) => texts.map(tclText).join(columnSeparator) + rowSeparator;
  return {
    head: headers ? record(columns.map(({ name }) => name)) : '',
    row: (row) => record(types.map((type, at) => plainText(row[at] ?? null, type) ?? nullText)),
    tail: NO_TAIL,
  };
}

const TCL_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function tclText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it escapes.
  const escaped = text.replace(/["\\$[\]{}]/g, '\\$&').replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => {
    return TCL_ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** Values as SQL has them, between commas. */
export function quoteWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  { headers, columnSeparator = ',', rowSeparator = '\n' }: WriterOptions,
): RowWriter {
  return {
    head: headers ? columns.map(({ name }) => textLiteral(name)).join(columnSeparator) + rowSeparator : '',
    row: (row) => types.map((type, at) => quotedText(row[at] ?? null, type)).join(columnSeparator) + rowSeparator,
    tail: NO_TAIL,
  };
}

/** One INSERT statement, on one line, for each row. It names no columns without headers, nor where a name cannot be shown as it is. */
export function insertWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  { headers, table, quoteName }: WriterOptions,
): RowWriter {
  const listed = headers && !columns.some(({ name }) => hasHiddenCharacters(name));
  const names = listed ? `(${columns.map(({ name }) => quoteName(name)).join(',')})` : '';
  return {
    head: '',
    row: (row) => {
      const values = columns.map(({ type }, at) => sqlLiteral(row[at] ?? null, type, types[at]));
      return `INSERT INTO ${table}${names} VALUES(${values.join(',')});\n`;
    },
    tail: NO_TAIL,
  };
}
