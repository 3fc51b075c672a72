import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { memoryName, type SocketLocation, socketLocation } from '../../server/protocol/socketLocation.ts';
import { attach, type ServerConnection } from './serverConnection.ts';
import { type SpawnedServer, spawnServer } from './serverSpawn.ts';

const START_TIMEOUT_MS = 10_000;
/** After the server has told that it listens, or ended: seldom needed. */
const POLL_MS = 25;
const MAX_LOG_LINES = 20;

export interface StartedServer {
  readonly connection: ServerConnection;
  readonly process: ChildProcess;
}

let offered: SpawnedServer | undefined;

/** A server with data in memory that has been started for whoever needs one first. */
export function offerServer(server: SpawnedServer): void {
  offered = server;
}

export function takeOffered(): SpawnedServer | undefined {
  const taken = offered;
  offered = undefined;
  return taken;
}

/** Starts a server and attaches to it; see `spawnServer`. */
export async function startServer(database: string, options: { readonly readOnly: boolean }): Promise<StartedServer> {
  const spawned = (database === ':memory:' ? takeOffered() : undefined) ?? spawnServer(database, options);
  const { process: child, told } = spawned;
  // The person may leave meanwhile.
  const abandon = () => {
    if (database === ':memory:') child.kill();
    spawned.dropLog();
  };
  process.once('exit', abandon);
  try {
    if (child.pid === undefined) {
      await told;
      throw spawned.failure() ?? new Error('The server did not start.');
    }
    const location = socketLocation(database === ':memory:' ? memoryName(child.pid) : database);
    // Nobody else would ever take away what a killed server in memory leaves behind.
    if (database === ':memory:') child.once('exit', () => removeFiles(location));
    const connection = await waitForSocket(child, location, told);
    if (connection) return { connection, process: child };
    if (child.exitCode === null && child.signalCode === null) child.kill();
    throw new Error(startFailure(child, spawned.readLog()));
  } finally {
    process.off('exit', abandon);
    spawned.dropLog();
  }
}

/** How a process ended, for people. */
export function exitText(child: ChildProcess): string {
  if (child.signalCode !== null) return `ended by ${child.signalCode}`;
  return child.exitCode === null ? 'still runs' : `exit code ${child.exitCode}`;
}

function removeFiles(location: SocketLocation): void {
  rmSync(location.tokenFile, { force: true });
  if (process.platform !== 'win32') rmSync(location.socketFile, { force: true });
}

/** Undefined when the server ended, or the time did. Two programs may start a server for one file: the second's ends, the first's answers. */
async function waitForSocket(child: ChildProcess, location: SocketLocation, told: Promise<void>): Promise<ServerConnection | undefined> {
  const end = Date.now() + START_TIMEOUT_MS;
  await untilTold(told);
  while (Date.now() < end) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    const connection = await attach(location, 'terminal');
    if (connection || ended) return connection;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}

async function untilTold(told: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, START_TIMEOUT_MS);
  });
  await Promise.race([told, late]);
  clearTimeout(timer);
}

function startFailure(child: ChildProcess, log: string): string {
  const ended = child.exitCode !== null || (child.signalCode !== null && !child.killed);
  const lines = log.trimEnd().split('\n').slice(-MAX_LOG_LINES).join('\n');
  const what = ended ? `The server did not start: ${exitText(child)}.` : `The server did not answer within ${START_TIMEOUT_MS / 1000} s.`;
  return lines ? `${what}\n${lines}` : what;
}
