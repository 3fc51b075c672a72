import { KodiakError } from '../base/errors.ts';
import { literal, quoted } from '../base/sqlText.ts';
import type { Connection } from '../duckdb/connection.ts';
import { attachedName } from '../sql/attachedName.ts';
import { type Definition, readDefinition, readTarget, unquoted } from '../sql/definition.ts';
import type { Token } from '../sql/lexer.ts';
import type { Statement } from '../sql/splitStatements.ts';
import type { SessionNames } from './sessionNames.ts';

/** First words of statements that may make names known that nothing here can know. */
const OPAQUE = new Set(['import', 'call', 'pragma', 'rollback', 'abort']);
/** Those of which it is known what they may make. */
const KNOWN = new Set(['create', 'drop', 'alter', 'use', 'set', 'reset', 'attach', 'detach', 'load', 'install']);

/** Pragmas and functions to CALL that only look or switch something. */
const LOOKING =
  /^(?:pragma_\w+|duckdb_\w+|table_info|show\w*|database_list|database_size|version|platform|collations|functions|storage_info|metadata_info|user_agent|(?:en|dis)able_\w+|verify_\w+|force_checkpoint)$/;

/**
 * Empty stand-ins, on one connection, for what statements would make that have not run: temporary tables, views, macros, types and
 * sequences. Only temporary objects of this connection are ever made, altered or dropped.
 */
export class ScriptStubs {
  readonly connection: Connection;
  /** Names that stand-ins have, in lower case. */
  readonly names = new Set<string>();
  /** Names of which it is not known what they mean, in lower case. */
  readonly uncertain = new Set<string>();
  /** True when any unknown name may be known once the script has run. */
  isVague = false;
  /** True when extensions were loaded: functions and types may then be known that are not here. */
  hasExtensions = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Makes the names of a session known. */
  async mirror(session: SessionNames): Promise<void> {
    if (session.searchPath !== '' && !(await this.#tried(`set search_path = ${literal(session.searchPath)}`))) this.isVague = true;
    for (const { name, columns } of session.tables) {
      const list = columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ');
      if (!(await this.#tried(`create or replace temp table temp.main.${quoted(name)} (${list})`))) this.uncertain.add(name.toLowerCase());
    }
    for (const name of session.others) this.uncertain.add(name);
  }

  /** True for a statement after which names may mean something else. */
  static changesNames(statement: Statement, script: string): boolean {
    const word = firstWord(statement, script);
    return KNOWN.has(word) || OPAQUE.has(word);
  }

  /** Lets later statements see what this one would make. `mayBind` tells that it may be given to DuckDB at all. */
  async apply(statement: Statement, script: string, mayBind: boolean): Promise<void> {
    const word = firstWord(statement, script);
    if (word === 'create') {
      const definition = readDefinition(statement, script);
      if (definition) await this.#create(statement, script, definition, mayBind);
      else this.isVague = true;
    } else if (word === 'drop' || word === 'alter') {
      await this.#change(statement, script, word, mayBind);
    } else if (word === 'use') {
      // One that certainly fails chooses nothing.
      const isUnknown = statement.tokens.slice(1).some((token) => this.uncertain.has(unquoted(token, script).toLowerCase()));
      if (!(await this.#tried(statement.text)) && isUnknown) this.isVague = true;
    } else if (word === 'set' || word === 'reset') {
      // Only these settings change what names mean.
      if (statement.tokens.some((token) => /^(?:schema|search_path|file_search_path)$/i.test(script.slice(token.start, token.end))))
        this.isVague = true;
    } else if (word === 'attach' || word === 'detach') {
      const name = attachedName(statement, script);
      if (name === undefined) this.isVague = true;
      else this.uncertain.add(name);
      this.hasExtensions ||= word === 'attach';
    } else if (word === 'load' || word === 'install') {
      this.hasExtensions = true;
    } else if (OPAQUE.has(word) && !isHarmless(statement, script, word)) {
      this.isVague = true;
    }
  }

  async #create(statement: Statement, script: string, definition: Definition, mayBind: boolean): Promise<void> {
    const { kind, name, qualifiers } = definition;
    const key = name.toLowerCase();
    if (kind === 'schema' || kind === 'index' || kind === 'secret' || kind === 'trigger') {
      this.uncertain.add(key);
      return;
    }
    const rest = script.slice(definition.end, statement.end);
    const made = mayBind && (await this.#tried(stubText(kind, name, rest)));
    if (!made || qualifiers > 0) this.uncertain.add(key);
    else this.uncertain.delete(key);
    if (made) this.names.add(key);
  }

  /** What DuckDB has against altering the table, as far as a stand-in of it tells. The stand-in is gone afterwards. */
  async tryAlter(statement: Statement, script: string): Promise<KodiakError | undefined> {
    const target = readTarget(statement, script);
    if (!target || !/^alter\s+table\b/i.test(statement.text)) return undefined;
    const { name, token } = target;
    const written = script.slice(
      (statement.tokens.find((other) => isQualified(other, token, statement, script)) ?? token).start,
      token.end,
    );
    const copy = quoted(`${name} altered`);
    if (!(await this.#tried(`create temp table temp.main.${copy} as from ${written} with no data`))) return undefined;
    try {
      const text = `alter table temp.main.${copy}${script.slice(token.end, statement.end)}`;
      await this.connection.rows(text);
      return undefined;
    } catch (thrown) {
      return thrown instanceof KodiakError
        ? new KodiakError(thrown.code, thrown.message.replaceAll(`${name} altered`, name), { candidates: thrown.candidates })
        : undefined;
    } finally {
      await this.#tried(`drop table if exists temp.main.${copy}`);
      const renamed = renamedTo(statement, script);
      if (renamed !== undefined && !this.names.has(renamed)) await this.#tried(`drop table if exists temp.main.${quoted(renamed)}`);
    }
  }

  async #change(statement: Statement, script: string, word: string, mayBind: boolean): Promise<void> {
    const target = readTarget(statement, script);
    if (!target) return;
    const { name, token } = target;
    const key = name.toLowerCase();
    if (word === 'drop') {
      for (const kind of ['table', 'view', 'macro', 'macro table', 'type', 'sequence']) {
        if (this.names.has(key)) await this.#tried(`drop ${kind} if exists temp.main.${quoted(name)}`);
      }
      this.names.delete(key);
      return;
    }
    const known =
      this.names.has(key) || (await this.#tried(`create temp table temp.main.${quoted(name)} as from ${quoted(name)} with no data`));
    const altered = `alter table temp.main.${quoted(name)}${script.slice(token.end, statement.end)}`;
    const done = mayBind && known && /^alter\s+table/i.test(statement.text) && (await this.#tried(altered));
    if (known) this.names.add(key);
    if (!done) this.uncertain.add(key);
    const renamed = renamedTo(statement, script);
    if (renamed !== undefined) (done ? this.names : this.uncertain).add(renamed);
  }

  async #tried(sql: string): Promise<boolean> {
    try {
      await this.connection.rows(sql);
      return true;
    } catch {
      return false;
    }
  }
}

/** A statement that makes the same as a temporary object without rows. */
function stubText(kind: Definition['kind'], name: string, rest: string): string {
  const head = `create or replace temp ${kind} ${quoted(name)}`;
  if (kind !== 'table') return head + rest;
  // A table's `AS` comes first, or after its list of column names.
  if (/^\s*(?:\([^()]*\)\s*)?as\b/i.test(rest)) return `${head}${rest.replace(/\bwith\s+(?:no\s+)?data\s*$/i, '')}\nwith no data`;
  return head + withoutForeignKeys(rest);
}

/** A temporary table cannot refer to another database's. */
function withoutForeignKeys(rest: string): string {
  if (!/\breferences\b/i.test(rest)) return rest;
  return rest
    .replace(/(?:constraint\s+\S+\s+)?\bforeign\s+key\s*\([^()]*\)\s*references\s+[^\s(),]+\s*(?:\([^()]*\))?/gi, 'check (true)')
    .replace(/\breferences\s+[^\s(),]+\s*(?:\([^()]*\))?/gi, '');
}

/** True for the first token of the dotted name that ends with another. */
function isQualified(first: Token, last: Token, { tokens }: Statement, script: string): boolean {
  const from = tokens.indexOf(first);
  const to = tokens.indexOf(last);
  if (from > to || (to - from) % 2 !== 0) return false;
  for (let at = from + 1; at < to; at += 2) if (script.slice(tokens[at]?.start, tokens[at]?.end) !== '.') return false;
  return true;
}

function renamedTo(statement: Statement, script: string): string | undefined {
  const { tokens } = statement;
  const word = (index: number) => script.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0).toLowerCase();
  for (const [index, token] of tokens.entries()) {
    if (word(index - 2) === 'rename' && word(index - 1) === 'to') return unquoted(token, script).toLowerCase();
  }
  return undefined;
}

/** Whether a PRAGMA or CALL, which could do anything, only looks or switches something. */
function isHarmless(statement: Statement, script: string, word: string): boolean {
  if (word !== 'pragma' && word !== 'call') return false;
  const name = lowerAt(statement, script, 1);
  const isSetting = word === 'pragma' && lowerAt(statement, script, 2) === '=';
  return isSetting ? !/schema|search_path/.test(name) : LOOKING.test(name);
}

function lowerAt({ tokens }: Statement, script: string, index: number): string {
  const token = tokens[index];
  return token ? unquoted(token, script).toLowerCase() : '';
}

function firstWord(statement: Statement, script: string): string {
  const first = statement.tokens[0];
  return first ? script.slice(first.start, first.end).toLowerCase() : '';
}
