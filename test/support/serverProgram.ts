import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..', '..');

export interface ServerProgram {
  readonly path: string;
  remove(): void;
}

/** Bundles the server as the product's build does, into a folder of its own. */
export async function bundleServer(): Promise<ServerProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-program-'));
  const program = join(folder, 'dist', 'server', 'main.js');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['server/main.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@duckdb/node-bindings-*', 'detect-libc'],
    logLevel: 'error',
  });
  return { path: program, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ServerProcess {
  readonly process: ChildProcess;
  /** What it wrote to standard error. */
  readonly errors: () => string;
  /** Resolves with exit code and signal. */
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>;
}

/** Starts the server's program; it ends with the test at the latest. */
export function startServerProcess(
  program: string,
  args: readonly string[],
  options: { readonly runtimeFolder: string; readonly cwd?: string; readonly ipc?: boolean },
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
  onTestFinished(() => void child.kill('SIGKILL'));
  return { process: child, errors: () => errors, exited };
}
