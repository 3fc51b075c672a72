import type { Statement } from '../sql/splitStatements.ts';
import type { ScriptStubs } from './scriptStubs.ts';

/** A statement that changes what names mean. */
export interface Link {
  readonly statement: Statement;
  readonly script: string;
  readonly mayBind: boolean;
}

interface Entry {
  readonly key: string;
  readonly stubs: ScriptStubs;
  /** Texts of the links whose stand-ins it has, in order. */
  readonly applied: string[];
}

/** One for the end of the script, one for the statement that is being edited, and one for the place that was edited before. */
const MAX_CONNECTIONS = 3;

/**
 * Connections that have the stand-ins of a script up to some statement. A connection can only be led on, so that several are kept: else
 * each check after an edit in the middle of a script would make all stand-ins again.
 */
export class StubConnections {
  /** The last used first. */
  #entries: Entry[] = [];

  /**
   * The connection on which exactly the chain's statements have their stand-ins. `key` stands for all else that names depend on; `open`
   * gives a connection without stand-ins.
   */
  async at(key: string, chain: readonly Link[], open: () => Promise<ScriptStubs>): Promise<ScriptStubs> {
    await this.#closeAll(({ key: other }) => other !== key);
    const fitting = this.#entries.filter(
      ({ applied }) => applied.length <= chain.length && applied.every((text, index) => text === chain[index]?.statement.text),
    );
    const longest = fitting.reduce<Entry | undefined>(
      (best, entry) => (best && best.applied.length >= entry.applied.length ? best : entry),
      undefined,
    );
    const entry = longest ?? { key, stubs: await open(), applied: [] };
    this.#entries = [entry, ...this.#entries.filter((other) => other !== entry)];
    const surplus = new Set(this.#entries.slice(MAX_CONNECTIONS));
    await this.#closeAll((other) => surplus.has(other));
    for (const { statement, script, mayBind } of chain.slice(entry.applied.length)) {
      await entry.stubs.apply(statement, script, mayBind);
      entry.applied.push(statement.text);
    }
    return entry.stubs;
  }

  async close(): Promise<void> {
    await Promise.all(this.#entries.map(({ stubs }) => stubs.connection.close()));
  }

  async #closeAll(isOver: (entry: Entry) => boolean): Promise<void> {
    const over = this.#entries.filter(isOver);
    this.#entries = this.#entries.filter((entry) => !over.includes(entry));
    for (const { stubs } of over) await stubs.connection.close();
  }
}
