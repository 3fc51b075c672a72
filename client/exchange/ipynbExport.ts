import type { WireColumn, WireValue } from '../../server/protocol/values.ts';
import { parseColumnType } from '../text/columnType.ts';
import { plainText } from '../text/valueText.ts';
import {
  type ExportedCell,
  type ExportedNotebook,
  type ExportedOutput,
  type ExportedTable,
  MAX_EXPORTED_ROWS,
} from './exportedNotebook.ts';
import { KODIAK_KEY } from './importIpynb.ts';
import { tableHtml } from './tableHtml.ts';

/** Types of the Table Schema that `application/vnd.dataresource+json` uses, by DuckDB's; any other is `string`. */
const FIELD_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^U?(?:TINY|SMALL|BIG|HUGE)INT$|^U?INTEGER$|^BIGNUM$/, 'integer'],
  [/^(?:FLOAT|DOUBLE|DECIMAL\b.*)$/, 'number'],
  [/^BOOLEAN$/, 'boolean'],
  [/^DATE$/, 'date'],
  [/^TIMESTAMP\b/, 'datetime'],
  [/^TIME\b/, 'time'],
  [/\]$/, 'array'],
  [/^(?:STRUCT|MAP|UNION)\(/, 'object'],
];

/**
 * The notebook as a file of Jupyter's format 4.5 for a SQL kernel. A result is stored with its first rows, as text, as a table in
 * HTML, and as a data resource; a cell's marker line is kept in its metadata, so that an import gives the same cells.
 */
export function ipynbExport({ cells }: ExportedNotebook): string {
  const notebook = {
    cells: cells.map(cellJson),
    metadata: {
      kernelspec: { display_name: 'SQL', language: 'sql', name: 'SQL' },
      language_info: { name: 'sql', file_extension: '.sql', mimetype: 'application/sql' },
      [KODIAK_KEY]: { rowsOfResults: MAX_EXPORTED_ROWS },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}

function cellJson({ kind, text, marker, outputs }: ExportedCell, index: number): object {
  const shared = {
    id: `cell-${index + 1}`,
    metadata: marker === undefined || marker === '' ? {} : { [KODIAK_KEY]: { marker } },
    source: sourceLines(text),
  };
  if (kind === 'markup') return { cell_type: 'markdown', ...shared };
  return { cell_type: 'code', execution_count: null, ...shared, outputs: outputs.map(outputJson) };
}

function outputJson(output: ExportedOutput): object {
  switch (output.kind) {
    case 'table': {
      const data = {
        'text/plain': sourceLines(tablePlainText(output.table)),
        'text/html': sourceLines(tableHtml(output.table)),
        'application/vnd.dataresource+json': dataResource(output.table),
      };
      return { output_type: 'execute_result', execution_count: null, data, metadata: {} };
    }
    case 'text':
      return output.isError
        ? { output_type: 'error', ename: 'Error', evalue: output.text.split('\n')[0] ?? '', traceback: output.text.split('\n') }
        : { output_type: 'stream', name: 'stdout', text: sourceLines(output.text) };
    case 'chart':
      return {
        output_type: 'display_data',
        data: { 'image/svg+xml': sourceLines(output.svg), 'text/plain': [output.label] },
        metadata: {},
      };
  }
}

function dataResource({ columns, rows }: ExportedTable): object {
  const names = fieldNames(columns);
  return {
    profile: 'tabular-data-resource',
    schema: { fields: columns.map(({ type }, at) => ({ name: names[at], type: fieldType(type) })) },
    // Rows are made of entries, so that a column named `__proto__` stays one.
    data: rows.map((row) => Object.fromEntries(names.map((name, at): [string, WireValue] => [name, row[at] ?? null]))),
  };
}

/** A row keeps only one of two equal names. */
function fieldNames(columns: readonly WireColumn[]): string[] {
  const used = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let number = 1; used.has(unique); number++) unique = `${name}_${number}`;
    used.add(unique);
    return unique;
  });
}

function fieldType(type: string): string {
  return FIELD_TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'string';
}

function tablePlainText({ columns, rows, caption }: ExportedTable): string {
  const types = columns.map(({ type }) => parseColumnType(type));
  const oneLine = (text: string) => text.replaceAll(/[\t\r\n]+/g, ' ');
  const lines = rows.map((row) => types.map((type, at) => oneLine(plainText(row[at] ?? null, type) ?? 'NULL')).join('\t'));
  return [columns.map(({ name }) => oneLine(name)).join('\t'), ...lines, `(${caption})`].join('\n');
}

/** A text as Jupyter stores it: lines with their ends. */
function sourceLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
