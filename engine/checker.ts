import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type ErrorPosition, KodiakError } from './base/errors.ts';
import type { Connection } from './duckdb/connection.ts';
import { ScriptStubs, type SessionNames } from './scriptStubs.ts';
import { EngineSession } from './session.ts';
import { closestNames } from './sql/closestNames.ts';
import { readDefinition, unquoted } from './sql/definition.ts';
import { maskDotCommands } from './sql/dotCommands.ts';
import { fileReads } from './sql/largeFiles.ts';
import type { Token } from './sql/lexer.ts';
import { judgePreparability, type PreparableFacts } from './sql/preparable.ts';
import { type Statement, splitStatements } from './sql/splitStatements.ts';
import type { Checker, CheckOptions, Column, Session } from './types.ts';

/** Answers that are kept, one per statement and state of the names around it. */
const MAX_ANSWERS = 20_000;
/** Longer statements are data, and are not checked. */
const MAX_STATEMENT_CHARACTERS = 256 * 1024;
/** Smaller files are read at each binding: it costs less than asking whether they changed. */
const LARGE_FILE_BYTES = 256 * 1024;
/** Columns that DuckDB adds to a file's own. */
const VIRTUAL_COLUMNS = /\b(?:filename|file_row_number|file_index|rowid)\b/i;

const FUNCTIONS = 'select distinct lower(function_name), function_type from duckdb_functions()';
const REMOTE_NAMES = `
  select lower(view_name) from duckdb_views() where not internal and contains(sql, '://')
  union all select lower(database_name) from duckdb_databases() where type <> 'duckdb'`;
const REMOTE_MACROS = "select lower(function_name) from duckdb_functions() where not internal and contains(macro_definition, '://')";
const TEMPORARY_COLUMNS =
  "select table_name, column_name, data_type from duckdb_columns() where database_name = 'temp' and not internal order by table_oid, column_index";
const TEMPORARY_OTHERS =
  "select lower(type_name) from duckdb_types() where database_name = 'temp' and not internal union all select lower(sequence_name) from duckdb_sequences() where database_name = 'temp'";
const TEMPORARY_MACROS = "select distinct lower(function_name) from duckdb_functions() where database_name = 'temp'";

export interface CheckerParts {
  /** A new connection that looks for relative paths in a folder. */
  connect(folder: string | undefined): Promise<Connection>;
  /** Counts of what may have changed names in the database so far. */
  readonly defined: { readonly tables: number; readonly functions: number };
  readonly onClosed: () => void;
}

/** What the answers depend on beside the texts. */
interface Surroundings {
  readonly key: string;
  readonly names: SessionNames | undefined;
  readonly cwd: string | undefined;
}

interface Answer {
  readonly error: KodiakError | undefined;
}

/**
 * Asks DuckDB about statements by PREPARE, on two connections of its own: one with stand-ins for what the script makes, and one that
 * sees only what is there. A statement is wrong when it is wrong on both.
 */
export class StatementChecker implements Checker {
  readonly #parts: CheckerParts;
  readonly #answers = new Map<string, Answer>();
  readonly #files = new Map<string, readonly Column[] | undefined>();
  readonly #names = new WeakMap<EngineSession, { readonly definitions: number; readonly names: SessionNames }>();
  #facts: { readonly tables: number; readonly functions: number; readonly value: PreparableFacts } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #plain: { readonly key: string; readonly stubs: ScriptStubs } | undefined;
  #stubbed: { readonly key: string; readonly stubs: ScriptStubs; readonly applied: string[] } | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
  }

  check(cells: readonly string[], options: CheckOptions = {}): Promise<readonly (readonly KodiakError[])[]> {
    const turn = this.#queue.then(() => this.#check(cells, options));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#plain?.stubs.connection.close(), this.#stubbed?.stubs.connection.close()]);
    await this.#queue;
    await Promise.all([this.#plain?.stubs.connection.close(), this.#stubbed?.stubs.connection.close()]);
    this.#parts.onClosed();
  }

  async #check(cells: readonly string[], { session, cwd, signal }: CheckOptions): Promise<KodiakError[][]> {
    const found: KodiakError[][] = cells.map(() => []);
    if (this.#closed !== undefined) return found;
    const names = await this.#readNames(session);
    const { tables, functions } = this.#parts.defined;
    const around: Surroundings = { key: JSON.stringify([tables, functions, cwd, names ?? null]), names, cwd };
    const facts = await this.#readFacts(await this.#openPlain(around));
    const chain: { readonly statement: Statement; readonly script: string; readonly mayBind: boolean }[] = [];
    const made = new Set<string>();
    const copied = new Set<string>();
    let prefix = around.key;
    for (const [cell, text] of cells.entries()) {
      const script = maskDotCommands(text);
      for (const statement of splitStatements(script)) {
        if (signal?.aborted || this.#closed !== undefined) return found;
        if (statement.text.length > MAX_STATEMENT_CHARACTERS) continue;
        const known = { ...facts, functions: made.size === 0 ? facts.functions : new Set([...facts.functions, ...made]) };
        const { ask, unknownFunction } = judgePreparability(statement, script, known);
        const key = `${prefix}\n${stamps(statement, script, cwd)}\n${statement.text}`;
        let answer = this.#answers.get(key);
        if (!answer) {
          const stubs = await this.#openStubbed(around, chain);
          const asked = { statement, script, ask, cwd };
          let error = ask === 'nothing' ? undefined : await this.#ask(asked, stubs, (await this.#openPlain(around)).connection);
          if (!error && unknownFunction && !stubs.isVague && !mentions(statement, script, stubs.uncertain)) {
            error = unknownFunctionError(unquoted(unknownFunction, script), known.functions);
          }
          answer = { error: error && placed(error, statement, text) };
          this.#keep(key, answer);
        }
        const isMissingFile = answer.error?.message.startsWith('IO Error') && literals(statement, script).some((path) => copied.has(path));
        if (/^copy\b/i.test(statement.text)) for (const path of literals(statement, script)) copied.add(path);
        if (answer.error && !isMissingFile) found[cell]?.push(moved(answer.error, statement, text));
        if (ScriptStubs.changesNames(statement, script)) {
          chain.push({ statement, script, mayBind: ask === 'prepare' });
          prefix = `${prefix}\n;${statement.text}`;
          const definition = readDefinition(statement, script);
          if (definition?.kind === 'macro') made.add(definition.name.toLowerCase());
        }
      }
    }
    return found;
  }

  /** An error's position is relative to the statement, so that the answer holds wherever the statement moves. */
  async #ask(
    {
      statement,
      script,
      ask,
      cwd,
    }: { statement: Statement; script: string; ask: 'prepare' | 'parse' | 'nothing'; cwd: string | undefined },
    stubs: ScriptStubs,
    plain: Connection,
  ): Promise<KodiakError | undefined> {
    const original = { text: statement.text, script: statement.text, toScript: (offset: number) => offset };
    const origin = ask === 'prepare' ? ((await this.#withoutLargeFiles(statement, script, cwd, plain)) ?? original) : original;
    let error = await stubs.connection.check(origin, ask === 'prepare');
    if (error && origin !== original && VIRTUAL_COLUMNS.test(statement.text)) error = await stubs.connection.check(original, true);
    if (error?.code !== 'sql') return undefined;
    if (isCertain(error)) return error;
    if (ask !== 'prepare' || stubs.isVague || isBeyondKnowing(error)) return undefined;
    if (mentions(statement, script, stubs.uncertain) || mentionsQualified(statement, script, stubs.names)) return undefined;
    if (mentions(statement, script, stubs.names) && !(await plain.check(origin, true))) return undefined;
    return error;
  }

  /** The statement with large files replaced by empty sources of the same columns, which were read once per state of the file. */
  async #withoutLargeFiles(statement: Statement, script: string, cwd: string | undefined, plain: Connection) {
    const pieces: { readonly from: number; readonly to: number; readonly text: string }[] = [];
    for (const read of fileReads(statement, script)) {
      const stamp = largeFileStamp(read.path, cwd);
      if (stamp === undefined) continue;
      const key = `${stamp}\n${read.source}`;
      if (!this.#files.has(key)) this.#files.set(key, await plain.describe(`from ${read.source}`));
      const columns = this.#files.get(key);
      if (!columns) continue;
      const list = columns.map(({ name, type }) => `null::${type} as "${name.replaceAll('"', '""')}"`).join(', ');
      const alias = read.alias === undefined ? '' : ` as "${read.alias.replaceAll('"', '""')}"`;
      pieces.push({ from: read.start - statement.start, to: read.end - statement.start, text: `(select ${list})${alias}` });
    }
    if (pieces.length === 0) return undefined;
    let text = '';
    let at = 0;
    const shifts: { readonly from: number; readonly to: number; readonly original: number; readonly originalEnd: number }[] = [];
    for (const piece of pieces) {
      text += statement.text.slice(at, piece.from);
      shifts.push({ from: text.length, to: text.length + piece.text.length, original: piece.from, originalEnd: piece.to });
      text += piece.text;
      at = piece.to;
    }
    text += statement.text.slice(at);
    const toScript = (offset: number) => {
      const before = shifts.findLast(({ from }) => from <= offset);
      if (!before) return offset;
      return offset < before.to ? before.original : before.originalEnd + offset - before.to;
    };
    return { text, script: statement.text, toScript };
  }

  async #openPlain(around: Surroundings): Promise<ScriptStubs> {
    if (this.#plain?.key === around.key) return this.#plain.stubs;
    await this.#plain?.stubs.connection.close();
    this.#plain = { key: around.key, stubs: await this.#openStubs(around) };
    return this.#plain.stubs;
  }

  /** The connection on which exactly the chain's statements have their stand-ins. */
  async #openStubbed(
    around: Surroundings,
    chain: readonly { readonly statement: Statement; readonly script: string; readonly mayBind: boolean }[],
  ): Promise<ScriptStubs> {
    const fits =
      this.#stubbed?.key === around.key &&
      this.#stubbed.applied.length <= chain.length &&
      this.#stubbed.applied.every((text, index) => text === chain[index]?.statement.text);
    let stubbed = fits ? this.#stubbed : undefined;
    if (!stubbed) {
      await this.#stubbed?.stubs.connection.close();
      stubbed = { key: around.key, stubs: await this.#openStubs(around), applied: [] };
      this.#stubbed = stubbed;
    }
    const { stubs, applied } = stubbed;
    for (const { statement, script, mayBind } of chain.slice(applied.length)) {
      await stubs.apply(statement, script, mayBind);
      applied.push(statement.text);
    }
    return stubs;
  }

  async #openStubs({ names, cwd }: Surroundings): Promise<ScriptStubs> {
    const stubs = new ScriptStubs(await this.#parts.connect(cwd));
    if (names) await stubs.mirror(names);
    else stubs.isVague = true;
    return stubs;
  }

  /** What a session sees for itself; `undefined` while that cannot be told: in a transaction, or as long as its first statements run. */
  async #readNames(session: Session | undefined): Promise<SessionNames | undefined> {
    if (!(session instanceof EngineSession)) return { searchPath: '', tables: [], others: [] };
    if (session.inTransaction) return undefined;
    const known = this.#names.get(session);
    const { definitions } = session;
    if (known?.definitions === definitions) return known.names;
    if (!session.idle) return undefined;
    const read = (sql: string) => session.connection.rows(sql);
    try {
      const [path] = await read("select current_setting('search_path')");
      const tables = new Map<string, Column[]>();
      for (const [table, name, type] of await read(TEMPORARY_COLUMNS)) {
        const columns = tables.get(String(table)) ?? [];
        columns.push({ name: String(name), type: String(type) });
        tables.set(String(table), columns);
      }
      const others = await read(TEMPORARY_OTHERS);
      if (session.hasMacros) others.push(...(await read(TEMPORARY_MACROS)));
      const names: SessionNames = {
        searchPath: String(path?.[0] ?? ''),
        tables: [...tables].map(([name, columns]) => ({ name, columns })),
        others: others.map(([name]) => String(name)).sort(),
      };
      this.#names.set(session, { definitions, names });
      return names;
    } catch {
      return undefined;
    }
  }

  async #readFacts({ connection }: ScriptStubs): Promise<PreparableFacts> {
    const { tables, functions } = this.#parts.defined;
    if (this.#facts?.tables === tables && this.#facts.functions === functions) return this.#facts.value;
    const sameFunctions = this.#facts?.functions === functions ? this.#facts.value : undefined;
    const rows = sameFunctions ? [] : await connection.rows(FUNCTIONS);
    const remote = await connection.rows(REMOTE_NAMES);
    const remoteMacros = sameFunctions ? [] : await connection.rows(REMOTE_MACROS);
    const ofKinds = (...kinds: readonly string[]) =>
      new Set(rows.filter(([, kind]) => kinds.includes(String(kind))).map(([name]) => String(name)));
    const value: PreparableFacts = {
      functions: sameFunctions?.functions ?? ofKinds('scalar', 'aggregate', 'macro'),
      tableMacros: sameFunctions?.tableMacros ?? ofKinds('table_macro'),
      remote: new Set([...remote, ...remoteMacros].map(([name]) => String(name))),
    };
    this.#facts = { tables, functions, value };
    return value;
  }

  #keep(key: string, answer: Answer): void {
    this.#answers.set(key, answer);
    if (this.#answers.size <= MAX_ANSWERS) return;
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}

/** Wrong whatever names mean. */
function isCertain(error: KodiakError): boolean {
  return /^Parser Error/.test(error.message);
}

/** Depends on parameters, files, prepared statements or extensions, or is what DuckDB has not built. */
function isBeyondKnowing(error: KodiakError): boolean {
  return (
    /^(?:Not implemented|Invalid Input|Parameter Not Allowed|HTTP|Missing Extension|Permission|Dependency|TransactionContext|Settings) Error/i.test(
      error.message,
    ) || /parameter|prepared statement|extension|read-only|across different schemas or catalogs/i.test(error.message.split('\n')[0] ?? '')
  );
}

function mentions(statement: Statement, script: string, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  return statement.tokens.some((token) => isNameToken(token.kind) && names.has(unquoted(token, script).toLowerCase()));
}

function mentionsQualified(statement: Statement, script: string, names: ReadonlySet<string>): boolean {
  const { tokens } = statement;
  return tokens.some((token, index) => {
    const before = tokens[index - 1];
    if (!isNameToken(token.kind) || !before || script.slice(before.start, before.end) !== '.') return false;
    return names.has(unquoted(token, script).toLowerCase());
  });
}

function isNameToken(kind: string): boolean {
  return kind === 'word' || kind === 'quotedName';
}

/** Gives an error without a place one: where the name in its message stands, or the statement's first word. */
function placed(error: KodiakError, statement: Statement, text: string): KodiakError {
  const inner = error.position;
  if (inner) return error;
  const names = [
    ...error.message.matchAll(/column (?:named|with name) "([^"]+)"/g),
    ...error.message.matchAll(/"((?:[^"]|"")+)"|with name (\S+) does|update column (\S+) not|field '([^']+)'|table (\S+) has/g),
  ]
    .flatMap((match) => match.slice(1))
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase());
  const standsFor = (token: Token, name: string) => {
    const written = token.kind === 'string' ? text.slice(token.start + 1, token.end - 1) : unquoted(token, text);
    if (token.kind === 'string') return written !== '' && name.endsWith(written.toLowerCase());
    return written.toLowerCase() === (name.split('.').at(-1) ?? name);
  };
  const candidates = names.flatMap((name) => statement.tokens.filter((token) => standsFor(token, name)));
  const token = candidates[0] ?? statement.tokens[0];
  const start = token ? token.start - statement.start : 0;
  return withPosition(error, { offset: start, line: 0, column: 0, length: token ? token.end - token.start : 1 });
}

/** The error with its position in the cell. The piece that it is about becomes its range. */
function moved(error: KodiakError, statement: Statement, text: string): KodiakError {
  const inner = error.position as ErrorPosition;
  let offset = Math.min(statement.start + inner.offset, statement.end);
  const whole = statement.tokens.find(({ start, kind }) => start === offset && kind !== 'word' && kind !== 'quotedName');
  // A quote that is not closed takes the rest of the text; its line is enough.
  let length = whole ? (text.slice(whole.start, whole.end).split(/[\r\n]/, 1)[0]?.length ?? 1) : inner.length;
  const range = text.slice(offset, offset + length);
  const name = /(?:does not have a column named|does not have a column with name|Referenced column|with name) "?([^"\s]+)"?/.exec(
    error.message,
  )?.[1];
  const at = name === undefined ? -1 : range.toLowerCase().lastIndexOf(name.toLowerCase());
  if (at > 0 && /[."]/.test(range.charAt(at - 1)) && at + (name?.length ?? 0) >= range.replace(/"$/, '').length) {
    offset += at;
    length = name?.length ?? length;
  }
  // At the end of the input there is nothing to mark: the last token is.
  if (offset >= statement.end) {
    const last = statement.tokens.at(-1);
    if (last) [offset, length] = [last.start, last.end - last.start];
  }
  const before = text.slice(0, offset);
  const line = before.split(/\r\n|\r|\n/).length - 1;
  const column = offset - (Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
  return withPosition(error, { offset, line, column, length });
}

function withPosition(error: KodiakError, position: ErrorPosition): KodiakError {
  return new KodiakError(error.code, error.message, { position, candidates: error.candidates, cause: error.cause });
}

function unknownFunctionError(name: string, functions: ReadonlySet<string>): KodiakError {
  const candidates = closestNames(
    name.toLowerCase(),
    [...functions].filter((known) => /^[a-z]/.test(known)),
  );
  const hint = candidates[0] === undefined ? '' : `\nDid you mean "${candidates[0]}"?`;
  return new KodiakError('sql', `Catalog Error: Scalar Function with name ${name} does not exist!${hint}`, { candidates });
}

function literals(statement: Statement, script: string): string[] {
  return statement.tokens.filter(({ kind }) => kind === 'string').map((token) => script.slice(token.start + 1, token.end - 1));
}

/** Times and sizes of the files that a statement may name. */
function stamps(statement: Statement, script: string, cwd: string | undefined): string {
  let stamp = '';
  for (const token of statement.tokens) {
    if (token.kind !== 'string') continue;
    const path = script.slice(token.start + 1, token.end - 1);
    if (/\.\w+$/.test(path) && !path.includes('://')) stamp += `${fileStamp(path, cwd)} `;
  }
  return stamp;
}

function largeFileStamp(path: string, cwd: string | undefined): string | undefined {
  const stats = statSync(absolute(path, cwd), { throwIfNoEntry: false });
  return stats?.isFile() && stats.size >= LARGE_FILE_BYTES ? fileStamp(path, cwd) : undefined;
}

function fileStamp(path: string, cwd: string | undefined): string {
  try {
    const stats = statSync(absolute(path, cwd), { throwIfNoEntry: false });
    return stats ? `${absolute(path, cwd)}:${stats.mtimeMs}:${stats.size}` : 'none';
  } catch {
    return 'none';
  }
}

function absolute(path: string, cwd: string | undefined): string {
  return isAbsolute(path) || cwd === undefined ? path : join(cwd, path);
}
