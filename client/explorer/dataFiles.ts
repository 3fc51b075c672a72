import { isAbsolute, join, relative } from 'node:path';

/** A file of a workspace folder that can be queried, or opened as the database. */
export interface DataFile {
  /** The workspace folder, absolute. */
  readonly folder: string;
  /** Within the folder, with forward slashes. */
  readonly path: string;
}

const DATA_ENDINGS = ['csv', 'tsv', 'parquet', 'json', 'jsonl', 'ndjson'];
const COMPRESSED_ENDINGS = ['csv', 'tsv', 'json', 'jsonl', 'ndjson'].flatMap((ending) => [`${ending}.gz`, `${ending}.zst`]);
const DATABASE_ENDINGS = ['duckdb', 'ddb'];

/** Glob patterns for the files to look for and for what to leave out, in the words of VS Code. */
export const DATA_FILE_GLOB = `**/*.{${[...DATA_ENDINGS, ...COMPRESSED_ENDINGS, ...DATABASE_ENDINGS].map(anyCase).join(',')}}`;
export const IGNORED_GLOB = '**/{node_modules,.*}/**';

const DATA_FILE = new RegExp(String.raw`\.(?:${[...DATA_ENDINGS, ...COMPRESSED_ENDINGS, ...DATABASE_ENDINGS].join('|')})$`, 'i');
const DATABASE_FILE = new RegExp(String.raw`\.(?:${DATABASE_ENDINGS.join('|')})$`, 'i');
/** JSON that programs are set up with is no data. */
const CONFIGURATION = /^(?:\..*|package(?:-lock)?\.json|composer\.json|[jt]sconfig(?:\..*)?\.json|manifest\.json)$/i;

/** Whether a path within a workspace folder, with forward slashes, is one that the explorer shows. */
export function isDataFile(path: string): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  return DATA_FILE.test(name) && !CONFIGURATION.test(name) && !isIgnored(parts.slice(0, -1));
}

/** Whether nothing below a folder is shown. */
export function isIgnored(folders: readonly string[]): boolean {
  return folders.some((folder) => folder === 'node_modules' || folder.startsWith('.'));
}

export function isDatabaseFile({ path }: DataFile): boolean {
  return DATABASE_FILE.test(path);
}

export function absolutePath({ folder, path }: DataFile): string {
  return join(folder, path);
}

/** The file as a string in SQL whose relative paths start at `base`: `'data/a.csv'`. */
export function fileSql(file: DataFile, base: string | undefined): string {
  return `'${filePattern(file, base).replaceAll("'", "''")}'`;
}

/** The file's path where DuckDB reads patterns: characters that would make it one, which other files could match, stand in brackets. */
export function filePattern(file: DataFile, base: string | undefined): string {
  const absolute = absolutePath(file);
  const near = base === undefined ? absolute : relative(base, absolute);
  const path = near === '' || isAbsolute(near) ? absolute : near;
  const slashed = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
  return slashed.replaceAll(/[*?[]/g, '[$&]');
}

/** VS Code's globs tell upper from lower case where the file system does. */
function anyCase(ending: string): string {
  return ending.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
