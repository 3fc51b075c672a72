import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { type ColumnType, isNumber, parseColumnType } from './columnType.ts';
import { visible } from './displayText.ts';
import { fieldText, jsonText, plainText } from './valueText.ts';

/** Formats in which all rows are written, one after the other. */
export type RowFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'markdown';

/** Text of a result, piece by piece: `head`, then every row with its index, then `tail`. */
export interface RowWriter {
  readonly head: string;
  row(row: WireRow, index: number): string;
  readonly tail: (rowCount: number) => string;
}

export function createRowWriter(format: RowFormat, columns: readonly WireColumn[]): RowWriter {
  const types = columns.map((column) => parseColumnType(column.type));
  switch (format) {
    case 'csv':
      return csvWriter(columns, types);
    case 'tsv':
      return tsvWriter(columns, types);
    case 'json':
    case 'jsonl':
      return jsonWriter(columns, types, format === 'json');
    case 'markdown':
      return markdownWriter(columns, types);
  }
}

/** RFC 4180: CRLF ends a record. NULL is an empty field, an empty text is `""`. */
function csvWriter(columns: readonly WireColumn[], types: readonly ColumnType[]): RowWriter {
  return {
    head: `${columns.map((column) => csvField(column.name)).join(',')}\r\n`,
    row: (row) => {
      const fields = types.map((type, at) => csvField(fieldText(row[at] ?? null, type)));
      // A record of one empty field would be an empty line, which readers skip.
      return `${fields.length === 1 && fields[0] === '' ? '""' : fields.join(',')}\r\n`;
    },
    tail: () => '',
  };
}

/** As spreadsheets paste it: a field with a tab, a quote or a line break stands in quotes. NULL is an empty field, an empty text is `""`. */
function tsvWriter(columns: readonly WireColumn[], types: readonly ColumnType[]): RowWriter {
  const line = (fields: readonly string[]) => `${fields.length === 1 && fields[0] === '' ? '""' : fields.join('\t')}\n`;
  return {
    head: line(columns.map((column) => csvField(column.name, TAB_SPECIAL))),
    row: (row) => line(types.map((type, at) => csvField(fieldText(row[at] ?? null, type), TAB_SPECIAL))),
    tail: () => '',
  };
}

const COMMA_SPECIAL = /[",\r\n]|^\s|\s$/;
const TAB_SPECIAL = /["\t\r\n]|^\s|\s$/;

function csvField(text: string | undefined, special = COMMA_SPECIAL): string {
  if (text === undefined) return '';
  return text === '' || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

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

function markdownWriter(columns: readonly WireColumn[], types: readonly ColumnType[]): RowWriter {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return {
    head: line(columns.map((column) => markdownCell(column.name))) + line(types.map((type) => (isNumber(type) ? '---:' : '---'))),
    row: (row) => line(types.map((type, at) => markdownCell(plainText(row[at] ?? null, type) ?? ''))),
    tail: () => '',
  };
}

function markdownCell(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => visible(line).replace(/[\\|`*_<>[\]]/g, '\\$&'));
  return lines.join('<br>');
}
