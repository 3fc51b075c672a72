import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream } from 'node:tty';
import { KeyDecoder, type KeyEvent } from './keys.ts';

/** How long after an escape the rest of a key's sequence may come. */
const ESCAPE_MS = 50;
/** What would end the program at once. */
const ENDING = ['SIGTERM', 'SIGHUP'] as const;
const PASTES_IN_BRACKETS = '\u001b[?2004h';
const PASTES_PLAIN = '\u001b[?2004l';

export interface InputHandlers {
  readonly keys: (events: readonly KeyEvent[]) => void;
  /** The terminal is gone. */
  readonly end: () => void;
  /** The program goes on after Ctrl+Z. */
  readonly resumed: () => void;
}

/** The keyboard of a terminal: each key as it is pressed, without an echo, while it is ours. Other programs can borrow it. */
export class TerminalInput {
  readonly #stdin: ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  readonly #handlers: InputHandlers;
  readonly #keys = new KeyDecoder();
  readonly #bytes = new StringDecoder('utf8');
  #timer: NodeJS.Timeout | undefined;
  #ours = false;

  constructor(stdin: ReadStream, stdout: NodeJS.WriteStream, handlers: InputHandlers) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#handlers = handlers;
  }

  start(): void {
    this.#stdin.on('data', this.#receive);
    this.#stdin.on('end', this.#handlers.end);
    // A terminal that is closed can be an error as well.
    this.#stdin.on('error', this.#handlers.end);
    process.on('exit', this.#giveBack);
    for (const signal of ENDING) process.on(signal, this.#end);
    this.#take();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#giveBack();
    this.#stdin.pause();
    this.#stdin.off('data', this.#receive);
    this.#stdin.off('end', this.#handlers.end);
    process.off('exit', this.#giveBack);
    for (const signal of ENDING) process.off(signal, this.#end);
  }

  /** Lets another program have the terminal for a while. */
  async lend<Value>(use: () => Promise<Value>): Promise<Value> {
    this.#giveBack();
    this.#stdin.pause();
    // Ctrl+C is a signal meanwhile, and means the other program.
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    try {
      return await use();
    } finally {
      process.off('SIGINT', ignore);
      this.#take();
    }
  }

  /** Stops the program until its shell lets it go on, as Ctrl+Z does. */
  suspend(): void {
    if (process.platform === 'win32') return;
    this.#giveBack();
    process.once('SIGCONT', () => {
      this.#take();
      this.#handlers.resumed();
    });
    process.kill(process.pid, 'SIGTSTP');
  }

  #take(): void {
    this.#ours = true;
    this.#stdin.setRawMode(true);
    this.#stdin.resume();
    this.#stdout.write(PASTES_IN_BRACKETS);
  }

  /** The terminal outlives the program, and is to be as it was. */
  readonly #end = (signal: NodeJS.Signals): void => {
    this.#giveBack();
    process.exit(128 + (constants.signals[signal] ?? 0));
  };

  readonly #giveBack = (): void => {
    if (!this.#ours) return;
    this.#ours = false;
    this.#stdout.write(PASTES_PLAIN);
    this.#stdin.setRawMode(false);
  };

  readonly #receive = (data: Buffer): void => {
    clearTimeout(this.#timer);
    this.#handlers.keys(this.#keys.feed(this.#bytes.write(data)));
    if (this.#keys.waiting) this.#timer = setTimeout(() => this.#handlers.keys(this.#keys.flush()), ESCAPE_MS);
  };
}
