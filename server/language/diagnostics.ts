import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { KodiakError } from '../../engine/base/errors.ts';
import { after, type Timer } from '../../engine/base/timers.ts';
import type { Checker, Engine } from '../../engine/types.ts';
import { filePath } from '../filePath.ts';
import type { ServerSession } from '../session.ts';
import type { Finding } from './codeActions.ts';
import { sqlTextOf } from './sqlText.ts';

/** Typing that pauses for this long is looked at. */
const PAUSE_MS = 250;
/** What is wrong right at the cursor is shown after this much more: most of it is not finished yet. */
const CURSOR_PAUSE_MS = 600;

export interface LiveDiagnosticsParts {
  readonly server: ServerSession;
  /** The document, if it is open. */
  readonly find: (uri: string) => TextDocument | undefined;
  /** Documents that are checked together, in order: the cells of a notebook, or the one document. */
  readonly cellsOf: (group: string) => readonly TextDocument[];
  readonly groupOf: (uri: string) => string;
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
  #checker: { readonly engine: Engine; readonly checker: Checker } | undefined;
  #openingFailed = false;

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
    const own = this.#groups.get(uri);
    own?.timer?.dispose();
    own?.running?.abort();
    this.#groups.delete(uri);
  }

  /** For whatever may have changed the meaning of all documents. */
  refresh(): void {
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
    const checker = await this.#openChecker();
    if (!checker) return;
    const session = await server.findSession(uri);
    const file = filePath(uri);
    const options = { signal: running.signal, ...(session && { session }), ...(file !== undefined && { cwd: dirname(file) }) };
    const errors = await checker.check(
      cells.map(({ text }) => text),
      options,
    );
    if (running.signal.aborted) return;
    let withheld = false;
    for (const [index, cell] of cells.entries()) {
      const document = find(cell.uri);
      if (!document || document.version !== cell.version) continue;
      const shown = (errors[index] ?? []).filter((error) => withCursor || !this.#isAtCursor(document, error));
      withheld ||= shown.length < (errors[index]?.length ?? 0);
      this.#publish(document, shown);
    }
    if (withheld) this.#schedule(uri, CURSOR_PAUSE_MS);
  }

  #isAtCursor(document: TextDocument, { position }: KodiakError): boolean {
    const cursor = this.#parts.lastEdit(document);
    if (cursor === undefined || !position) return false;
    const end = position.offset + position.length;
    if (cursor < position.offset) return false;
    return cursor <= end || document.getText().slice(end, cursor).trim() === '';
  }

  #publish(document: TextDocument, errors: readonly KodiakError[]): void {
    const findings = errors.map((error): Finding => {
      const { offset, length } = error.position ?? { offset: 0, length: 1 };
      const range = { start: document.positionAt(offset), end: document.positionAt(offset + length) };
      return { error, diagnostic: { range, severity: DiagnosticSeverity.Error, source: 'Kodiak', message: toMessage(error) } };
    });
    this.#findings.set(document.uri, findings);
    this.#parts.publish(
      document.uri,
      document.version,
      findings.map(({ diagnostic }) => diagnostic),
    );
  }

  /** Opens the database for it, but makes no file, and does not try again what failed. */
  async #openChecker(): Promise<Checker | undefined> {
    const { server } = this.#parts;
    let engine = server.engine;
    if (!engine) {
      if (this.#openingFailed || (server.database !== ':memory:' && !existsSync(server.database))) return undefined;
      try {
        engine = await server.open();
      } catch {
        this.#openingFailed = true;
        return undefined;
      }
    }
    if (this.#checker?.engine !== engine) this.#checker = { engine, checker: engine.openChecker() };
    return this.#checker.checker;
  }
}

/** Without DuckDB's proposal of its own internal tables. */
function toMessage({ message }: KodiakError): string {
  return message.replace(/\nDid you mean "(?:pg_|duckdb_|sqlite_|pragma_)[^"]*"\?/, '');
}
