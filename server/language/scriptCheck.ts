import { TextDocument } from 'vscode-languageserver-textdocument';
import { isSyntaxError } from '../../engine/base/errors.ts';
import type { Checker, Engine } from '../../engine/types.ts';
import type { CheckScriptParams, CheckScriptResult, FormatScriptParams, FormatScriptResult } from '../protocol/script.ts';
import type { ServerSession } from '../session.ts';
import { DatabaseChecker } from './databaseChecker.ts';
import { DatabaseSnapshot } from './databaseSnapshot.ts';
import { findingText, isThere } from './findingText.ts';
import { formatInSteps, statementTexts } from './formatting.ts';
import { cellOf, withNamedResults } from './namedCells.ts';
import { sqlTextOf } from './sqlText.ts';

/** Whose temporary objects count: nobody's. */
const NOBODY = 'check';

/** The language server's diagnostics and its formatter, for texts that no editor has open. */
export class ScriptCheck {
  readonly #server: ServerSession;
  readonly #snapshot: DatabaseSnapshot;
  readonly #parser: DatabaseChecker;
  #checker: { readonly engine: Engine; readonly checker: Checker } | undefined;

  constructor(server: ServerSession) {
    this.#server = server;
    this.#snapshot = new DatabaseSnapshot(server);
    this.#parser = new DatabaseChecker(server);
  }

  async check({ cells, cwd }: CheckScriptParams, signal: AbortSignal): Promise<CheckScriptResult> {
    const documents = cells.map(({ sql }, index) => TextDocument.create(`check:${index}`, 'sql', 1, sql));
    const names = new Map(
      cells.flatMap(({ resultName }, index) => (resultName === undefined ? [] : [[`check:${index}`, resultName] as const])),
    );
    const script = withNamedResults(documents, names);
    const opened = await this.#server.languageEngine();
    if (!opened) return { cells: cells.map(() => []) };
    const errors = await this.#checkerOf(opened.engine).check(
      script.map((document) => sqlTextOf(document).text),
      { signal, namesUnknown: opened.namesUnknown, readsFiles: this.#server.trusted, cwd },
    );
    const hasSyntaxError = errors.some((list) => list.some(isSyntaxError));
    const grammar = hasSyntaxError ? (await this.#snapshot.read(NOBODY)).grammar : undefined;
    const found = new Map(script.map((document, index) => [document, errors[index] ?? []]));
    return {
      cells: documents.map((document) =>
        (cellOf(document) === undefined ? (found.get(document) ?? []) : [])
          .map((error) => ({
            severity: isThere(error) ? ('info' as const) : ('error' as const),
            message: findingText(error, sqlTextOf(document), grammar),
            offset: error.position?.offset ?? 0,
            length: error.position?.length ?? 1,
          }))
          .sort((a, b) => a.offset - b.offset),
      ),
    };
  }

  async format({ sql, tabSize, insertSpaces }: FormatScriptParams, signal: AbortSignal): Promise<FormatScriptResult> {
    if (sql.includes('\0')) return { sql };
    const refused = await this.#parser.refused(statementTexts(sql, [undefined]), signal);
    const options = {
      tabSize: Math.min(Math.max(Math.round(tabSize) || 2, 1), 16),
      insertSpaces,
      accepts: (text: string) => !refused.has(text),
    };
    const steps = formatInSteps(sql, options);
    let step = steps.next();
    while (!step.done) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      step = steps.next();
    }
    const { edits, refusal } = step.value;
    let at = 0;
    const parts = edits.map(({ start, end, text }) => {
      const part = sql.slice(at, start) + text;
      at = end;
      return part;
    });
    return { sql: parts.join('') + sql.slice(at), ...(refusal !== undefined && { refusal }) };
  }

  #checkerOf(engine: Engine): Checker {
    if (this.#checker?.engine !== engine) this.#checker = { engine, checker: engine.openChecker() };
    return this.#checker.checker;
  }
}

const checks = new WeakMap<ServerSession, ScriptCheck>();

/** One for all clients of a server. */
export function scriptCheckOf(server: ServerSession): ScriptCheck {
  const check = checks.get(server) ?? new ScriptCheck(server);
  checks.set(server, check);
  return check;
}
