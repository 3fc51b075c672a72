import { dirname } from 'node:path';
import type { Checker, Column, Engine, ScriptPlace } from '../../engine/types.ts';
import { filePath } from '../filePath.ts';
import type { ServerSession } from '../session.ts';

/** Texts whose verdict is remembered. */
const MAX_VERDICTS = 20_000;

/** What edits of SQL ask DuckDB before they are offered, on connections beside those of the diagnostics, whose turns are long. */
export class DatabaseChecker {
  readonly #server: ServerSession;
  #open: { readonly engine: Engine; readonly checker: Checker } | undefined;
  /** Whether DuckDB can parse a text. */
  readonly #verdicts = new Map<string, boolean>();

  constructor(server: ServerSession) {
    this.#server = server;
  }

  /** The texts that DuckDB cannot parse; none while there is no database, or when the signal aborted before an answer. */
  async refused(statements: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const checker = await this.#checker();
    const unknown = statements.filter((text) => !this.#verdicts.has(text));
    if (this.#verdicts.size + unknown.length > MAX_VERDICTS) this.#verdicts.clear();
    const asked = this.#verdicts.size === 0 ? statements : unknown;
    const verdicts = (await checker?.parses(asked, signal)) ?? [];
    for (const [index, verdict] of verdicts.entries()) this.#verdicts.set(asked[index] as string, verdict);
    return new Set(statements.filter((text) => this.#verdicts.get(text) === false));
  }

  /** Columns of queries at a place of a document or notebook; undefined for each that DuckDB does not take there. */
  async describe(
    root: string,
    place: ScriptPlace,
    queries: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly (readonly Column[] | undefined)[]> {
    const checker = await this.#checker();
    if (!checker || queries.length === 0) return queries.map(() => undefined);
    const session = await this.#server.findSession(root);
    const file = filePath(root);
    return await checker.describe(place, queries, {
      readsFiles: this.#server.trusted,
      ...(session && { session }),
      ...(signal && { signal }),
      ...(file !== undefined && { cwd: dirname(file) }),
    });
  }

  async #checker(): Promise<Checker | undefined> {
    const opened = await this.#server.languageEngine();
    if (!opened) return undefined;
    if (this.#open?.engine !== opened.engine) {
      this.#open = { engine: opened.engine, checker: opened.engine.openChecker() };
      this.#verdicts.clear();
    }
    return this.#open.checker;
  }
}
