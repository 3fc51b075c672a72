import type { FileKind } from '../../server/protocol/dataViewer.ts';

const ADVICE: readonly (readonly [RegExp, FileKind | undefined, string])[] = [
  [/encrypt/i, 'parquet', 'The file is encrypted: in a notebook, read_parquet with encryption_config reads it.'],
  [
    /No magic bytes|too small to be a Parquet|not a Parquet|magic/i,
    'parquet',
    'This is no Parquet file, or it was cut off. Above, “Read as” chooses another format.',
  ],
  [
    /GZIP|zstd|ZSTD|decompress|Unknown frame/i,
    undefined,
    'The file is damaged, or not compressed as its name says: give it the ending that fits.',
  ],
  [
    /maximum_object_size|object_size/i,
    'json',
    'One value of the file is very large: in a notebook, read_json with maximum_object_size reads it.',
  ],
  [
    /Malformed JSON|Expected.*JSON|JSON/i,
    'json',
    'If each line is a value of its own, “Read as” JSON Lines above. Otherwise put the file right in a text editor.',
  ],
  [
    /Malformed JSON|JSON/i,
    'jsonl',
    'If the file is one value, such as a list, “Read as” JSON above. Otherwise put the line right in a text editor.',
  ],
  [
    /not utf-8 encoded|invalid unicode|invalid utf-?8/i,
    'csv',
    'The file is not UTF-8: save it as UTF-8 first (“Reopen with Encoding”, then “Save with Encoding” in the text editor).',
  ],
  [
    /sniff|dialect|CSV Error|Error when converting|Expected Number of Columns|csv/i,
    'csv',
    'Say how the file is written above: delimiter, header, quote; or read all as text, or leave lines out that cannot be read.',
  ],
  [/No files found|No such file|not exist/i, undefined, 'The file is gone, or was renamed.'],
  [/Permission denied|EACCES/i, undefined, 'Reading this file is not permitted to you.'],
  [/locked by/i, 'database', 'Close it there, then reload.'],
  [
    /not a valid DuckDB|different.*version|storage version/i,
    'database',
    'It is no DuckDB database, is damaged, or was made by a newer DuckDB.',
  ],
  [/decrypt|Cannot open encrypted/i, 'database', 'The database is encrypted: in a notebook, ATTACH with ENCRYPTION_KEY opens it.'],
];

/** What to do about a file that cannot be read, by what DuckDB says; undefined where its own words have to do. */
export function readAdvice(kind: FileKind, message: string): string | undefined {
  return ADVICE.find(([pattern, of]) => (of === undefined || of === kind) && pattern.test(message))?.[2];
}
