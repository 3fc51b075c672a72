import { splitStatements } from '../../engine/sql/splitStatements.ts';
import { closeSession, fetchPage, type ResultHandle, releaseResult, type StatementOutcome } from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { visibleLines } from '../text/displayText.ts';
import { formatFailure, type SqlSource } from './failureText.ts';
import type { Output } from './output.ts';
import type { OutputFormat } from './outputFormat.ts';
import { OutputSettings } from './outputSettings.ts';
import { ProgressLine } from './progressLine.ts';
import { type FetchRows, hasRows, needsAllRows, printBox, printWholeBox, streamRows, tellBeside } from './resultPrinter.ts';
import { RequestFailed } from './serverConnection.ts';
import { ServerLink, type ServerTarget } from './serverLink.ts';

const CLOSE_TIMEOUT_MS = 300;

export interface ShellOptions {
  readonly target: ServerTarget;
  /** Folder for relative paths in SQL and of commands. */
  readonly cwd: string;
  readonly format: OutputFormat;
  readonly output: Output;
  readonly errors: Output;
}

/** `failed`: a message was written. `gone`: nobody reads the output any more. */
export type Outcome = 'done' | 'failed' | 'cancelled' | 'gone';

/** A piece of a text, and the name under which later statements read the rows of its last statement. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly resultName?: string;
}

/** Does something with what came of a statement, in place of writing its rows. */
type TakeOutcome = (outcome: StatementOutcome, fetchRows: FetchRows) => Promise<void>;

/** What the prompt and headless runs share: a session at a server, how results are shown, and where. */
export class Shell {
  readonly cwd: string;
  readonly output: Output;
  readonly errors: Output;
  readonly #sessionId = `terminal-${process.pid}`;
  format: OutputFormat;
  readonly settings = new OutputSettings();
  /** Each statement and command of a pipe or file is written before it is carried out. */
  echo = false;
  /** Whether input from a pipe or file ends with the first error. */
  bail = true;
  /** Lets another program, such as a pager or an editor, read the keyboard, which the prompt reads while something runs. */
  lendTerminal: <Value>(use: () => Promise<Value>) => Promise<Value> = (use) => use();
  #link: ServerLink;

  constructor(options: ShellOptions) {
    this.cwd = options.cwd;
    this.output = options.output;
    this.errors = options.errors;
    this.format = options.format;
    this.#link = new ServerLink(options.target);
  }

  get link(): ServerLink {
    return this.#link;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Opens another database; the one before stays if that fails. */
  async open(target: ServerTarget): Promise<void> {
    const link = new ServerLink(target);
    try {
      await link.connect();
    } catch (error) {
      link.close();
      throw error;
    }
    await this.close();
    this.#link = link;
  }

  /** Runs all statements of a text, one after the other, until one fails. */
  runText(source: SqlSource, signal: AbortSignal, range: Range = { start: 0, end: source.text.length }): Promise<Outcome> {
    return this.runStatements(source, statementsIn(source, range), signal);
  }

  /** With `takeLast`, what came of the last one is given to it instead of being written. */
  async runStatements(source: SqlSource, statements: readonly Range[], signal: AbortSignal, takeLast?: TakeOutcome): Promise<Outcome> {
    for (const [index, statement] of statements.entries()) {
      const outcome = await this.#runStatement(source, statement, signal, index === statements.length - 1 ? takeLast : undefined);
      if (outcome !== 'done') return outcome;
    }
    return 'done';
  }

  /** Writes an error that no statement is to blame for. */
  async report(error: unknown): Promise<void> {
    const failure: WireFailure = error instanceof RequestFailed ? error.failure : { code: 'unavailable', message: messageOf(error) };
    await this.errors.writeLines(formatFailure(failure, { text: '' }, 0, this.errors.style));
  }

  /** Ends the session and lets go of the server. */
  async close(): Promise<void> {
    if (this.#link.target.kind !== 'memory' && this.#link.connected) {
      const closing = this.#link.request(closeSession, { sessionId: this.#sessionId }).catch(() => undefined);
      await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())]);
    }
    this.#link.close();
  }

  async #runStatement(source: SqlSource, statement: Range, signal: AbortSignal, take: TakeOutcome | undefined): Promise<Outcome> {
    const progress = new ProgressLine(this.errors);
    const stop = AbortSignal.any([signal, this.output.gone]);
    let printing: Promise<void> | undefined;
    const print = async (result: ResultHandle, outcome: StatementOutcome | undefined) => {
      await progress.stop();
      await this.#print(result, outcome, stop);
    };
    try {
      const ran = await this.#link.run(source.text.slice(statement.start, statement.end), this.#sessionId, this.cwd, {
        signal: stop,
        resultName: statement.resultName,
        // `<stdin>` and `-c` are no files.
        source: source.name?.match(/^[^<-].*/)?.[0],
        onProgress: (reported) => progress.update(reported),
        onOpened: (result) => {
          if (take !== undefined || needsAllRows(this.format) || printing !== undefined) return;
          printing = print(result, undefined);
          printing.catch(() => undefined);
        },
      });
      if (take !== undefined) await progress.stop();
      for (const outcome of ran.statements) {
        await (take === undefined ? (printing ?? print(outcome.result, outcome)) : take(outcome, this.#rowsOf(outcome.result)));
        if (take === undefined) await tellBeside(outcome, this);
        this.#link.request(releaseResult, { resultId: outcome.result.resultId }).catch(() => undefined);
      }
      await printing?.catch(() => undefined);
      if (this.output.gone.aborted) return 'gone';
      if (ran.nameProblem !== undefined) await this.errors.writeLines([visibleLines(ran.nameProblem)]);
      if (!ran.failure) return signal.aborted ? 'cancelled' : 'done';
      await progress.stop();
      if (ran.failure.code === 'cancelled' && signal.aborted) return 'cancelled';
      await this.errors.writeLines(formatFailure(ran.failure, source, statement.start, this.errors.style));
      return 'failed';
    } catch (error) {
      await progress.stop();
      if (this.output.gone.aborted) return 'gone';
      await this.report(error);
      return 'failed';
    } finally {
      await progress.stop();
    }
  }

  #rowsOf({ resultId }: ResultHandle): FetchRows {
    return (offset, limit) => this.#link.request(fetchPage, { resultId, offset, limit });
  }

  async #print(result: ResultHandle, outcome: StatementOutcome | undefined, signal: AbortSignal): Promise<void> {
    const fetchRows = this.#rowsOf(result);
    if (this.format === 'box') {
      if (!outcome) return;
      if (this.settings.maxRows === 0 && hasRows(outcome)) await printWholeBox(outcome, fetchRows, this.output, this.settings, signal);
      else await printBox(outcome, fetchRows, this.output, { settings: this.settings });
      return;
    }
    if (!outcome || hasRows(outcome)) await streamRows(result, this.format, this.settings, fetchRows, this.output, signal);
  }
}

/** The places of the statements in a piece of a text. */
export function statementsIn(source: SqlSource, { start, end, resultName }: Range): Range[] {
  const statements = splitStatements(source.text.slice(start, end));
  return statements.map((statement, index) => ({
    start: start + statement.start,
    end: start + statement.end,
    ...(resultName !== undefined && index === statements.length - 1 && { resultName }),
  }));
}

function messageOf(error: unknown): string {
  return visibleLines(error instanceof Error ? error.message : String(error));
}
