import { setTimeout as delay } from 'node:timers/promises';
import { after, type Timer } from '../engine/base/timers.ts';
import { databasePath, engineOptions } from './engineOptions.ts';
import { historyOptions } from './history/historyOptions.ts';
import type { OpenEngine } from './loadEngine.ts';
import type { Log } from './log.ts';
import { isAlive } from './protocol/deadSockets.ts';
import { readSettings } from './protocol/settings.ts';
import { realDatabasePath, socketLocation } from './protocol/socketLocation.ts';
import { ServerSession } from './session.ts';
import { SocketDoor } from './socketDoor.ts';

const IDLE_MS = 1_000;
const ATTACH_TIMEOUT_MS = 15_000;
const WINNER_POLL_MS = 50;
const WINNER_POLLS = 20;

export interface SocketServerOptions {
  /** `:memory:` or a path, relative to `startFolder`. */
  readonly database: string;
  readonly readOnly: boolean;
  readonly startFolder: string;
  /** Kodiak's version. */
  readonly version: string;
  readonly log: Log;
  /** Called once when the server has nothing left to do. */
  readonly leave: (exitCode: number) => void;
  /** Called once when terminals can attach. */
  readonly onListening?: () => void;
  readonly attachTimeoutMs?: number;
  readonly idleMs?: number;
  readonly loadEngine?: () => Promise<OpenEngine>;
}

export interface SocketServer {
  /** Interrupts and closes everything. */
  close(): Promise<void>;
}

/**
 * Serves terminals alone. Lives while one is attached: leaves shortly after the last one left, or when none came. A database that
 * cannot be opened does not end it at once, because the first terminal wants to be told why.
 */
export function startSocketServer(options: SocketServerOptions): SocketServer {
  const historyEnabled = process.env['KODIAK_STATEMENT_HISTORY'] !== 'off';
  const { settings } = readSettings({ database: options.database, readOnly: options.readOnly, historyEnabled });
  const database = databasePath(options.database, options.startFolder);
  let leaving: Timer | undefined;
  let attached = 0;
  const server: ServerSession = new ServerSession({
    engine: engineOptions(settings, options.startFolder),
    version: options.version,
    host: 'terminal',
    leave: () => options.leave(0),
    log: options.log,
    history: historyOptions(settings, undefined),
    listen: (name) => door.open(name),
    ...(options.loadEngine && { loadEngine: options.loadEngine }),
  });
  const door = new SocketDoor(server, (count) => {
    attached = count;
    leaving?.dispose();
    if (count === 0) leaving = after(options.idleMs ?? IDLE_MS, () => options.leave(0));
  });

  async function begin(): Promise<void> {
    const opened = await server.open().then(
      () => true,
      () => false,
    );
    // Of two servers that start for one file, the one without it makes room for the other.
    if (!opened && database !== ':memory:' && (await appears(socketLocation(realDatabasePath(database)).socketFile)))
      return options.leave(0);
    await server.listen();
    if (!door.isOurs) return options.leave(0);
    options.onListening?.();
    if (attached === 0) leaving ??= after(options.attachTimeoutMs ?? ATTACH_TIMEOUT_MS, () => options.leave(0));
  }

  begin().catch((thrown: unknown) => {
    options.log(`The server cannot start: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    options.leave(1);
  });
  return {
    close: async () => {
      leaving?.dispose();
      door.close();
      await server.close();
    },
  };
}

/** Waits up to a second for a server to listen. */
async function appears(socketFile: string): Promise<boolean> {
  for (let poll = 0; poll < WINNER_POLLS; poll++) {
    if (await isAlive(socketFile)) return true;
    await delay(WINNER_POLL_MS);
  }
  return false;
}
