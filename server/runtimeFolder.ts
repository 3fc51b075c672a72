import { lstatSync, mkdirSync } from 'node:fs';
import { parse } from 'node:path';
import { KodiakError, messageOf } from '../engine/base/errors.ts';
import { runtimeFolder } from './protocol/socketLocation.ts';

/** Makes a folder that only this user can look into; throws `unavailable` when one is there that others may write or read. */
export function preparePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw new KodiakError('unavailable', `The folder for Kodiak's sockets cannot be made: ${messageOf(thrown)}`, { cause: thrown });
  }
  // Windows keeps pipes and the user's temporary folder private by itself, and knows no such modes.
  if (process.platform === 'win32') return;
  const { uid, mode } = lstatSync(folder);
  const isFolder = lstatSync(folder).isDirectory();
  if (!isFolder) throw refusal(folder, 'is not a folder');
  if (uid !== process.getuid?.()) throw refusal(folder, `belongs to another user (${uid})`);
  if ((mode & 0o077) !== 0) throw refusal(folder, `is open to others (mode ${(mode & 0o777).toString(8)}); chmod 700 would close it`);
}

/**
 * Makes the private folder this process's working directory, so that a relative path in SQL is never answered from wherever the
 * editor happened to start. Gives the directory before.
 */
export function enterRuntimeFolder(): string {
  const startFolder = process.cwd();
  try {
    preparePrivateFolder(runtimeFolder());
    process.chdir(runtimeFolder());
  } catch {
    process.chdir(parse(startFolder).root);
  }
  return startFolder;
}

function refusal(folder: string, why: string): KodiakError {
  return new KodiakError('unavailable', `Kodiak does not use ${folder} for its sockets: it ${why}.`);
}
