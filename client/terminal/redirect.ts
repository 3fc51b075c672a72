import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { visible } from '../text/displayText.ts';
import { Output } from './output.ts';

/** Somewhere else than the terminal. */
interface Sink {
  readonly output: Output;
  /** Only for the next statement or command. */
  readonly once: boolean;
  /** Settles when everything has arrived there; rejects when it has not. */
  readonly close: () => Promise<void>;
}

/** Where results and answers of commands go: to the terminal, or for a time to a file or a program. */
export class Redirect {
  readonly #standard: Output;
  /** Lets a program have the keyboard. */
  readonly #lend: (use: () => Promise<unknown>) => Promise<unknown>;
  #sink: Sink | undefined;
  /** It was set since the last statement or command ended. */
  #fresh = false;

  constructor(standard: Output, lend: (use: () => Promise<unknown>) => Promise<unknown> = (use) => use()) {
    this.#standard = standard;
    this.#lend = lend;
  }

  get output(): Output {
    return this.#sink?.output ?? this.#standard;
  }

  /** Everything goes to the file, which is emptied before. Throws where it cannot be written. */
  async toFile(path: string, once: boolean, onClosed?: () => Promise<void> | void): Promise<void> {
    const stream = createWriteStream('', { fd: opened(path) });
    await this.#begin(stream, once, async (failure) => {
      await closed(stream);
      if (failure() !== undefined) throw new Error(`${path} was not written as a whole: ${failure()?.message}`);
      await onClosed?.();
    });
  }

  /** Everything goes to the standard input of a command of the system's shell. */
  async toCommand(command: string, once: boolean): Promise<void> {
    const child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
    const ended = endOf(child);
    await this.#begin(child.stdin, once, async () => {
      child.stdin.end();
      // A pager goes on until a key ends it.
      const code = await this.#lend(() => ended);
      if (code !== 0) throw new Error(`The command ${visible(command)} ended with ${code}.`);
    });
  }

  /** Everything goes to the terminal again. Rejects when something did not arrive. */
  async back(): Promise<void> {
    const sink = this.#sink;
    this.#sink = undefined;
    await sink?.close();
  }

  /** A statement or command has ended: what was redirected for one only goes to the terminal again. */
  async ended(): Promise<void> {
    if (this.#fresh) this.#fresh = false;
    else if (this.#sink?.once) await this.back();
  }

  async #begin(stream: Writable, once: boolean, close: (failure: () => Error | undefined) => Promise<void>): Promise<void> {
    let failure: NodeJS.ErrnoException | undefined;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A program may stop to read before it has everything.
      if (error.code !== 'EPIPE') failure ??= error;
    });
    const before = this.#sink;
    this.#sink = { output: new Output(stream, {}), once, close: () => close(() => failure) };
    this.#fresh = true;
    await before?.close();
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`The folder ${dirname(path)} does not exist.`, { cause: thrown });
    if (code === 'EISDIR') throw new Error(`${path} is a folder.`, { cause: thrown });
    if (code === 'EACCES' || code === 'EROFS') throw new Error(`${path} may not be written.`, { cause: thrown });
    throw thrown;
  }
}

function closed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    if (stream.closed) resolve();
    else stream.end();
  });
}

/** Exit code, or the signal that ended it. */
export function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
}
