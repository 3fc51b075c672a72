import { StatementChecker } from './checker/statementChecker.ts';
import type { Connection } from './duckdb/connection.ts';
import { NameProbe } from './duckdb/nameProbe.ts';

/** The checkers that are open, and how often what they know of names has gone out of date. */
export class OpenCheckers {
  readonly #connect: (folder: string | undefined) => Promise<Connection>;
  readonly #checkers = new Set<StatementChecker>();
  readonly #probe: NameProbe;
  readonly #defined = { tables: 0, functions: 0 };

  /** `connect` makes connections outside of the pool. */
  constructor(connect: (folder: string | undefined) => Promise<Connection>, temporaryFolder: string) {
    this.#connect = connect;
    this.#probe = new NameProbe(temporaryFolder);
  }

  /** See `Engine.openChecker`. */
  open(): StatementChecker {
    const checker: StatementChecker = new StatementChecker({
      connect: this.#connect,
      probe: (kind, name) => this.#probe.ask(kind, name),
      defined: this.#defined,
      onClosed: () => this.#checkers.delete(checker),
    });
    this.#checkers.add(checker);
    return checker;
  }

  /**
   * Told each statement that may have changed what names mean. Functions are read seldom, because reading them takes DuckDB a tenth of
   * a second.
   */
  noteDefinition(text: string): void {
    this.#defined.tables++;
    if (!/^(?:create|drop|alter)\b/i.test(text) || /\b(?:macro|function|schema)\b/i.test(text)) this.#defined.functions++;
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#checkers].map((checker) => checker.close()));
    await this.#probe.close();
  }
}
