import { createInterface, type Interface } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { databaseLine } from './databaseLine.ts';
import { runDotCommand } from './dotCommands.ts';
import type { History } from './history.ts';
import type { Output } from './output.ts';
import type { Shell } from './shell.ts';
import { type InputPiece, SqlInput } from './sqlInput.ts';

const PROMPT = 'kodiak> ';
const CONTINUATION = '   ...> ';

/** Members of readline that its types leave out; Node's own prompt uses them. */
interface LineEditor extends Interface {
  readonly history: string[];
  /** Begins a new, empty line below what was typed. */
  clearLine(): void;
}

/** Ctrl+C was pressed twice: the program ends although a statement has not. */
export class Interrupted extends Error {}

/** The prompt: reads lines, carries out what is complete, until `.exit` or Ctrl+D. */
export async function runRepl(shell: Shell, stdin: ReadStream, stdout: NodeJS.WriteStream, history: History): Promise<void> {
  await shell.link.connect();
  const { output } = shell;
  await output.writeLines([
    `${output.style.bold('Kodiak')} ${shell.link.info?.version ?? ''} · ${databaseLine(shell)}`,
    output.style.dim('Statements end with ; and .help lists the commands.'),
  ]);
  const repl = new Repl(shell, stdin, stdout, history);
  await repl.run();
}

class Repl {
  readonly #shell: Shell;
  readonly #stdin: ReadStream;
  readonly #output: Output;
  readonly #history: History;
  readonly #readline: LineEditor;
  readonly #input = new SqlInput();
  /** Lines that came, by paste, while something ran. */
  readonly #lines: string[] = [];
  #busy = false;
  #closed = false;
  #finish: (() => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;

  constructor(shell: Shell, stdin: ReadStream, stdout: NodeJS.WriteStream, history: History) {
    this.#shell = shell;
    this.#stdin = stdin;
    this.#output = shell.output;
    this.#history = history;
    this.#readline = createInterface({
      input: stdin,
      output: stdout,
      terminal: true,
      prompt: PROMPT,
      history: newestFirst(history),
      historySize: 5_000,
      removeHistoryDuplicates: false,
      tabSize: 2,
    }) as LineEditor;
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
      this.#readline.on('line', (line) => this.#receive(line));
      this.#readline.on('SIGINT', () => this.#clearInput());
      this.#readline.on('close', () => {
        this.#closed = true;
        if (!this.#busy) {
          this.#output.write('\n').then(resolve, reject);
        }
      });
      this.#prompt();
    });
  }

  #receive(line: string): void {
    this.#lines.push(line);
    if (!this.#busy) this.#work().catch((error: unknown) => this.#fail?.(error));
  }

  /** Takes the lines in turn until there are none, then shows the prompt. */
  async #work(): Promise<void> {
    this.#busy = true;
    for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
      for (const piece of this.#input.feed(line)) {
        this.#remember(piece);
        if ((await this.#carryOut(piece)) === 'exit') {
          this.#readline.close();
          this.#finish?.();
          return;
        }
      }
    }
    this.#busy = false;
    if (this.#closed) this.#finish?.();
    else this.#prompt();
  }

  /** The terminal is in its ordinary mode meanwhile, so that Ctrl+C is a signal and what is typed ahead waits there. */
  async #carryOut(piece: InputPiece): Promise<'exit' | 'continue'> {
    const cancel = new AbortController();
    const interrupt = () => {
      if (cancel.signal.aborted) this.#fail?.(new Interrupted());
      cancel.abort();
    };
    this.#readline.pause();
    this.#stdin.setRawMode(false);
    process.on('SIGINT', interrupt);
    try {
      if (piece.kind === 'command') {
        return (await runDotCommand(this.#shell, piece.line, cancel.signal)) === 'exit' ? 'exit' : 'continue';
      }
      const outcome = await this.#shell.runStatements({ text: piece.text }, piece.statements, cancel.signal);
      if (outcome === 'cancelled') await this.#shell.errors.writeLines([this.#shell.errors.style.dim('Cancelled.')]);
      return outcome === 'gone' ? 'exit' : 'continue';
    } finally {
      process.off('SIGINT', interrupt);
      if (!this.#closed) {
        this.#stdin.setRawMode(true);
        this.#readline.resume();
      }
    }
  }

  /** The lines of one statement become one entry in place of the entries that readline made of them. */
  #remember(piece: InputPiece): void {
    const entry = (piece.kind === 'command' ? piece.line : piece.text).trimEnd();
    this.#history.add(entry);
    const own = newestFirst(this.#history);
    this.#readline.history.splice(0, this.#readline.history.length, ...own);
  }

  #clearInput(): void {
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#output.write('^C').catch(() => undefined);
    this.#readline.clearLine();
    this.#input.clear();
    this.#prompt();
  }

  #prompt(): void {
    this.#readline.setPrompt(this.#input.open ? CONTINUATION : PROMPT);
    // The line may hold what was typed ahead already: the cursor stays behind it, or what follows would be put before it.
    this.#readline.prompt(true);
  }
}

function newestFirst(history: History): string[] {
  return [...history.entries].reverse();
}
