import { KodiakError } from './base/errors.ts';
import { literal, quoted } from './base/sqlText.ts';
import { type Effect, NO_EFFECT, TEMPORARY, tableOfSession } from './cache/effect.ts';
import type { Versions } from './cache/versions.ts';
import type { Connection } from './duckdb/connection.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import { GrowingRows } from './result/growingRows.ts';
import type { QueryResult } from './result/queryResult.ts';
import { changedName, nameProblem, namesSaid } from './sql/resultName.ts';
import type { Statement } from './sql/splitStatements.ts';
import type { Column } from './types.ts';

/** Results that one session may keep under names. */
const MAX_NAMES = 200;

interface NamedRows {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: GrowingRows<NativeChunk>;
  /** The temporary table with the rows is there. */
  made: boolean;
  /** `Versions.definitions` when no other table or view had the name. */
  checkedAt: number;
}

/** The session's side of its named results. */
export interface NamingSession {
  readonly id: number;
  readonly name: string;
  readonly connection: Connection;
  readonly inTransaction: boolean;
  /** The session's temporary objects have changed. */
  noteTable(name: string): void;
}

/**
 * Results of a session that later statements read by a name, as `FROM daily`. The stored rows are copied, as they are, into a
 * temporary table when a statement says the name for the first time: nothing is computed again, and a name that is never used costs
 * nothing. The table goes, and with it what could be old, when a run under the same name begins.
 */
export class NamedResults {
  readonly #session: NamingSession;
  readonly #versions: Versions;
  readonly #named = new Map<string, NamedRows>();
  /** Names that had rows before a run that gave them none, in lower case. */
  readonly #withdrawn = new Set<string>();
  /** Names that a statement has said, in lower case: views may have been made over them. */
  readonly #used = new Set<string>();
  /** Names whose table was made or dropped inside the open transaction, which may take that back. */
  readonly #unsettled = new Set<string>();

  constructor(session: NamingSession, versions: Versions) {
    this.#session = session;
    this.#versions = versions;
  }

  /** True when nothing on the connection belongs to a name. */
  get isEmpty(): boolean {
    return this.#named.size === 0 && this.#unsettled.size === 0;
  }

  has(name: string): boolean {
    return this.#named.has(name.toLowerCase());
  }

  /** Names that a statement reads, in lower case. */
  saidIn(statement: Statement, script: string): string[] {
    return this.#named.size === 0 ? [] : namesSaid(statement, script, (name) => this.#named.has(name));
  }

  /** Gives rows a name. Says why not where that would hide something or cannot be. */
  async put(name: string, result: QueryResult<NativeChunk>, signal: AbortSignal | undefined): Promise<string | undefined> {
    const key = name.toLowerCase();
    const problem = nameProblem(name) ?? this.#unfit(key, result);
    if (problem !== undefined) return `The result cannot be called "${name}": ${problem}.`;
    const other = await this.#otherOf(name);
    if (other !== undefined) return `The result cannot be called "${name}": that would hide the ${other}. Choose another name.`;
    const { rows } = result;
    if (!(rows instanceof GrowingRows)) return `The result cannot be called "${name}": it was not computed in this session.`;
    rows.retain();
    this.#named.set(key, { name, columns: result.columns, rows, made: false, checkedAt: this.#versions.definitions });
    this.#withdrawn.delete(key);
    const entry = this.#named.get(key);
    if (entry && this.#used.has(key)) await this.#make(entry, signal);
    return undefined;
  }

  /** The name has no rows any more. `again`: a run is about to give it new ones. */
  async withdraw(name: string, again: boolean): Promise<void> {
    const key = name.toLowerCase();
    const entry = this.#named.get(key);
    if (!again) this.#withdrawn.delete(key);
    if (!again) this.#used.delete(key);
    if (!entry) return;
    this.#named.delete(key);
    if (again) this.#withdrawn.add(key);
    entry.rows.release();
    if (entry.made) await this.#drop(entry.name);
  }

  /** Makes the tables that a statement reads. Rejects where a name means two things, or where the statement would change one. */
  async prepare(statement: Statement, script: string, signal: AbortSignal | undefined): Promise<void> {
    for (const key of this.saidIn(statement, script)) {
      const entry = this.#named.get(key);
      if (!entry) continue;
      if (changedName(statement, script) === key) {
        throw new KodiakError(
          'sql',
          `"${entry.name}" is the result of a cell, which can be read and not changed. Give the cell another name to use this one for a table.`,
          placeOf(statement, script, key),
        );
      }
      await this.#expectUnique(entry, statement, script);
      if (!entry.made) await this.#make(entry, signal);
    }
  }

  /** Says of a name that has no rows any more why that is so; other failures stay as they are. */
  explain(failure: KodiakError): KodiakError {
    const name = /Table with name (.+?) does not exist/.exec(failure.message)?.[1];
    if (name === undefined || !this.#withdrawn.has(name.toLowerCase())) return failure;
    return new KodiakError(
      'sql',
      `There is no result "${name}" now: the last run of the cell with that name failed, was stopped, or gave no rows. Run that cell again.`,
      { cause: failure, ...(failure.position && { position: failure.position }) },
    );
  }

  /** The open transaction has ended: what was made or dropped inside may be as before. */
  async transactionEnded(): Promise<void> {
    const names = [...this.#unsettled];
    this.#unsettled.clear();
    for (const name of names) {
      const entry = this.#named.get(name);
      if (entry) entry.made = false;
      await this.#drop(name);
    }
  }

  /** Lets go of all rows; the tables go with the connection. */
  release(): void {
    for (const { rows } of this.#named.values()) rows.release();
    this.#named.clear();
  }

  #unfit(key: string, { columns, truncated }: QueryResult<NativeChunk>): string | undefined {
    if (columns.length === 0) return 'the last statement gives no rows';
    if (truncated) return 'it was cut off at the row limit';
    return this.#named.size >= MAX_NAMES && !this.#named.has(key) ? `${MAX_NAMES} results have names already` : undefined;
  }

  async #make(entry: NamedRows, signal: AbortSignal | undefined): Promise<void> {
    const { connection } = this.#session;
    const names = uniqueNames(entry.columns.map(({ name }) => name));
    await this.#changing(entry.name, () =>
      entry.rows.withStored(signal, async (spool) => {
        const columnsOf = (types: readonly string[]) =>
          types.map((type, index) => `${quoted(names[index] ?? `column${index}`)} ${type}`).join(', ');
        await connection.fillTable(entry.name, (begin, append) => spool.scan((types) => begin(columnsOf(types)), append, signal));
      }),
    );
    entry.made = true;
    this.#used.add(entry.name.toLowerCase());
  }

  #drop(name: string): Promise<unknown> {
    return this.#changing(name, () => this.#session.connection.rows(`drop table if exists temp.main.${quoted(name)}`));
  }

  async #changing<T>(name: string, change: () => Promise<T>): Promise<T> {
    if (this.#session.inTransaction) this.#unsettled.add(name.toLowerCase());
    const table = tableOfSession({ catalog: TEMPORARY, schema: 'main', table: name.toLowerCase() }, this.#session.id);
    const written = tableOfSession({ catalog: TEMPORARY, schema: 'main', table: name }, this.#session.id);
    const effect: Effect = { ...NO_EFFECT, tables: [table, written], definitions: true };
    try {
      const author = { session: this.#session.name, origin: undefined, sql: `the result "${name}"` };
      return await this.#versions.around({ effect, author }, change);
    } finally {
      this.#session.noteTable(name);
    }
  }

  async #expectUnique(entry: NamedRows, statement: Statement, script: string): Promise<void> {
    if (entry.checkedAt === this.#versions.definitions) return;
    const other = await this.#otherOf(entry.name);
    if (other !== undefined) {
      throw new KodiakError(
        'sql',
        `"${entry.name}" is both the result of a cell and the ${other}. Write the latter with its database, or give the cell another name.`,
        placeOf(statement, script, entry.name.toLowerCase()),
      );
    }
    entry.checkedAt = this.#versions.definitions;
  }

  /** A table or view that the name would mean without the result, in words. */
  async #otherOf(name: string): Promise<string | undefined> {
    const isMade = this.#named.get(name.toLowerCase())?.made === true;
    const found = (kind: string, from: string, column: string) =>
      `select '${kind} ' || case when temporary then '' else database_name || '.' || schema_name || '.' end || ${column}, temporary, '${kind}' from ${from} ` +
      `where lower(${column}) = lower(${literal(name)}) and (temporary or (database_name = current_database() and list_contains(current_schemas(true), schema_name)))`;
    const sql = `${found('table', 'duckdb_tables()', 'table_name')} union all ${found('view', 'duckdb_views()', 'view_name')}`;
    const rows = await this.#session.connection.rows(sql);
    const others = rows.filter(([, temporary, kind]) => !(isMade && temporary === true && kind === 'table'));
    const [other] = others;
    if (!other) return undefined;
    return other[1] === true ? `temporary ${other[0]}` : String(other[0]);
  }
}

/** As DuckDB calls the columns of a table that is made from a query: names that repeat get a number. */
function uniqueNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 1; used.has(unique.toLowerCase()); number++) unique = `${name}_${number}`;
    used.add(unique.toLowerCase());
    return unique;
  });
}

function placeOf({ tokens, start, end }: Statement, script: string, name: string) {
  const token = tokens.find((other) => script.slice(other.start, other.end).replaceAll('"', '').toLowerCase() === name);
  const offset = token?.start ?? start;
  const before = script.slice(0, offset);
  const line = before.split('\n').length - 1;
  return { position: { offset, line, column: offset - (before.lastIndexOf('\n') + 1), length: (token?.end ?? end) - offset } };
}
