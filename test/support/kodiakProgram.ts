import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AtEnd, temporaryFolder } from './temporaryFolder.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');

/** False before the first build. */
export const isProgramBuilt = existsSync(PROGRAM) && existsSync('dist/server/main.js');

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** The built `kodiak` program in a folder of its own, with servers that nobody else meets. */
export class KodiakProgram {
  readonly folder: string;
  /** Where its servers have their sockets. */
  readonly runtimeFolder: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #started = new Set<ChildProcess>();

  /** Everything goes when `atEnd` says so: with the test, unless told otherwise. */
  constructor(atEnd: AtEnd = onTestFinished) {
    this.folder = temporaryFolder(atEnd);
    this.runtimeFolder = join(this.folder, 'run');
    mkdirSync(this.runtimeFolder, { mode: 0o700 });
    this.#environment = { ...process.env, KODIAK_RUNTIME_DIR: this.runtimeFolder, NO_COLOR: '1' };
    // What a failed test left running would go on for hours, and its server with it.
    atEnd(() => {
      for (const child of this.#started) child.kill('SIGKILL');
    });
  }

  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const env = { ...this.#environment, ...environment };
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: this.folder, env, stdio: 'pipe' });
    this.#started.add(child);
    child.once('close', () => this.#started.delete(child));
    return child;
  }

  /** Runs the program to its end. */
  async run(args: readonly string[], input = '', environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return await ended(this.start(args, environment), input);
  }
}

/** What a program that was started wrote, and its exit code. */
export async function ended(child: ChildProcess, input = ''): Promise<Ended> {
  let [output, errors] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdin?.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((resolveCode) => child.once('close', resolveCode));
  return { code, output, errors };
}
