import type { Readable } from 'node:stream';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import {
  closeSession,
  fetchPage,
  type ResultHandle,
  type RunQueryResult,
  releaseResult,
  type StatementOutcome,
} from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { visibleLines } from '../text/displayText.ts';
import { formatFailure, type SqlSource } from './failureText.ts';
import type { Output } from './output.ts';
import type { OutputFormat } from './outputFormat.ts';
import { OutputSettings } from './outputSettings.ts';
import { Pager } from './pager.ts';
import { presentResult } from './presentResult.ts';
import { ProgressLine } from './progressLine.ts';
import { Redirect } from './redirect.ts';
import { type Restored, restoredText, restoreSession } from './restoreSession.ts';
import { type FetchRows, hasRows, needsAllRows, tellBeside } from './resultPrinter.ts';
import { expectSafe } from './safeMode.ts';
import { RequestFailed, type ServerConnection, ServerLost } from './serverConnection.ts';
import { ServerLink, type ServerTarget } from './serverLink.ts';
import { SessionJournal } from './sessionJournal.ts';

const CLOSE_TIMEOUT_MS = 300;

export interface ShellOptions {
  readonly target: ServerTarget;
  /** Folder for relative paths in SQL and of commands. */
  readonly cwd: string;
  readonly format: OutputFormat;
  readonly output: Output;
  readonly errors: Output;
  /** Default: none. */
  readonly pager?: Pager;
  readonly safe?: boolean;
}

/** A result that is kept until the next one, and the text of its statement. */
export interface LastResult {
  readonly outcome: StatementOutcome;
  readonly sql: string;
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
  #cwd: string;
  readonly errors: Output;
  /** Where results and the answers of commands go. */
  readonly redirect: Redirect;
  readonly pager: Pager;
  #sessionId = `terminal-${process.pid}`;
  format: OutputFormat;
  readonly settings = new OutputSettings();
  /** Each statement and command of a pipe or file is written before it is carried out. */
  echo = false;
  /** Whether input from a pipe or file ends with the first error. */
  bail = true;
  /** Nothing may touch files or start programs: see `SAFE_MODE_TEXT`. It stays so. */
  safe: boolean;
  /** What the program ends with, where a person chose it. */
  exitCode: number | undefined;
  /** Carries out the lines of a text with SQL and dot commands. */
  runLines: ((lines: Readable, name: string, signal: AbortSignal) => Promise<Outcome>) | undefined;
  /** Lets another program, such as a pager or an editor, read the keyboard, which the prompt reads while something runs. */
  lendTerminal: <Value>(use: () => Promise<Value>) => Promise<Value> = (use) => use();
  /** The last result that had rows. */
  #last: LastResult | undefined;
  readonly #standard: Output;
  /** How many sessions this terminal has had. */
  #sessions = 1;
  #link: ServerLink;
  #journal: SessionJournal;

  constructor(options: ShellOptions) {
    this.#cwd = options.cwd;
    this.#standard = options.output;
    this.redirect = new Redirect(options.output, (use) => this.lendTerminal(use));
    this.pager = options.pager ?? new Pager({}, undefined);
    this.errors = options.errors;
    this.format = options.format;
    this.safe = options.safe ?? false;
    this.#journal = new SessionJournal(options.target.kind === 'memory');
    this.#link = this.#linkTo(options.target, this.#journal);
  }

  /** Folder for relative paths in SQL and of commands. */
  get cwd(): string {
    return this.#cwd;
  }

  get output(): Output {
    return this.redirect.output;
  }

  /** Where output goes that is not redirected. */
  get standard(): Output {
    return this.#standard;
  }

  get last(): LastResult | undefined {
    return this.#last;
  }

  get link(): ServerLink {
    return this.#link;
  }

  /** A transaction is open in the session, which leaving would roll back. */
  get inTransaction(): boolean {
    return this.#journal.inTransaction;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Opens another database; the one before stays if that fails. */
  async open(target: ServerTarget): Promise<void> {
    const journal = new SessionJournal(target.kind === 'memory');
    const link = this.#linkTo(target, journal);
    try {
      await link.connect();
    } catch (error) {
      link.close();
      throw error;
    }
    await this.#leave();
    this.#link = link;
    this.#journal = journal;
    this.#last = undefined;
  }

  /** Runs all statements of a text, one after the other, until one fails. */
  runText(source: SqlSource, signal: AbortSignal, range: Range = { start: 0, end: source.text.length }): Promise<Outcome> {
    return this.runStatements(source, statementsIn(source, range), signal);
  }

  /** With `takeLast`, what came of the last one is given to it instead of being written. */
  async runStatements(source: SqlSource, statements: readonly Range[], signal: AbortSignal, takeLast?: TakeOutcome): Promise<Outcome> {
    let ended: Outcome = 'done';
    for (const [index, statement] of statements.entries()) {
      ended = await this.#runStatement(source, statement, signal, index === statements.length - 1 ? takeLast : undefined);
      if (ended !== 'done') break;
    }
    try {
      await this.redirect.ended();
    } catch (error) {
      await this.report(error);
      return 'failed';
    }
    return ended;
  }

  /** The session ends, and another one begins in the folder: it is fixed for one session. */
  async changeFolder(folder: string): Promise<void> {
    await this.#endSession();
    this.#journal.sessionEnded();
    this.#last = undefined;
    this.#cwd = folder;
    this.#sessionId = `terminal-${process.pid}-${++this.#sessions}`;
  }

  /** Runs a script of ours in the person's session, and writes nothing. Rejects only when the server is gone. */
  async runQuietly(sql: string, signal: AbortSignal): Promise<RunQueryResult> {
    const ran = await this.#link.run(sql, this.#sessionId, this.cwd, { signal, source: 'dot command' });
    this.#journal.ran(sql, ran.failure === undefined, ran.inTransaction === true);
    return ran;
  }

  /** Shows the last result once more, all of it. False where there is none. */
  async showLast(signal: AbortSignal): Promise<boolean> {
    if (!this.#last) return false;
    const { outcome } = this.#last;
    await presentResult(this, { result: outcome.result, outcome, fetchRows: this.rowsOf(outcome.result), whole: true }, signal);
    return true;
  }

  /** Writes an error that no statement is to blame for. */
  async report(error: unknown): Promise<void> {
    const failure: WireFailure = error instanceof RequestFailed ? error.failure : { code: 'unavailable', message: messageOf(error) };
    await this.errors.writeLines(formatFailure(failure, { text: '' }, 0, this.errors.style));
  }

  /** Ends the session and lets go of the server. */
  async close(): Promise<void> {
    await this.redirect.back().catch((error: unknown) => this.report(error));
    await this.#leave();
  }

  #linkTo(target: ServerTarget, journal: SessionJournal): ServerLink {
    const restore = async (connection: ServerConnection) => {
      const moved = await restoreSession(connection, journal, { sessionId: this.#sessionId, cwd: this.cwd });
      if (moved.lost.length > 0) throw new SessionLost(moved);
      const text = restoredText(moved);
      if (text !== '') await this.errors.writeLines([this.errors.style.dim(`The server had ended, another one has taken over. ${text}`)]);
    };
    return new ServerLink(target, restore);
  }

  async #leave(): Promise<void> {
    if (this.#link.target.kind !== 'memory') await this.#endSession();
    this.#link.close();
  }

  async #endSession(): Promise<void> {
    if (!this.#link.connected) return;
    const closing = this.#link.request(closeSession, { sessionId: this.#sessionId }).catch(() => undefined);
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())]);
  }

  async #runStatement(source: SqlSource, statement: Range, signal: AbortSignal, take: TakeOutcome | undefined): Promise<Outcome> {
    const progress = new ProgressLine(this.errors);
    const { output } = this;
    const stop = AbortSignal.any([signal, this.#standard.gone, output.gone]);
    const sql = source.text.slice(statement.start, statement.end);
    let printing: Promise<void> | undefined;
    const print = async (result: ResultHandle, outcome: StatementOutcome | undefined) => {
      await progress.stop();
      await presentResult(this, { result, outcome, fetchRows: this.rowsOf(result) }, stop);
    };
    try {
      if (this.safe) await expectSafe(this, sql, stop);
      const ran = await this.#link.run(sql, this.#sessionId, this.cwd, {
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
      this.#journal.ran(sql, ran.failure === undefined, ran.inTransaction === true);
      if (take !== undefined) await progress.stop();
      for (const outcome of ran.statements) {
        await (take === undefined ? (printing ?? print(outcome.result, outcome)) : take(outcome, this.rowsOf(outcome.result)));
        if (take === undefined) await tellBeside(outcome, this);
        this.#keep({ outcome, sql }, take === undefined);
      }
      await printing?.catch(() => undefined);
      if (this.#standard.gone.aborted) return 'gone';
      // A program that has read enough, as of `.once |head`, is no mistake.
      if (output.gone.aborted && !signal.aborted) return 'done';
      if (ran.nameProblem !== undefined) await this.errors.writeLines([visibleLines(ran.nameProblem)]);
      if (!ran.failure) return signal.aborted ? 'cancelled' : 'done';
      await progress.stop();
      if (ran.failure.code === 'cancelled' && signal.aborted) return 'cancelled';
      await this.errors.writeLines(formatFailure(ran.failure, source, statement.start, this.errors.style));
      return 'failed';
    } catch (error) {
      await progress.stop();
      if (this.#standard.gone.aborted) return 'gone';
      await this.report(error);
      if (error instanceof ServerLost) await this.#tellLoss();
      return 'failed';
    } finally {
      await progress.stop();
    }
  }

  /** The server went while a statement ran: what is lost is said at once, so that the next statement runs knowing it. */
  async #tellLoss(): Promise<void> {
    const text = restoredText({ lost: this.#journal.lost(), restored: [] });
    this.#journal.forgetLost();
    if (text !== '') await this.errors.writeLines([text]);
  }

  rowsOf({ resultId }: ResultHandle): FetchRows {
    return (offset, limit) => this.#link.request(fetchPage, { resultId, offset, limit });
  }

  /** The last result with rows stays until the next one comes. */
  #keep(ran: LastResult, isShown: boolean): void {
    const isLast = isShown && hasRows(ran.outcome);
    const released = isLast ? this.#last : ran;
    if (isLast) this.#last = ran;
    if (released) this.#link.request(releaseResult, { resultId: released.outcome.result.resultId }).catch(() => undefined);
  }
}

/** The server had gone since the last statement, and something of the session with it, which a statement might rely on. */
class SessionLost extends Error {
  constructor(moved: Restored) {
    super(`The server had ended. ${restoredText(moved)} Nothing was run now: enter it again to go on.`);
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
