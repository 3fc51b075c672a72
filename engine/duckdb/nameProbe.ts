import type { KodiakError } from '../base/errors.ts';
import { literal, quoted } from '../base/sqlText.ts';
import type { Connection } from './connection.ts';
import { Database } from './database.ts';

export type ProbedKind = 'scalar' | 'table' | 'setting' | 'pragma';

const MEMORY_BYTES = 64 * 1024 * 1024;

/** How DuckDB is asked about a name of each kind. None of these acts, and none is executed. */
const QUESTIONS: Readonly<Record<ProbedKind, (name: string) => string>> = {
  scalar: (name) => `select ${quoted(name)}()`,
  table: (name) => `from ${quoted(name)}()`,
  setting: (name) => `select current_setting(${literal(name)})`,
  pragma: (name) => `pragma ${quoted(name)}`,
};

/**
 * A DuckDB of its own, in memory, that never loads an extension: it tells whether a name exists nowhere, or in which extension.
 * Opened at the first question. A working database could not be asked: it would try to download the extension.
 */
export class NameProbe {
  readonly #answers = new Map<string, Promise<KodiakError | undefined>>();
  readonly #temporaryFolder: string;
  #opening: Promise<{ readonly database: Database; readonly connection: Connection }> | undefined;

  constructor(temporaryFolder: string) {
    this.#temporaryFolder = temporaryFolder;
  }

  /**
   * What is wrong with a name: it does not exist, or it belongs to an extension that DuckDB does not load by itself. `undefined` for
   * all else, names that DuckDB would find by loading an extension included.
   */
  ask(kind: ProbedKind, name: string): Promise<KodiakError | undefined> {
    const key = `${kind} ${name.toLowerCase()}`;
    const known = this.#answers.get(key) ?? this.#ask(kind, name).catch(() => undefined);
    this.#answers.set(key, known);
    return known;
  }

  async close(): Promise<void> {
    const open = await this.#opening?.catch(() => undefined);
    await open?.connection.close();
    open?.database.close();
  }

  async #ask(kind: ProbedKind, name: string): Promise<KodiakError | undefined> {
    this.#opening ??= this.#open();
    const { connection } = await this.#opening;
    const text = QUESTIONS[kind](name);
    const error = await connection.check({ text, script: text, toScript: (offset) => offset }, true);
    // A pragma may stand for a statement that has troubles of its own.
    if (!error?.message.split('\n', 1)[0]?.toLowerCase().includes(name.toLowerCase())) return undefined;
    if (kind === 'pragma' && !error.message.includes('Pragma Function with name')) return undefined;
    if (/does not exist|unrecognized configuration parameter/.test(error.message)) return error;
    return /exists in the \S+ extension/.test(error.message) && !/auto-load/.test(error.message) ? error : undefined;
  }

  async #open() {
    const database = await Database.open({
      database: ':memory:',
      readOnly: false,
      threads: 1,
      memoryLimitBytes: MEMORY_BYTES,
      temporaryFolder: this.#temporaryFolder,
    });
    const connection = await database.connect();
    await connection.rows('set autoload_known_extensions = false');
    await connection.rows('set autoinstall_known_extensions = false');
    return { database, connection };
  }
}
