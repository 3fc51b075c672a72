import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Files through which a program finds the server that has a database open. */
export interface SocketLocation {
  /** Folder with mode 0700 that holds them all. */
  readonly folder: string;
  /** Unix domain socket path, or `\\.\pipe\…` on Windows. */
  readonly socketFile: string;
  /** Random token, mode 0600: only the same user can read it. */
  readonly tokenFile: string;
}

/**
 * Where a server for a database listens. `database` is the real absolute path of the file, or a name that is unique to the
 * server for an in-memory database (see `memoryName`). The socket path stays below the 104 bytes that macOS allows.
 */
export function socketLocation(database: string): SocketLocation {
  const id = createHash('sha256').update(database).digest('hex').slice(0, 24);
  const folder = runtimeFolder();
  const socketFile = process.platform === 'win32' ? `\\\\.\\pipe\\kodiak-${userName()}-${id}` : join(folder, `${id}.sock`);
  return { folder, socketFile, tokenFile: join(folder, `${id}.token`) };
}

/** A database file's absolute path without symbolic links, also when the file is not there yet: the name for `socketLocation`. */
export function realDatabasePath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    return join(realFolder(dirname(file)), basename(file));
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

/** The name under which an in-memory database's server can be found: it is private to the process `pid`. */
export function memoryName(pid: number): string {
  return `:memory:${pid}`;
}

/** A private folder per user: `KODIAK_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/kodiak`, else one in the temporary folder. */
export function runtimeFolder(): string {
  const chosen = process.env['KODIAK_RUNTIME_DIR'];
  if (chosen) return chosen;
  const xdg = process.env['XDG_RUNTIME_DIR'];
  if (xdg && xdg.length < 60) return join(xdg, 'kodiak');
  return join(tmpdir(), `kodiak-${userName()}`);
}

function userName(): string {
  const { uid, username } = userInfo();
  return uid >= 0 ? String(uid) : username.replaceAll(/[^A-Za-z0-9]/g, '_');
}
