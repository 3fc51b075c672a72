import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { serverEnvironment } from '../../server/protocol/serverEnvironment.ts';
import { memoryName, runtimeFolder, type SocketLocation, socketLocation } from '../../server/protocol/socketLocation.ts';
import { attach, type ServerConnection } from './serverConnection.ts';

const START_TIMEOUT_MS = 10_000;
const POLL_MS = 25;
const MAX_LOG_LINES = 20;

export interface StartedServer {
  readonly connection: ServerConnection;
  readonly process: ChildProcess;
}

/**
 * Starts a server of its own process group, so that Ctrl+C here does not end it for others, and attaches to it.
 * `database` is a real absolute path, or `:memory:` for a server that only this program can find.
 */
export async function startServer(database: string, options: { readonly readOnly: boolean }): Promise<StartedServer> {
  const folder = runtimeFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logFile = join(folder, `start-${process.pid}-${Date.now()}.log`);
  const log = openSync(logFile, 'wx', 0o600);
  try {
    const child = spawn(process.execPath, [serverScript(), ...serverArguments(database, options)], {
      detached: true,
      stdio: ['ignore', 'ignore', log],
      env: serverEnvironment(process.env, process.env['ELECTRON_RUN_AS_NODE'] !== undefined),
      windowsHide: true,
    });
    child.unref();
    const location = await startedLocation(child, database);
    // Nobody else would ever take away what a killed server in memory leaves behind.
    if (database === ':memory:') child.once('exit', () => removeFiles(location));
    const connection = await waitForSocket(child, location);
    if (connection) return { connection, process: child };
    if (child.exitCode === null && child.signalCode === null) child.kill();
    throw new Error(startFailure(child, readFileSync(logFile, 'utf8')));
  } finally {
    closeSync(log);
    rmSync(logFile, { force: true });
  }
}

/** How a process ended, for people. */
export function exitText(child: ChildProcess): string {
  if (child.signalCode !== null) return `ended by ${child.signalCode}`;
  return child.exitCode === null ? 'still runs' : `exit code ${child.exitCode}`;
}

function serverArguments(database: string, options: { readonly readOnly: boolean }): string[] {
  return ['--socket-only', '--database', database, ...(options.readOnly ? ['--readonly'] : [])];
}

/** Both programs lie in the same `dist`. */
function serverScript(): string {
  return join(__dirname, '..', '..', 'server', 'main.js');
}

async function startedLocation(child: ChildProcess, database: string): Promise<SocketLocation> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return socketLocation(database === ':memory:' ? memoryName(child.pid ?? 0) : database);
}

function removeFiles(location: SocketLocation): void {
  rmSync(location.tokenFile, { force: true });
  if (process.platform !== 'win32') rmSync(location.socketFile, { force: true });
}

/** Undefined when the server ended, or the time did. Two programs may start a server for one file: the second's ends, the first's answers. */
async function waitForSocket(child: ChildProcess, location: SocketLocation): Promise<ServerConnection | undefined> {
  const end = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < end) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    const connection = await attach(location, 'terminal');
    if (connection || ended) return connection;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}

function startFailure(child: ChildProcess, log: string): string {
  const ended = child.exitCode !== null || (child.signalCode !== null && !child.killed);
  const lines = log.trimEnd().split('\n').slice(-MAX_LOG_LINES).join('\n');
  const what = ended ? `The server did not start: ${exitText(child)}.` : `The server did not answer within ${START_TIMEOUT_MS / 1000} s.`;
  return lines ? `${what}\n${lines}` : what;
}
