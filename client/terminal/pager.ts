import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ReadStream } from 'node:tty';
import { visible } from '../text/displayText.ts';
import { BuiltInPager } from './builtInPager.ts';
import { Output } from './output.ts';
import { endOf } from './redirect.ts';

/** Rows from which a result is paged, however high the screen is; the DuckDB CLI's number. */
const ROWS = 50;
const LESS = 'less -SRFX';

/** When a pager is used: for what does not fit on the screen, always, or never. */
export type PagerMode = 'auto' | 'on' | 'off';

/** The way of long results to a program in which a person can scroll. Only where a person types at a terminal. */
export class Pager {
  mode: PagerMode = 'auto';
  /** Chosen by a person; `undefined`: as the environment says. */
  command: string | undefined;
  /** Rows from which a result is paged; `undefined`: 50, or fewer where the screen is low. */
  rowThreshold: number | undefined;
  /** Columns from which a result is paged; 0: their number does not count. */
  columnThreshold = 0;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #terminal: { readonly stdin: ReadStream; readonly stdout: NodeJS.WriteStream } | undefined;

  constructor(environment: NodeJS.ProcessEnv, terminal: { readonly stdin: ReadStream; readonly stdout: NodeJS.WriteStream } | undefined) {
    this.#environment = environment;
    this.#terminal = terminal;
  }

  /** What is used: `KODIAK_PAGER`, `DUCKDB_PAGER`, `PAGER`, `less` where it is installed; `undefined`: the built-in one. */
  get program(): string | undefined {
    const environment = this.#environment;
    const named = this.command ?? (environment['KODIAK_PAGER'] || environment['DUCKDB_PAGER'] || environment['PAGER']);
    return named || (isInstalled('less', environment) ? LESS : undefined);
  }

  /** Whether text of so many rows, columns and lines goes through the pager. */
  pages(output: Output, size: { readonly rows: number; readonly columns: number; readonly lines: number }): boolean {
    if (this.#terminal === undefined || output.height === undefined || this.mode === 'off') return false;
    if (this.mode === 'on') return true;
    if (this.columnThreshold > 0 && size.columns >= this.columnThreshold) return true;
    return this.rowThreshold === undefined ? size.rows >= ROWS || size.lines >= output.height : size.rows >= this.rowThreshold;
  }

  /** Lets `write` write, and resolves when the person has left the pager. `write` is told when nobody reads any more. */
  async show(behind: Output, safe: boolean, write: (output: Output) => Promise<void>): Promise<void> {
    const terminal = this.#terminal;
    if (terminal === undefined) return await write(behind);
    const { program } = this;
    if (program === undefined) {
      const builtIn = new BuiltInPager(terminal.stdin, terminal.stdout);
      await Promise.all([builtIn.shown, written(Output.behind(builtIn.stream, behind, false), write)]);
      return;
    }
    // With LESSSECURE less neither starts programs nor opens other files.
    const env = { ...this.#environment, LESS: this.#environment['LESS'] ?? 'SRFX', ...(safe && { LESSSECURE: '1' }) };
    const child = spawn(program, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env });
    // Ctrl+C belongs to the pager while it is on the screen.
    const listeners = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
    process.removeAllListeners('SIGINT');
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    try {
      const [code] = await Promise.all([endOf(child), written(Output.behind(child.stdin, behind, true), write)]);
      if (code === 127) throw new Error(`The pager ${visible(program)} is not there; .pager off does without one.`);
    } finally {
      process.off('SIGINT', ignore);
      for (const listener of listeners) process.on('SIGINT', listener);
    }
  }
}

async function written(output: Output, write: (output: Output) => Promise<void>): Promise<void> {
  try {
    await write(output);
  } finally {
    output.end();
  }
}

function isInstalled(name: string, environment: NodeJS.ProcessEnv): boolean {
  return (environment['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, process.platform === 'win32' ? `${name}.exe` : name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
