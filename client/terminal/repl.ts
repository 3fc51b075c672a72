import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import type { ReadStream } from 'node:tty';
import { visible } from '../text/displayText.ts';
import { databaseLine } from './databaseLine.ts';
import { runDotCommand } from './dotCommands.ts';
import { completeInput } from './editor/completeInput.ts';
import { editText } from './editor/externalEditor.ts';
import { continuationOf, type ScreenSize } from './editor/frame.ts';
import { type EditorRead, LineEditor } from './editor/lineEditor.ts';
import { createPainter } from './editor/palette.ts';
import { piecesOf } from './editor/submission.ts';
import { TerminalInput } from './editor/terminalInput.ts';
import type { History } from './history.ts';
import { LeaveQuestion } from './leaveQuestion.ts';
import type { Output } from './output.ts';
import { ownVersion } from './ownVersion.ts';
import { promptText } from './promptText.ts';
import type { ServerTarget } from './serverLink.ts';
import type { Shell } from './shell.ts';
import { type InputPiece, SqlInput } from './sqlInput.ts';

/** Ctrl+C was pressed twice: the program ends although a statement has not. */
export class Interrupted extends Error {}

/** After this long a person is told what takes so long. */
const SLOW_OPENING_MS = 1_000;

/** The prompt: reads statements, carries out what is complete, until `.exit` or Ctrl+D. */
export async function runRepl(
  shell: Shell,
  stdin: ReadStream,
  stdout: NodeJS.WriteStream,
  history: History,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const repl = new Repl(shell, history);
  // A terminal that cannot move its cursor gets lines as it edits them itself.
  if (environment['TERM'] === 'dumb') await repl.readLines(stdin, stdout);
  else await repl.edit(stdin, stdout, environment);
}

class Repl {
  readonly #shell: Shell;
  readonly #history: History;
  /** Ctrl+C while something runs. */
  #interrupt: () => void = () => undefined;
  /** Settles when the database is open, or cannot be opened. */
  #opening: Promise<void> | undefined;
  /** Another program has the terminal: Ctrl+C means that one. */
  #lent = false;

  constructor(shell: Shell, history: History) {
    this.#shell = shell;
    this.#history = history;
  }

  async edit(stdin: ReadStream, stdout: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Promise<void> {
    const shell = this.#shell;
    const colored = shell.output.style.bold('x') !== 'x';
    const leaving = new LeaveQuestion(shell);
    const input = new TerminalInput(stdin, stdout, {
      keys: (events) => {
        if (!leaving.feed(events)) editor.feed(events);
      },
      end: () => {
        leaving.hangUp();
        editor.end();
      },
      resumed: () => editor.redraw(),
    });
    const editor = new LineEditor({
      write: (text) => void stdout.write(text),
      size: () => currentSize(stdout),
      paint: createPainter(colored),
      hints: colored,
      history: () => this.#history.entries,
      complete: (text, cursor) => completeInput(shell, text, cursor),
      interrupt: () => this.#interrupt(),
      suspend: () => input.suspend(),
    });
    const resized = () => editor.resized();
    stdout.on('resize', resized);
    shell.lendTerminal = async (use) => {
      this.#lent = true;
      try {
        return await input.lend(use);
      } finally {
        this.#lent = false;
      }
    };
    input.start();
    try {
      await shell.output.writeLines([welcome(shell.output)]);
      this.#opening = this.#open(editor);
      this.#opening.catch(() => undefined);
      let begun = '';
      for (;;) {
        const read = await this.#read(editor, begun);
        begun = '';
        if (read.kind === 'end') {
          if (await leaving.mayLeave()) return;
        } else if (read.kind === 'edit') begun = await this.#editElsewhere(read.text, environment);
        else if ((await this.#carryOutAll(piecesOf(read.text))) === 'exit' && (await leaving.mayLeave())) return;
      }
    } finally {
      editor.abandon();
      stdout.off('resize', resized);
      shell.lendTerminal = (use) => use();
      input.stop();
    }
  }

  async readLines(stdin: ReadStream, stdout: NodeJS.WriteStream): Promise<void> {
    const { output } = this.#shell;
    await output.writeLines([welcome(output)]);
    await this.#open();
    const lines = createInterface({ input: stdin, terminal: false });
    const input = new SqlInput();
    const prompt = () => {
      const text = promptText(this.#shell);
      stdout.write(input.open ? continuationOf(text) : text);
    };
    prompt();
    for await (const line of lines) {
      if ((await this.#carryOutAll(input.feed(line))) === 'exit') return;
      prompt();
    }
    await this.#shell.output.write('\n');
  }

  /** A person can begin to type before the database is open; if that cannot be opened, nothing more is read. */
  async #read(editor: LineEditor, begun: string): Promise<EditorRead> {
    const reading = editor.read(promptText(this.#shell), begun);
    await Promise.race([reading, this.#opening]);
    return await reading;
  }

  /** Says which database it is, and who else uses it, as soon as that is known. */
  async #open(editor?: LineEditor): Promise<void> {
    const shell = this.#shell;
    const { link, output } = shell;
    const tell = async (line: string) => {
      if (!editor?.tell(line, promptText(shell))) await output.writeLines([line]);
    };
    const slow = setTimeout(() => void tell(output.style.dim(openingLine(link.target))), SLOW_OPENING_MS);
    try {
      // The prompt first.
      await setImmediate();
      await link.connect();
    } finally {
      clearTimeout(slow);
    }
    await tell(databaseLine(shell));
  }

  /** The text as it comes back from the person's editor, or as it was. Without one, it begins with the last statement. */
  async #editElsewhere(text: string, environment: NodeJS.ProcessEnv): Promise<string> {
    const shell = this.#shell;
    if (shell.safe) {
      await shell.errors.writeLines(['.edit is refused in safe mode: nothing may read or write files, or run programs.']);
      return text;
    }
    // What is told of the database would be written into the editor.
    await this.#opening;
    const last = this.#history.entries.findLast((entry) => !entry.startsWith('.')) ?? '';
    const begun = text.trim() === '' ? last : text;
    try {
      return await shell.lendTerminal(() => editText(begun, environment));
    } catch (error) {
      await shell.report(error);
      return text;
    }
  }

  /** Several pieces are carried out in turn; Ctrl+C leaves out the rest. */
  async #carryOutAll(pieces: readonly InputPiece[]): Promise<'exit' | 'continue'> {
    for (const piece of pieces) this.#history.add((piece.kind === 'command' ? piece.line : piece.text).trimEnd());
    const cancel = new AbortController();
    let interrupt = () => {};
    const twice = new Promise<never>((_, reject) => {
      interrupt = () => {
        if (cancel.signal.aborted) reject(new Interrupted());
        cancel.abort();
      };
    });
    this.#interrupt = interrupt;
    const signalled = () => {
      if (!this.#lent) interrupt();
    };
    process.on('SIGINT', signalled);
    try {
      const given = new Promise<void>((resolve) => cancel.signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([this.#opening, given, twice]);
      if (cancel.signal.aborted) await this.#shell.errors.writeLines([this.#shell.errors.style.dim('Cancelled.')]);
      for (const piece of pieces) {
        if (cancel.signal.aborted) break;
        if ((await Promise.race([this.#carryOut(piece, cancel.signal), twice])) === 'exit') return 'exit';
      }
      return 'continue';
    } finally {
      process.off('SIGINT', signalled);
      this.#interrupt = () => undefined;
    }
  }

  async #carryOut(piece: InputPiece, signal: AbortSignal): Promise<'exit' | 'continue'> {
    const shell = this.#shell;
    if (piece.kind === 'command') return (await runDotCommand(shell, piece.line, signal)) === 'exit' ? 'exit' : 'continue';
    const outcome = await shell.runStatements({ text: piece.text }, piece.statements, signal);
    if (outcome === 'cancelled') await shell.errors.writeLines([shell.errors.style.dim('Cancelled.')]);
    return outcome === 'gone' ? 'exit' : 'continue';
  }
}

function welcome({ style }: Output): string {
  return `${style.bold(`Kodiak ${ownVersion()}`)} ${style.dim('· Statements end with ; and .help lists the commands.')}`;
}

function openingLine(target: ServerTarget): string {
  return target.kind === 'file' ? `Opening ${visible(target.path)} …` : 'Starting DuckDB …';
}

/**
 * The terminal's size as it is now. Node asks for it only when a signal says that it changed, and takes keys that arrived together with
 * that signal first: they would be drawn for the size before.
 */
function currentSize(stdout: NodeJS.WriteStream): ScreenSize {
  process.emit('SIGWINCH', 'SIGWINCH');
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}
