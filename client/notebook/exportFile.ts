import { extname } from 'node:path';
import type { ExportResultParams } from '../../server/protocol/requests.ts';
import { formatBytes, formatRows } from '../monitor/statsText.ts';

export type ExportFormat = ExportResultParams['format'];

interface FormatRule {
  readonly label: string;
  /** Without the dot; the first is the one that is given to a name without any. */
  readonly endings: readonly [string, ...string[]];
}

/** What a result can be written as; the first is what is offered first. */
export const EXPORT_FORMATS: Readonly<Record<ExportFormat, FormatRule>> = {
  csv: { label: 'CSV', endings: ['csv'] },
  xlsx: { label: 'Excel', endings: ['xlsx'] },
  parquet: { label: 'Parquet', endings: ['parquet'] },
  json: { label: 'JSON', endings: ['json'] },
  tsv: { label: 'TSV (tab-separated)', endings: ['tsv'] },
  jsonl: { label: 'JSON Lines', endings: ['jsonl', 'ndjson'] },
};

const MAX_NAME = 80;
/** Not allowed in the name of a file on some system. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const FORBIDDEN = /[\\/:*?"<>|\u0000-\u001f\u007f]+/g;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** The format that a file's ending asks for; undefined for another ending or none. */
export function formatOfFile(path: string): ExportFormat | undefined {
  const ending = extname(path).slice(1).toLowerCase();
  const formats = Object.keys(EXPORT_FORMATS) as ExportFormat[];
  return formats.find((format) => EXPORT_FORMATS[format].endings.includes(ending));
}

/** A name for the file, without ending: the cell's title, or else the name of the notebook's file, as far as every system allows it. */
export function exportName(cellTitle: string, notebookPath: string): string {
  const notebook = (notebookPath.split(/[\\/]/).at(-1) ?? '').replace(/(?:\.kodiak)?\.sql$/i, '');
  const names = [cellTitle, notebook].map(fileName);
  return names.find((name) => name !== '') ?? 'result';
}

/** `42 % of 3,000,000 rows`, while the number of rows is known. */
export function exportProgressText(percent: number, rowCount: number | undefined): string {
  return rowCount === undefined ? `${Math.floor(percent)} %` : `${Math.floor(percent)} % of ${formatRows(rowCount)}`;
}

/** `3,000,000 rows (12.3 MiB) are in orders.parquet.` */
export function exportedText(rows: number, bytes: number, name: string): string {
  return `${formatRows(rows)} (${formatBytes(bytes)}) ${rows === 1 ? 'is' : 'are'} in ${name}.`;
}

function fileName(text: string): string {
  // Leading dots hide a file, dots and blanks at the end are lost on Windows.
  const name = [...text.replaceAll(FORBIDDEN, ' ').replaceAll(/\s+/g, ' ')]
    .slice(0, MAX_NAME)
    .join('')
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  return RESERVED.test(name) ? `${name} result` : name;
}
