import type { PanelMessage } from './resultsPanel.ts';

/** The custom editor that package.json contributes for data files. */
export const VIEWER_TYPE = 'kodiak.dataViewer';

export type FileKind = 'csv' | 'json' | 'jsonl' | 'parquet' | 'database';

/** How a file is read. What is not given, DuckDB finds out by itself. */
export interface ReadOptions {
  readonly kind: FileKind;
  readonly delimiter?: string;
  readonly header?: boolean;
  /** Empty: there are no quotes. */
  readonly quote?: string;
  /** Lines before the first. */
  readonly skip?: number;
  /** All columns as texts. */
  readonly allText?: boolean;
  /** Lines that cannot be read are left out. */
  readonly ignoreErrors?: boolean;
  /** Rows that are read at most. */
  readonly limit?: number;
  readonly compression?: 'gzip' | 'zstd';
}

/** A table or view of a database file. */
export interface ViewedTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** DuckDB's estimate, for tables. */
  readonly estimatedRows?: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** A file as its editor shows it, beside the run that reads it. */
export interface ShownFile {
  readonly name: string;
  /** In words: `12.3 MiB`. */
  readonly size: string;
  readonly options: ReadOptions;
  /** Of a database file. */
  readonly tables?: readonly ViewedTable[];
  /** Index of the table whose rows are shown. */
  readonly table?: number;
  /** Why there is nothing to show. */
  readonly failure?: string;
  /** What to do about a failure, and what else is to be said. */
  readonly advice?: string;
  /** The file is not what was read any more. */
  readonly changed?: 'changed' | 'gone';
}

/** From the extension to the editor's page. */
export type ViewerMessage = PanelMessage | { readonly type: 'file'; readonly file: ShownFile };

/** From the editor's page to the extension, beside those of its run and of its grid. */
export type ViewerRequest =
  | { readonly type: 'readWith'; readonly options: ReadOptions }
  | { readonly type: 'chooseTable'; readonly table: number }
  | { readonly type: 'reload' | 'openNotebook' | 'openQuery' | 'useDatabase' };
