import type { FileKind, ReadOptions } from '../../server/protocol/dataViewer.ts';

/** Bytes at the beginning of a file that tell what it is. */
export const HEAD_BYTES = 16;

const KINDS: Readonly<Record<string, FileKind>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  duckdb: 'database',
  ddb: 'database',
  db: 'database',
};

/** How a file is read at first, and what is to be said about it; `problem` where it cannot be read at all. */
export interface FirstLook {
  readonly options: ReadOptions;
  readonly notice?: string;
  readonly problem?: string;
}

/** By the name of a file, its size and its first bytes, which count more than the name. */
export function firstLook(path: string, size: number, head: Uint8Array): FirstLook {
  const named = kindOfName(path);
  if (size === 0) return { options: { kind: named }, problem: 'This file is empty: it has 0 bytes.' };
  const text = new TextDecoder('latin1').decode(head);
  if (text.startsWith('SQLite format 3')) {
    const problem =
      'This is a SQLite database: Kodiak shows those of DuckDB. In a notebook, ATTACH reads it with DuckDB’s sqlite extension.';
    return { options: { kind: 'database' }, problem };
  }
  if (text.startsWith('PARE')) {
    return {
      options: { kind: 'parquet' },
      problem: 'This Parquet file is encrypted. In a notebook, read_parquet with encryption_config reads it.',
    };
  }
  const found: FileKind | undefined = text.startsWith('PAR1') ? 'parquet' : text.slice(8, 12) === 'DUCK' ? 'database' : undefined;
  const compression = compressionOf(path, text);
  const options: ReadOptions = { kind: found ?? named, ...(compression !== undefined && { compression }) };
  if (found === undefined || found === named) return { options };
  return { options, notice: `The name says ${KIND_NAMES[named]}, but this is ${KIND_NAMES[found]}.` };
}

const KIND_NAMES: Readonly<Record<FileKind, string>> = {
  csv: 'CSV',
  json: 'JSON',
  jsonl: 'JSON Lines',
  parquet: 'Parquet',
  database: 'a DuckDB database',
};

function kindOfName(path: string): FileKind {
  const ending = /\.([^./\\]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return KINDS[ending] ?? 'csv';
}

/** Of a file whose name does not tell: DuckDB goes by the name. */
function compressionOf(path: string, head: string): ReadOptions['compression'] {
  if (head.startsWith('\u001f\u008b') && !/\.gz$/i.test(path)) return 'gzip';
  return head.startsWith('\u0028\u00b5\u002f\u00fd') && !/\.zst$/i.test(path) ? 'zstd' : undefined;
}
