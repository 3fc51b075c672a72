import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Statement } from '../sql/splitStatements.ts';

/** Smaller files are read at each binding: it costs less than asking whether they changed. */
const LARGE_FILE_BYTES = 256 * 1024;

/** Times and sizes of the files that a statement may name. */
export function stamps(statement: Statement, script: string, cwd: string | undefined): string {
  let stamp = '';
  for (const token of statement.tokens) {
    if (token.kind !== 'string') continue;
    const path = script.slice(token.start + 1, token.end - 1);
    if (/\.\w+$/.test(path) && !path.includes('://')) stamp += `${fileStamp(path, cwd)} `;
  }
  return stamp;
}

/** Place, time and size of a file that is large; `undefined` for any other. */
export function largeFileStamp(path: string, cwd: string | undefined): string | undefined {
  const stats = statSync(absolute(path, cwd), { throwIfNoEntry: false });
  return stats?.isFile() && stats.size >= LARGE_FILE_BYTES ? fileStamp(path, cwd) : undefined;
}

function fileStamp(path: string, cwd: string | undefined): string {
  try {
    const stats = statSync(absolute(path, cwd), { throwIfNoEntry: false });
    return stats ? `${absolute(path, cwd)}:${stats.mtimeMs}:${stats.size}` : 'none';
  } catch {
    return 'none';
  }
}

function absolute(path: string, cwd: string | undefined): string {
  return isAbsolute(path) || cwd === undefined ? path : join(cwd, path);
}
