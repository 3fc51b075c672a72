import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** The path by which two names of one file are one; of a file that is not there, the whole path. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
