import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { AtEnd } from './temporaryFolder.ts';

export interface ServerProcess {
  readonly process: ChildProcess;
  /** What it wrote to standard error. */
  readonly errors: () => string;
  /** Resolves with exit code and signal. */
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>;
}

/** Starts the server's program; it ends with the test at the latest, or with what `atEnd` says. */
export function startServerProcess(
  program: string,
  args: readonly string[],
  options: { readonly runtimeFolder: string; readonly cwd?: string; readonly ipc?: boolean; readonly atEnd?: AtEnd },
): ServerProcess {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, KODIAK_RUNTIME_DIR: options.runtimeFolder },
    stdio: options.ipc ? ['ignore', 'ignore', 'pipe', 'ipc'] : ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  (options.atEnd ?? onTestFinished)(() => void child.kill('SIGKILL'));
  return { process: child, errors: () => errors, exited };
}
