import { dirname } from 'node:path';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isSyntaxError, KodiakError } from '../../engine/base/errors.ts';
import { after, type Timer } from '../../engine/base/timers.ts';
import type { Grammar } from '../../engine/sql/grammar/grammar.ts';
import { sameEnds } from '../../engine/sql/sameEnds.ts';
import type { Checker, CheckFocus, Engine } from '../../engine/types.ts';
import { filePath } from '../filePath.ts';
import type { ScriptRun, ServerSession } from '../session.ts';
import type { Finding } from './codeActions.ts';
import { findingText, isThere } from './findingText.ts';
import { RunErrors } from './runErrors.ts';
import { sqlTextOf, statementAt } from './sqlText.ts';

/** Typing that pauses for this long is looked at. */
const PAUSE_MS = 250;
/** What is wrong right at the cursor is shown after this much more: most of it is not finished yet. */
const CURSOR_PAUSE_MS = 600;
/** Scripts that ran and are remembered for each document. */
const MAX_RUNS = 100;

export interface LiveDiagnosticsParts {
  readonly server: ServerSession;
  /** The document, if it is open. */
  readonly find: (uri: string) => TextDocument | undefined;
  /** Documents that are checked together, in order: the cells of a notebook, or the one document. */
  readonly cellsOf: (group: string) => readonly TextDocument[];
  readonly groupOf: (uri: string) => string;
  /** DuckDB's grammar, once it is known. */
  readonly grammarOf: (uri: string) => Promise<Grammar | undefined>;
  readonly lastEdit: (document: TextDocument) => number | undefined;
  readonly publish: (uri: string, version: number, diagnostics: Diagnostic[]) => void;
}

interface Group {
  timer: Timer | undefined;
  running: AbortController | undefined;
}

/** Keeps the errors of open documents up to date while they are typed. A group is a notebook's URI, or a document's own. */
export class LiveDiagnostics {
  readonly #parts: LiveDiagnosticsParts;
  readonly #groups = new Map<string, Group>();
  readonly #findings = new Map<string, readonly Finding[]>();
  /** What DuckDB had against each document, by the statement's text; offsets are relative to it. */
  readonly #checked = new Map<string, ReadonlyMap<string, readonly KodiakError[]>>();
  /** Versions whose edited statement was looked at before the others. */
  readonly #focused = new Map<string, number>();
  readonly #runErrors = new RunErrors();
  #grammar: Grammar | undefined;
  /** Statements that ran without an error, by document or notebook. */
  readonly #ran = new Map<string, string[]>();
  #checker: { readonly engine: Engine; readonly checker: Checker } | undefined;

  constructor(parts: LiveDiagnosticsParts) {
    this.#parts = parts;
  }

  /** What was published last. */
  findings(uri: string): readonly Finding[] {
    return this.#findings.get(uri) ?? [];
  }

  /** For a document that was opened or edited, or a notebook whose cells came, went or moved. */
  changed(uri: string): void {
    this.#schedule(this.#parts.groupOf(uri), PAUSE_MS);
  }

  closed(uri: string): void {
    if (this.#findings.delete(uri)) this.#parts.publish(uri, 0, []);
    this.#checked.delete(uri);
    this.#focused.delete(uri);
    this.#runErrors.closed(uri);
    this.#ran.delete(uri);
    const own = this.#groups.get(uri);
    own?.timer?.dispose();
    own?.running?.abort();
    this.#groups.delete(uri);
  }

  /** A script ran, which may have changed the meaning of all documents. */
  ran(run: ScriptRun): void {
    if (this.#runErrors.ran(run)) this.#showRunErrors(run.sessionId);
    if (!run.failure && this.#groups.has(run.sessionId)) {
      const texts = [...(this.#ran.get(run.sessionId) ?? []), run.sql];
      this.#ran.set(run.sessionId, texts.slice(-MAX_RUNS));
    }
    for (const group of this.#groups.keys()) this.#schedule(group, PAUSE_MS);
  }

  dispose(): void {
    for (const { timer, running } of this.#groups.values()) {
      timer?.dispose();
      running?.abort();
    }
    this.#groups.clear();
  }

  #schedule(uri: string, delayMs: number): void {
    const group = this.#groups.get(uri) ?? { timer: undefined, running: undefined };
    this.#groups.set(uri, group);
    group.timer?.dispose();
    if (delayMs === PAUSE_MS) group.running?.abort();
    group.timer = after(delayMs, () => {
      this.#run(uri, group, delayMs === CURSOR_PAUSE_MS).catch((thrown: unknown) =>
        this.#parts.server.log(`Diagnostics: ${String(thrown)}`),
      );
    });
  }

  async #run(uri: string, group: Group, withCursor: boolean): Promise<void> {
    const { server, cellsOf, find, groupOf } = this.#parts;
    if (groupOf(uri) !== uri) {
      // A cell is told of before its notebook is, which has a turn of its own.
      this.#groups.delete(uri);
      return;
    }
    const running = new AbortController();
    group.running = running;
    const cells = cellsOf(uri).map((document) => ({ uri: document.uri, version: document.version, text: sqlTextOf(document).text }));
    const opened = await server.languageEngine();
    if (!opened || running.signal.aborted) return;
    const session = await server.findSession(uri);
    const file = filePath(uri);
    const focus = withCursor ? undefined : this.#focus(uri, cells, running.signal);
    const errors = await this.#openChecker(opened.engine).check(
      cells.map(({ text }) => text),
      {
        signal: running.signal,
        namesUnknown: opened.namesUnknown,
        readsFiles: server.trusted,
        ...(session && { session }),
        ...(file !== undefined && { cwd: dirname(file) }),
        ...(focus && { focus }),
      },
    );
    if (errors.some((list) => list.some(isSyntaxError))) this.#grammar = await this.#parts.grammarOf(uri);
    if (running.signal.aborted) return;
    let withheld = false;
    for (const [index, cell] of cells.entries()) {
      const document = find(cell.uri);
      if (!document || document.version !== cell.version) continue;
      const found = errors[index] ?? [];
      const late = withCursor ? [] : found.filter((error) => this.#isAtCursor(document, error));
      withheld ||= late.length > 0;
      this.#publish(uri, document, [...found.filter((error) => !late.includes(error)), ...this.#stillStanding(document, late)]);
    }
    if (withheld) this.#schedule(uri, CURSOR_PAUSE_MS);
  }

  /** The statement that is being edited: it is shown before the others are checked, which keep what they had. */
  #focus(group: string, cells: readonly { readonly uri: string; readonly version: number }[], signal: AbortSignal): CheckFocus | undefined {
    for (const [cell, { uri, version }] of cells.entries()) {
      const document = this.#parts.find(uri);
      const offset = document && this.#parts.lastEdit(document);
      if (!document || offset === undefined || this.#focused.get(uri) === version) continue;
      this.#focused.set(uri, version);
      return {
        cell,
        offset,
        onFound: (statement, errors) => {
          if (signal.aborted || document.version !== version || errors.length === 0) return;
          const shown = errors.filter((error) => !this.#isAtCursor(document, error));
          const others = this.#unchanged(document).filter(({ position }) => isOutside(position?.offset ?? 0, statement));
          if (shown.length > 0) this.#publish(group, document, [...others, ...shown]);
        },
      };
    }
    return undefined;
  }

  /** What is known of statements whose text is still the same. */
  #unchanged(document: TextDocument): KodiakError[] {
    const known = this.#checked.get(document.uri);
    if (!known || known.size === 0) return [];
    return sqlTextOf(document).statements.flatMap(({ text, start }) => (known.get(text) ?? []).map((error) => shifted(error, start)));
  }

  /** What a run found is shown at once, beside what is shown already. */
  #showRunErrors(group: string): void {
    for (const document of this.#parts.cellsOf(group)) {
      if (this.#findings.has(document.uri)) this.#publish(group, document, this.#unchanged(document));
    }
  }

  /** Whether an error is about what is being typed, or only says that it is not finished yet. */
  #isAtCursor(document: TextDocument, { message, position }: KodiakError): boolean {
    const cursor = this.#parts.lastEdit(document);
    if (cursor === undefined || !position) return false;
    const text = document.getText();
    const end = position.offset + position.length;
    if (position.offset <= cursor && (cursor <= end || text.slice(end, cursor).trim() === '')) return true;
    if (!isSyntaxError({ message })) return false;
    // What is half written fails at a later word, or as a whole.
    const typed = sqlTextOf(document).statements.findLast(({ start }) => start <= cursor);
    const isInside = typed !== undefined && (cursor <= typed.end || !text.slice(typed.end, cursor).includes(';'));
    if (!isInside || position.offset < typed.start || position.offset > typed.end) return false;
    return cursor <= position.offset || !/syntax error at or near/.test(message);
  }

  /** Names of a statement that were wrong before it was broken by typing, where its text is as it was. */
  #stillStanding(document: TextDocument, late: readonly KodiakError[]): KodiakError[] {
    const known = this.#checked.get(document.uri);
    const offset = late.find(isSyntaxError)?.position?.offset;
    if (!known || known.size === 0 || offset === undefined) return [];
    const statement = sqlTextOf(document).statements.findLast(({ start, end }) => start <= offset && offset <= end);
    if (!statement) return [];
    let best: KodiakError[] = [];
    let most = 0;
    for (const [before, errors] of known) {
      const { head, tail } = sameEnds(before, statement.text);
      if (head + tail <= most || head + tail < before.length / 2) continue;
      most = head + tail;
      best = errors.flatMap((error) => {
        const { offset: start = 0, length = 0 } = error.position ?? {};
        if (isSyntaxError(error)) return [];
        // What the edit touches may mean something else now.
        if (start + length < head) return [shifted(error, statement.start)];
        const by = statement.text.length - before.length;
        return start > before.length - tail ? [shifted(error, statement.start + by)] : [];
      });
    }
    return best.filter((error) => !this.#isAtCursor(document, error));
  }

  #publish(group: string, document: TextDocument, checked: readonly KodiakError[]): void {
    const ran = this.#ran.get(group) ?? [];
    const sql = sqlTextOf(document);
    const around = ({ position }: KodiakError) => statementAt(sql, position?.offset ?? 0);
    const byText = new Map<string, KodiakError[]>();
    for (const error of checked) {
      const statement = around(error);
      if (!statement) continue;
      const others = byText.get(statement.text) ?? [];
      others.push(shifted(error, -statement.start));
      byText.set(statement.text, others);
    }
    this.#checked.set(document.uri, byText);
    // What made a table is not told that the table is there.
    const wrong = checked.filter((error) => !isThere(error) || !ran.some((sql) => sql.includes(around(error)?.text ?? '')));
    const wrongStatements = new Set(wrong.map(around));
    const atRun = this.#runErrors.of(group, document).filter((error) => !wrongStatements.has(around(error)));
    const findings = [...wrong, ...atRun].map((error): Finding => {
      const { offset, length } = error.position ?? { offset: 0, length: 1 };
      const range = { start: document.positionAt(offset), end: document.positionAt(offset + length) };
      const severity = isThere(error) ? DiagnosticSeverity.Information : DiagnosticSeverity.Error;
      return { error, diagnostic: { range, severity, source: 'Kodiak', message: findingText(error, sql, this.#grammar) } };
    });
    this.#findings.set(document.uri, findings);
    this.#parts.publish(
      document.uri,
      document.version,
      findings.map(({ diagnostic }) => diagnostic),
    );
  }

  #openChecker(engine: Engine): Checker {
    if (this.#checker?.engine !== engine) this.#checker = { engine, checker: engine.openChecker() };
    return this.#checker.checker;
  }
}

function shifted(error: KodiakError, by: number): KodiakError {
  const { position } = error;
  if (!position) return error;
  return new KodiakError(error.code, error.message, {
    position: { ...position, offset: position.offset + by },
    candidates: error.candidates,
  });
}

function isOutside(offset: number, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return offset < start || offset > end;
}
