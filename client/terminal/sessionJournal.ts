import { attachedName } from '../../engine/sql/attachedName.ts';
import { setVariableName } from '../../engine/sql/namedParameters.ts';
import { settingName } from '../../engine/sql/settingName.ts';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';
import { classifyStatement, transactionStep } from '../../engine/sql/statementClass.ts';

/** Something of a session: `sql` makes it again on another server, where that is safe; without it, it is lost with the server. */
interface Kept {
  /** As people call it: `temporary table mine`. */
  readonly name: string;
  readonly sql?: string;
  /** It is gone when the transaction that made it is rolled back. */
  readonly transactional: boolean;
}

const CREATED = new Set(['table', 'view', 'macro', 'function', 'type', 'sequence', 'secret']);
const BEFORE_NAME = new Set(['if', 'not', 'exists']);

/**
 * What a terminal's session has of its own at its server, from the statements that ran: settings, USE, variables, attached databases,
 * extensions, prepared statements and temporary definitions, which another server can be given, and temporary tables and an open
 * transaction, which it cannot.
 */
export class SessionJournal {
  readonly #inMemory: boolean;
  readonly #kept = new Map<string, Kept>();
  /** What was there before the open transaction. */
  #before: Map<string, Kept> | undefined;
  #inTransaction = false;
  #hasRun = false;

  constructor(inMemory: boolean) {
    this.#inMemory = inMemory;
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** One statement has ended. `inTransaction` is what the server said of the session afterwards. */
  ran(sql: string, ok: boolean, inTransaction: boolean): void {
    const [statement] = splitStatements(sql);
    if (!statement) return;
    if (ok && ['change', 'other'].includes(classifyStatement(statement, sql))) this.#hasRun = true;
    const rolledBack = transactionStep(statement, sql) === 'end' && (!ok || /^(?:rollback|abort)\b/i.test(statement.text));
    if (!this.#inTransaction && inTransaction) this.#before = new Map(this.#kept);
    if (ok) this.#note(statement, sql);
    if (this.#inTransaction && !inTransaction) this.#ended(!rolledBack);
    this.#inTransaction = inTransaction;
  }

  /** Statements that make again what can be made again, in their order, each with what it makes. */
  restorable(): { readonly name: string; readonly sql: string }[] {
    return [...(this.#before ?? this.#kept).values()].flatMap(({ name, sql }) => (sql === undefined ? [] : [{ name, sql }]));
  }

  /** What is lost with the server, as people call it. */
  lost(): string[] {
    const lost = [...(this.#before ?? this.#kept).values()].flatMap(({ name, sql }) => (sql === undefined ? [name] : []));
    if (this.#inTransaction) lost.unshift('the open transaction');
    if (this.#inMemory && this.#hasRun) lost.push('everything that was in memory');
    return lost;
  }

  /** The server is gone: what cannot be made again is no part of the session any more. */
  forgetLost(): void {
    if (this.#inTransaction) this.#ended(false);
    for (const [key, { sql }] of this.#kept) if (sql === undefined) this.#kept.delete(key);
    this.#inTransaction = false;
    this.#hasRun = false;
  }

  /** The session was ended, and another one begins: nothing of it is to be made again. */
  sessionEnded(): void {
    this.#kept.clear();
    this.#before = undefined;
    this.#inTransaction = false;
  }

  /** It could not be made again. */
  forget(name: string): void {
    for (const [key, kept] of this.#kept) if (kept.name === name) this.#kept.delete(key);
  }

  #ended(committed: boolean): void {
    const before = this.#before;
    this.#before = undefined;
    if (committed || !before) return;
    for (const [key, { transactional }] of this.#kept) if (transactional && !before.has(key)) this.#kept.delete(key);
    for (const [key, kept] of before) if (kept.transactional && !this.#kept.has(key)) this.#kept.set(key, kept);
  }

  #keep(key: string, name: string, sql: string | undefined, transactional = false): void {
    // The last of a kind counts, and comes after all that it may need.
    this.#kept.delete(key);
    this.#kept.set(key, { name, transactional, ...(sql !== undefined && { sql }) });
  }

  #note(statement: Statement, script: string): void {
    const words = statement.tokens.map(({ start, end }) => script.slice(start, end));
    const word = (index: number) => words[index]?.toLowerCase() ?? '';
    const sql = statement.text;
    switch (word(0)) {
      case 'set':
      case 'reset':
      case 'pragma':
        this.#noteSetting(statement, script, words);
        break;
      case 'use':
        this.#keep('use', `USE ${words.slice(1).join('')}`, sql);
        break;
      case 'load':
        this.#keep(`load ${word(1)}`, `LOAD ${words[1]}`, sql);
        break;
      case 'attach': {
        const name = attachedName(statement, script) ?? words[1] ?? '';
        this.#keep(`attach ${name}`, `ATTACH ${name}`, sql);
        if (/^attach\b[^']*'(?::memory:)?'/i.test(sql))
          this.#keep(`content ${name}`, `what was in the database ${name} in memory`, undefined);
        break;
      }
      case 'detach':
        for (const kind of ['attach', 'content']) this.#kept.delete(`${kind} ${attachedName(statement, script)}`);
        break;
      case 'prepare':
        this.#keep(`prepare ${word(1)}`, `prepared statement ${words[1]}`, sql);
        break;
      case 'deallocate':
        this.#kept.delete(`prepare ${word(1) === 'prepare' ? word(2) : word(1)}`);
        break;
      case 'create':
      case 'drop':
        this.#noteObject(words, sql);
        break;
    }
  }

  #noteSetting(statement: Statement, script: string, words: readonly string[]): void {
    const word = (index: number) => words[index]?.toLowerCase() ?? '';
    const isReset = word(0) === 'reset';
    if (word(1) === 'variable') {
      const name = isReset ? words[2] : setVariableName(statement, script);
      const key = `variable ${name?.toLowerCase()}`;
      if (isReset) this.#kept.delete(key);
      // What was computed could be another value now.
      else this.#keep(key, `variable ${name}`, isLiteral(statement, words.slice(4)) ? statement.text : undefined);
      return;
    }
    const setting = settingName(statement, script);
    if (setting?.kind !== 'setting') return;
    const name = script.slice(setting.token.start, setting.token.end);
    if (isReset) this.#kept.delete(`set ${name.toLowerCase()}`);
    else this.#keep(`set ${name.toLowerCase()}`, `SET ${name}`, statement.text);
  }

  #noteObject(words: readonly string[], sql: string): void {
    const kindAt = words.slice(0, 6).findIndex((word) => CREATED.has(word.toLowerCase()));
    const kind = words[kindAt]?.toLowerCase();
    if (kind === undefined) return;
    let at = kindAt + 1;
    while (BEFORE_NAME.has(words[at]?.toLowerCase() ?? '')) at++;
    while (words[at + 1] === '.') at += 2;
    const name = words[at] ?? '';
    const key = `${kind === 'function' ? 'macro' : kind} ${name.replaceAll('"', '').toLowerCase()}`;
    if (words[0]?.toLowerCase() === 'drop') {
      this.#kept.delete(key);
      return;
    }
    const before = words.slice(1, at).map((word) => word.toLowerCase());
    const isTemporary = before.some((word) => word === 'temp' || word === 'temporary');
    if (kind === 'secret') {
      if (!before.includes('persistent')) this.#keep(key, `secret ${name}`, sql);
      return;
    }
    if (isTemporary) this.#keep(key, `temporary ${kind} ${name}`, kind === 'table' || kind === 'sequence' ? undefined : sql, true);
  }
}

/** Whether a value is written as it is: nothing is computed, asked or looked up. */
function isLiteral({ tokens }: Statement, value: readonly string[]): boolean {
  const kinds = tokens.slice(-value.length).map(({ kind }) => kind);
  return (
    value.length > 0 && kinds.every((kind, at) => kind !== 'word' || /^(?:true|false|null|date|timestamp|interval)$/i.test(value[at] ?? ''))
  );
}
