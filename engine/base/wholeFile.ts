import { randomUUID } from 'node:crypto';
import { access, chmod, constants, link, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { KodiakError, messageOf } from './errors.ts';

/**
 * Lets `write` fill a file beside `path`, and gives it that name when it is complete: nobody ever sees half a file, and a failure
 * leaves the old one as it was. Links are followed. Rejects with `unavailable` when the folder is missing or closed to us, or when
 * the file exists and `overwrite` is false; otherwise with what `write` rejects with. Gives the file's size in bytes beside its result.
 */
export async function writeWholeFile<T>(
  path: string,
  overwrite: boolean,
  write: (temporaryPath: string) => Promise<T>,
): Promise<{ readonly written: T; readonly bytes: number }> {
  const { target, mode } = await findTarget(path, overwrite);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.part`);
  try {
    const written = await write(temporary);
    const bytes = await settle(temporary);
    if (mode !== undefined) await chmod(temporary, mode);
    if (overwrite) await rename(temporary, target);
    else await nameOnce(temporary, target);
    return { written, bytes };
  } catch (thrown) {
    throw thrown instanceof KodiakError ? thrown : fileError(path, thrown);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** What a file operation ran into, in words that name the file and the remedy. */
export function fileError(path: string, cause: unknown): KodiakError {
  const message = messageOf(cause);
  const reasons: readonly (readonly [RegExp, string])[] = [
    [/ENOSPC|No space left|EDQUOT|quota exceeded/i, 'the disk is full. Free some space, or choose another folder.'],
    [/EFBIG|File too large/i, 'the file would be larger than this system allows.'],
    [/ENOENT|No such file or directory/i, `the folder ${dirname(path)} does not exist. Make it, or correct the path.`],
    [/EACCES|EPERM|EROFS|Permission denied|Read-only file system/i, 'writing there is not permitted.'],
    [/EEXIST/i, 'it exists already. Choose another name, or let it be overwritten.'],
  ];
  const reason = reasons.find(([pattern]) => pattern.test(message))?.[1] ?? message;
  return new KodiakError('unavailable', `${path} cannot be written: ${reason}`, { cause });
}

/** Where the file really is, and the permissions of the one that is there. */
async function findTarget(path: string, overwrite: boolean): Promise<{ readonly target: string; readonly mode: number | undefined }> {
  if (!isAbsolute(path)) throw new KodiakError('unavailable', `${path} cannot be written: give its whole path, from the root on.`);
  try {
    const folder = await realpath(dirname(path));
    await access(folder, constants.W_OK);
    const target = await realpath(path).catch(() => join(folder, basename(path)));
    const present = await lstat(target).catch(() => undefined);
    if (present?.isDirectory()) throw new KodiakError('unavailable', `${path} cannot be written: it is a folder. Name a file in it.`);
    if (present && !present.isFile()) throw new KodiakError('unavailable', `${path} cannot be written: it is not an ordinary file.`);
    if (present && !overwrite) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
    if (present) await access(target, constants.W_OK);
    return { target, mode: present && present.mode & 0o777 };
  } catch (thrown) {
    throw thrown instanceof KodiakError ? thrown : fileError(path, thrown);
  }
}

/** The file's size, once its bytes are on the disk. */
async function settle(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return (await stat(path)).size;
}

/** Fails when a file of that name has come to be meanwhile. */
async function nameOnce(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') throw thrown;
    // A file system without hard links: the check at the beginning has to do.
    await rename(temporary, target);
  }
}
