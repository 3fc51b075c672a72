import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join, posix, win32 } from 'node:path';

/** Files through which a program finds the server that has a database open. */
export interface SocketLocation {
  /** Folder with mode 0700 that holds them all. */
  readonly folder: string;
  /** Unix domain socket path, or `\\.\pipe\…` on Windows. */
  readonly socketFile: string;
  /** Random token, mode 0600: only the same user can read it. */
  readonly tokenFile: string;
}

/** What the place of a socket depends on beside the database. */
export interface SocketSystem {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** The system's folder for temporary files. */
  readonly temporary: string;
  /** Number of the user, or on Windows the name. */
  readonly user: string;
}

/** What macOS allows for the path of a socket, with its final zero byte; Linux allows four more. */
export const MAX_SOCKET_PATH_BYTES = 103;

/** Longest name in the folder, with its separator: 24 characters and `.sock`. */
const NAME_BYTES = 30;

/**
 * Where a server for a database listens. `database` is the real absolute path of the file, or a name that is unique to the
 * server for an in-memory database (see `memoryName`).
 */
export function socketLocation(database: string): SocketLocation {
  return locationOf(database, thisSystem());
}

/** The same for any system. */
export function locationOf(database: string, system: SocketSystem): SocketLocation {
  const id = createHash('sha256').update(database).digest('hex').slice(0, 24);
  return locationNamed(id, folderOf(system), system);
}

/** The servers whose tokens lie in a folder, `names` being what is in it. */
export function listedLocations(folder: string, names: readonly string[], system: SocketSystem = thisSystem()): SocketLocation[] {
  const ids = names.flatMap((name) => /^([0-9a-f]{24})\.token$/.exec(name)?.[1] ?? []);
  return ids.map((id) => locationNamed(id, folder, system));
}

function locationNamed(id: string, folder: string, system: SocketSystem): SocketLocation {
  const { join } = system.platform === 'win32' ? win32 : posix;
  const socketFile = system.platform === 'win32' ? `\\\\.\\pipe\\kodiak-${system.user}-${id}` : join(folder, `${id}.sock`);
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
  return folderOf(thisSystem());
}

/**
 * The same for any system. macOS gives each user a temporary folder of 49 characters, which is short enough; where one is too long for a
 * socket below it, `/tmp` takes its place, which on macOS is a link that the system follows by itself.
 */
export function folderOf({ platform, environment, temporary, user }: SocketSystem): string {
  const chosen = environment['KODIAK_RUNTIME_DIR'];
  if (chosen) return chosen;
  if (platform === 'win32') return win32.join(temporary, `kodiak-${user}`);
  const fits = (folder: string) => Buffer.byteLength(folder) + NAME_BYTES <= MAX_SOCKET_PATH_BYTES;
  const xdg = environment['XDG_RUNTIME_DIR'];
  if (xdg && fits(posix.join(xdg, 'kodiak'))) return posix.join(xdg, 'kodiak');
  const own = posix.join(temporary, `kodiak-${user}`);
  return fits(own) ? own : `/tmp/kodiak-${user}`;
}

function thisSystem(): SocketSystem {
  return { platform: process.platform, environment: process.env, temporary: tmpdir(), user: userName() };
}

function userName(): string {
  const { uid, username } = userInfo();
  return uid >= 0 ? String(uid) : username.replaceAll(/[^A-Za-z0-9]/g, '_');
}
