import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { SAVED_MIME, type SavedOutput } from '../../server/protocol/savedOutput.ts';
import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { formatCount, formatRows } from '../monitor/statsText.ts';
import { type CellSource, type FileCell, sourceMarker } from '../notebook/cellFormat.ts';
import { readMarker } from '../notebook/cellMarker.ts';

/** Rows of a result that are written into another program's notebook. */
export const MAX_EXPORTED_ROWS = 200;

/** A notebook with what its cells show, to be written for other programs. */
export interface ExportedNotebook {
  /** The file's name without its ending. */
  readonly title: string;
  readonly cells: readonly ExportedCell[];
}

export interface ExportedCell {
  readonly kind: FileCell['kind'];
  readonly text: string;
  readonly title: string;
  /** What stands behind `-- %%` on the marker line; undefined for a cell without one. */
  readonly marker: string | undefined;
  readonly outputs: readonly ExportedOutput[];
}

export type ExportedOutput =
  | { readonly kind: 'table'; readonly table: ExportedTable }
  | { readonly kind: 'text'; readonly text: string; readonly isError: boolean }
  /** A picture of a result, with what it shows in words. */
  | { readonly kind: 'chart'; readonly svg: string; readonly label: string };

export interface ExportedTable {
  readonly columns: readonly WireColumn[];
  /** The first rows, at most `MAX_EXPORTED_ROWS`. */
  readonly rows: readonly WireRow[];
  readonly rowCount: number;
  /** How many rows there are, and where they come from: `first 200 of 1,204,331 rows · 0.42 s · computed`. */
  readonly caption: string;
}

/** One output as VS Code holds it: the same thing in several types. */
export type OutputItems = readonly { readonly mime: string; readonly text: string }[];

export interface CellToExport {
  readonly kind: FileCell['kind'];
  readonly text: string;
  readonly source: CellSource | undefined;
  readonly outputs: readonly OutputItems[];
  /** Charts of its result. */
  readonly pictures?: readonly { readonly svg: string; readonly label: string }[];
}

const ERROR_MIME = 'application/vnd.code.notebook.error';

export function exportedNotebook(title: string, cells: readonly CellToExport[]): ExportedNotebook {
  return {
    title,
    cells: cells.map(({ kind, text, source, outputs, pictures = [] }) => ({
      kind,
      text,
      title: readMarker(source).title,
      marker: sourceMarker(source),
      outputs: [
        ...pictures.map(({ svg, label }) => ({ kind: 'chart', svg, label }) as const),
        ...outputs.flatMap((items) => exportedOutput(items) ?? []),
      ],
    })),
  };
}

/** The name of a notebook's file without its endings. */
export function notebookTitle(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? '').replace(/(?:\.kodiak)?\.sql$/i, '') || 'Notebook';
}

function exportedOutput(items: OutputItems): ExportedOutput | undefined {
  const of = (mime: string) => items.find((item) => item.mime === mime)?.text;
  const result = of(RESULT_MIME);
  if (result !== undefined) return { kind: 'table', table: resultTable(JSON.parse(result) as ResultOutput) };
  const saved = of(SAVED_MIME);
  if (saved !== undefined) return savedOutput(JSON.parse(saved) as SavedOutput);
  const error = of(ERROR_MIME);
  if (error !== undefined) return { kind: 'text', text: errorText(error), isError: true };
  const text = of('text/plain');
  return text === undefined ? undefined : { kind: 'text', text, isError: false };
}

function resultTable({ columns, preview, rowCount, truncated, note }: ResultOutput): ExportedTable {
  const rows = preview.slice(0, MAX_EXPORTED_ROWS);
  const total = rows.length < rowCount ? `first ${formatCount(rows.length)} of ${formatRows(rowCount)}` : formatRows(rowCount);
  return { columns, rows, rowCount, caption: [total, ...(truncated ? ['cut by a limit'] : []), note].join(' · ') };
}

function savedOutput({ origin, table, text }: SavedOutput): ExportedOutput {
  const note = `old result, stored in ${origin}`;
  if (table === undefined) return { kind: 'text', text: `${text ?? ''}\n(${note})`, isError: false };
  const rows = table.rows.slice(0, MAX_EXPORTED_ROWS);
  const total =
    rows.length < table.rowCount ? `first ${formatCount(rows.length)} of ${formatRows(table.rowCount)}` : formatRows(table.rowCount);
  const columns = table.columns.map((name) => ({ name, type: 'VARCHAR' }));
  return { kind: 'table', table: { columns, rows, rowCount: table.rowCount, caption: `${total} · ${note}` } };
}

function errorText(json: string): string {
  const { name, message, stack } = JSON.parse(json) as { readonly name?: string; readonly message?: string; readonly stack?: string };
  return stack || [name, message].filter(Boolean).join(': ');
}
