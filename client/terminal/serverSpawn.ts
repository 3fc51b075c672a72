import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { serverEnvironment } from '../../server/protocol/serverEnvironment.ts';
import { runtimeFolder } from '../../server/protocol/socketLocation.ts';

/** Where the server tells that it listens. */
const READY_FD = 3;

/** A server's process that has been started. */
export interface SpawnedServer {
  readonly process: ChildProcess;
  /** Resolves when it says that it listens, and when it has ended. */
  readonly told: Promise<void>;
  /** Why there is no process, if so. */
  failure(): Error | undefined;
  /** What it wrote to standard error. */
  readLog(): string;
  /** Nobody wants to read that any more. */
  dropLog(): void;
}

/**
 * Starts a server of its own process group, so that Ctrl+C here does not end it for others. `database` is a real absolute path, or
 * `:memory:` for a server that only this program can find.
 */
export function spawnServer(database: string, { readOnly }: { readonly readOnly: boolean }): SpawnedServer {
  const folder = runtimeFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logFile = join(folder, `start-${process.pid}-${Date.now()}.log`);
  const log = openSync(logFile, 'wx', 0o600);
  try {
    const options = ['--socket-only', '--ready-fd', String(READY_FD), '--database', database, ...(readOnly ? ['--readonly'] : [])];
    const child = spawn(process.execPath, [serverScript(), ...options], {
      detached: true,
      stdio: ['ignore', 'ignore', log, 'pipe'],
      env: serverEnvironment(process.env, process.env['ELECTRON_RUN_AS_NODE'] !== undefined),
      windowsHide: true,
    });
    child.unref();
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    return {
      process: child,
      told: telling(child),
      failure: () => failure,
      readLog: () => readFileSync(logFile, 'utf8'),
      dropLog: () => rmSync(logFile, { force: true }),
    };
  } catch (thrown) {
    rmSync(logFile, { force: true });
    throw thrown;
  } finally {
    closeSync(log);
  }
}

/** Both programs lie in the same `dist`. */
function serverScript(): string {
  return join(__dirname, '..', '..', 'server', 'start.js');
}

function telling(child: ChildProcess): Promise<void> {
  const pipe = child.stdio[READY_FD] as Socket;
  return new Promise((resolve) => {
    const settle = () => {
      pipe.destroy();
      resolve();
    };
    pipe.once('data', settle).once('close', settle).on('error', settle);
    child.once('error', settle);
  });
}
