import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { alignedWriter } from './alignedWriter.ts';
import { type ColumnType, isNumber, parseColumnType } from './columnType.ts';
import { visible } from './displayText.ts';
import { htmlWriter, latexWriter } from './markupWriters.ts';
import { insertWriter, lineWriter, listWriter, quoteWriter, tclWriter } from './plainWriters.ts';
import { fieldText, jsonText, plainText } from './valueText.ts';
import { DEFAULTS, type WriterOptions } from './writerOptions.ts';

/** Formats in which all rows are written, one after the other. */
export type RowFormat =
  | 'table'
  | 'markdown'
  | 'csv'
  | 'tsv'
  | 'json'
  | 'jsonl'
  | 'line'
  | 'list'
  | 'column'
  | 'html'
  | 'insert'
  | 'quote'
  | 'latex'
  | 'ascii'
  | 'tcl'
  | 'trash';

/** Text of a result, piece by piece: `head`, then every row with its index, then `tail`. */
export interface RowWriter {
  /** Some have to see all rows before the first one is written. */
  readonly measure?: (row: WireRow) => void;
  readonly head: string;
  row(row: WireRow, index: number): string;
  readonly tail: (rowCount: number) => string;
}

export function createRowWriter(format: RowFormat, columns: readonly WireColumn[], options: WriterOptions = DEFAULTS): RowWriter {
  const types = columns.map((column) => parseColumnType(column.type));
  switch (format) {
    case 'csv':
      return csvWriter(columns, types, options);
    case 'tsv':
      return tsvWriter(columns, types, options);
    case 'json':
    case 'jsonl':
      return jsonWriter(columns, types, format === 'json');
    case 'markdown':
      return markdownWriter(columns, types, options);
    case 'table':
    case 'column':
      return alignedWriter(format, columns, types, options);
    case 'line':
      return lineWriter(columns, types, options);
    case 'list':
      return listWriter(columns, types, { columnSeparator: '|', rowSeparator: '\n', ...options });
    case 'ascii':
      return listWriter(columns, types, { columnSeparator: '\u001f', rowSeparator: '\u001e', ...options });
    case 'tcl':
      return tclWriter(columns, types, options);
    case 'quote':
      return quoteWriter(columns, types, options);
    case 'insert':
      return insertWriter(columns, types, options);
    case 'html':
      return htmlWriter(columns, types, options);
    case 'latex':
      return latexWriter(columns, types, options);
    case 'trash':
      return { head: '', row: () => '', tail: () => '' };
  }
}

/** RFC 4180: CRLF ends a record. NULL is an empty field, an empty text is `""`. */
function csvWriter(columns: readonly WireColumn[], types: readonly ColumnType[], options: WriterOptions): RowWriter {
  return recordWriter(columns, types, { columnSeparator: ',', rowSeparator: '\r\n', ...options });
}

/** As spreadsheets paste it: a field with a tab, a quote or a line break stands in quotes. NULL is an empty field, an empty text is `""`. */
function tsvWriter(columns: readonly WireColumn[], types: readonly ColumnType[], options: WriterOptions): RowWriter {
  return recordWriter(columns, types, { columnSeparator: '\t', rowSeparator: '\n', ...options });
}

function recordWriter(
  columns: readonly WireColumn[],
  types: readonly ColumnType[],
  {
    headers,
    nullText = '',
    columnSeparator,
    rowSeparator,
  }: WriterOptions & Required<Pick<WriterOptions, 'columnSeparator' | 'rowSeparator'>>,
): RowWriter {
  const field = (text: string | undefined) => {
    if (text === undefined) return nullText;
    const special =
      text === '' || text === nullText || NEEDS_QUOTES.test(text) || (columnSeparator !== '' && text.includes(columnSeparator));
    return special ? `"${text.replaceAll('"', '""')}"` : text;
  };
  // A record of one empty field would be an empty line, which readers skip.
  const line = (fields: readonly string[]) =>
    `${fields.length === 1 && fields[0] === '' ? '""' : fields.join(columnSeparator)}${rowSeparator}`;
  return {
    head: headers ? `${columns.map(({ name }) => field(name)).join(columnSeparator)}${rowSeparator}` : '',
    row: (row) => line(types.map((type, at) => field(fieldText(row[at] ?? null, type)))),
    tail: () => '',
  };
}

const NEEDS_QUOTES = /["\r\n]|^\s|\s$/;

function jsonWriter(columns: readonly WireColumn[], types: readonly ColumnType[], asArray: boolean): RowWriter {
  const keys = uniqueNames(columns.map((column) => column.name)).map((name) => JSON.stringify(name));
  const object = (row: WireRow) => `{${types.map((type, at) => `${keys[at]}:${jsonText(row[at] ?? null, type)}`).join(',')}}`;
  if (!asArray) return { head: '', row: (row) => `${object(row)}\n`, tail: () => '' };
  return {
    head: '[',
    row: (row, index) => `${index === 0 ? '\n' : ',\n'}${object(row)}`,
    tail: (rowCount) => (rowCount === 0 ? ']\n' : '\n]\n'),
  };
}

/** A JSON object keeps only one of two equal keys: a repeated column name gets `_1`, `_2` … */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 1; seen.has(unique); n++) unique = taken.has(`${name}_${n}`) ? unique : `${name}_${n}`;
    seen.add(unique);
    return unique;
  });
}

function markdownWriter(columns: readonly WireColumn[], types: readonly ColumnType[], { nullText = '' }: WriterOptions): RowWriter {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return {
    head: line(columns.map((column) => markdownCell(column.name))) + line(types.map((type) => (isNumber(type) ? '---:' : '---'))),
    row: (row) => line(types.map((type, at) => markdownCell(plainText(row[at] ?? null, type) ?? nullText))),
    tail: () => '',
  };
}

function markdownCell(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => visible(line).replace(/[\\|`*_<>[\]]/g, '\\$&'));
  return lines.join('<br>');
}
