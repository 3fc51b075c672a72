import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type ErrorPosition, isSyntaxError, KodiakError } from './base/errors.ts';
import { literal, quoted } from './base/sqlText.ts';
import type { Connection } from './duckdb/connection.ts';
import type { ProbedKind } from './duckdb/nameProbe.ts';
import { ScriptStubs, type SessionNames } from './scriptStubs.ts';
import { EngineSession } from './session.ts';
import { closestNames } from './sql/closestNames.ts';
import { DefinedTwice } from './sql/definedTwice.ts';
import { type Definition, readDefinition, unquoted } from './sql/definition.ts';
import { maskDotCommands } from './sql/dotCommands.ts';
import { DroppedTables } from './sql/droppedTables.ts';
import { dynamicPivots } from './sql/dynamicPivots.ts';
import { nameChain, placeError, statementScopes, tokenIndexAt } from './sql/errorPlaces.ts';
import { GrowingNames, type NamesKnown, type NamesListed } from './sql/growingNames.ts';
import { isFirmKeyword } from './sql/keywords.ts';
import { fileReads } from './sql/largeFiles.ts';
import type { Token } from './sql/lexer.ts';
import { certainCasts } from './sql/literalCasts.ts';
import { isExplained, isOutputError, isStillTrue, type Replacement, repairName, withReplacements } from './sql/nameRepairs.ts';
import { judgePreparability, type Preparability, type PreparableFacts } from './sql/preparable.ts';
import { readOnce } from './sql/readOnce.ts';
import { innermostBlock, type TextRange } from './sql/scopeTree.ts';
import { settingName, settingsRead } from './sql/settingName.ts';
import { type Statement, splitStatements } from './sql/splitStatements.ts';
import { sameName, stringValue } from './sql/sqlNames.ts';
import { unusedCtes } from './sql/unusedCtes.ts';
import { namesWrittenFile, writtenPath } from './sql/writtenFiles.ts';
import { type Link, StubConnections } from './stubConnections.ts';
import type { Checker, CheckOptions, Column, ScriptPlace, Session } from './types.ts';

/** Answers that are kept, one per statement and state of the names around it. */
const MAX_ANSWERS = 20_000;
/** Longer statements are data, and are not checked. */
const MAX_STATEMENT_CHARACTERS = 256 * 1024;
/** Words of DROP and ALTER that are followed one by one; with more, any name may be one that was dropped. */
const MAX_DROPPED = 1_000;
/** Errors of one statement that are looked for. */
const MAX_ERRORS = 12;
/** Smaller files are read at each binding: it costs less than asking whether they changed. */
const LARGE_FILE_BYTES = 256 * 1024;
/** Columns that DuckDB adds to a file's own. */
const VIRTUAL_COLUMNS = /\b(?:filename|file_row_number|file_index|rowid)\b/i;

/** Kinds of names that an extension may bring. */
const OF_EXTENSIONS =
  /^Catalog Error: (?:\w+ Function|Type|Copy Function|Pragma Function|Collation) with name|Unrecognized option|exists in the \S+ extension|configuration parameter|No function matches/;

/** DuckDB's own views, which a table of that name may stand before. */
const INTERNAL_NAME = /^(?:pg_|duckdb_|sqlite_|pragma_)|\./i;

const FUNCTIONS = 'select distinct lower(function_name), function_type from duckdb_functions()';
const REMOTE_NAMES = `
  select lower(view_name) from duckdb_views() where not internal and contains(sql, '://')
  union all select lower(database_name) from duckdb_databases() where type <> 'duckdb'`;
const REMOTE_MACROS = "select lower(function_name) from duckdb_functions() where not internal and contains(macro_definition, '://')";
const FILE_VIEWS =
  "select lower(view_name) from duckdb_views() where not internal and regexp_matches(sql, '\\.(csv|tsv|parquet|json|ndjson|jsonl|txt)|read_|glob')";
const SCHEMAS = 'select lower(schema_name) from duckdb_schemas() union select lower(database_name) from duckdb_databases()';
const SETTINGS = 'select lower(name) from duckdb_settings()';
const TYPES = 'select distinct lower(type_name) from duckdb_types()';
const PREPARED = 'select lower(name) from duckdb_prepared_statements()';
const TEMPORARY_COLUMNS =
  "select table_name, column_name, data_type from duckdb_columns() where database_name = 'temp' and not internal order by table_oid, column_index";
const TEMPORARY_OTHERS =
  "select lower(type_name) from duckdb_types() where database_name = 'temp' and not internal union all select lower(sequence_name) from duckdb_sequences() where database_name = 'temp'";
const TEMPORARY_MACROS = "select distinct lower(function_name) from duckdb_functions() where database_name = 'temp'";

/** Enough to tell what already acts while it is parsed. */
const NO_FACTS: PreparableFacts = {
  functions: new Set(),
  tableMacros: new Set(),
  tableFunctions: new Set(),
  overFiles: new Set(),
  remote: new Set(),
};

export interface CheckerParts {
  /** A new connection that looks for relative paths in a folder. */
  connect(folder: string | undefined): Promise<Connection>;
  /** What is wrong with a name that the database does not have, whatever it has loaded; `undefined` for what an extension would bring. */
  probe(kind: ProbedKind, name: string): Promise<KodiakError | undefined>;
  /** Counts of what may have changed names in the database so far. */
  readonly defined: { readonly tables: number; readonly functions: number };
  readonly onClosed: () => void;
}

interface Facts extends PreparableFacts {
  readonly functions: ReadonlySet<string>;
  /** Schemas and databases, in lower case. */
  readonly schemas: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly settings: ReadonlySet<string>;
}

/** What the answers depend on beside the texts. */
interface Surroundings {
  readonly key: string;
  readonly names: SessionNames | undefined;
  readonly cwd: string | undefined;
}

/** A statement with what stands before it. */
interface Task {
  readonly cell: number;
  readonly text: string;
  readonly script: string;
  readonly statement: Statement;
  readonly judged: Preparability;
  readonly functions: NamesKnown;
  /** Of the text before, the surroundings, and the files that it may read. */
  readonly key: string;
  /** Number of the statements before it that change what names mean. */
  readonly links: number;
  /** Another statement writes a file that it reads. */
  readonly readsWritten: boolean;
  /** What an earlier statement made, which this one makes again. */
  readonly madeTwice: KodiakError | undefined;
  readonly prepared: NamesListed;
  readonly dropped: ReadonlySet<string>;
  /** Tables that earlier statements of the cell drop. */
  readonly gone: ReadonlySet<string>;
}

interface Plan {
  readonly tasks: readonly Task[];
  readonly facts: Facts;
  readonly around: Surroundings;
  readonly chain: readonly Link[];
}

/**
 * Asks DuckDB about statements by PREPARE, on two connections of its own: one with stand-ins for what the script makes, and one that
 * sees only what is there. A statement is wrong when it is wrong on both. Of a statement with several errors DuckDB names the first: it
 * is put out of the way, and DuckDB is asked again.
 */
export class StatementChecker implements Checker {
  readonly #parts: CheckerParts;
  readonly #answers = new Map<string, readonly KodiakError[]>();
  readonly #files = new Map<string, readonly Column[] | undefined>();
  /** Verdicts by what makes functions before and the statement's text; as long as the facts hold. */
  readonly #verdicts = new Map<string, Preparability>();
  readonly #names = new WeakMap<EngineSession, { readonly definitions: number; readonly names: SessionNames }>();
  #facts: { readonly tables: number; readonly functions: number; readonly value: Facts } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #plain: { readonly key: string; readonly stubs: ScriptStubs } | undefined;
  readonly #stubbed = new StubConnections();
  #planned: (Plan & { readonly cells: readonly string[] }) | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
  }

  check(cells: readonly string[], options: CheckOptions = {}): Promise<readonly (readonly KodiakError[])[]> {
    const turn = this.#queue.then(() => this.#check(cells, options));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  parses(statements: readonly string[], signal?: AbortSignal): Promise<readonly boolean[]> {
    const turn = this.#queue.then(() => this.#parses(statements, signal));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  describe(
    place: ScriptPlace,
    queries: readonly string[],
    options: CheckOptions = {},
  ): Promise<readonly (readonly Column[] | undefined)[]> {
    const turn = this.#queue.then(() => this.#describe(place, queries, options));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  describeScript(cells: readonly string[], options: CheckOptions = {}): Promise<readonly (readonly Column[] | undefined)[]> {
    const turn = this.#queue.then(() => this.#describeScript(cells, options));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#plain?.stubs.connection.close(), this.#stubbed.close()]);
    await this.#queue;
    await Promise.all([this.#plain?.stubs.connection.close(), this.#stubbed.close()]);
    this.#parts.onClosed();
  }

  async #check(cells: readonly string[], options: CheckOptions): Promise<KodiakError[][]> {
    const { signal, focus } = options;
    const found: KodiakError[][] = cells.map(() => []);
    if (this.#closed !== undefined) return found;
    const { tasks, facts, around, chain } = await this.#prepare(cells, options);
    const ask = (task: Task) => this.#answer(task, facts, around, chain);
    const first =
      focus && tasks.find(({ cell, statement: { start, end } }) => cell === focus.cell && start <= focus.offset && focus.offset <= end);
    if (first && first !== tasks[0]) {
      const errors = await ask(first);
      if (signal?.aborted || this.#isClosed()) return found;
      focus.onFound(
        { start: first.statement.start, end: first.statement.end },
        errors.map((error) => moved(error, first)),
      );
    }
    for (const task of tasks) {
      if (signal?.aborted || this.#isClosed()) return found;
      for (const error of await ask(task)) found[task.cell]?.push(moved(error, task));
    }
    return found;
  }

  async #parses(statements: readonly string[], signal: AbortSignal | undefined): Promise<boolean[]> {
    const verdicts: boolean[] = [];
    for (const text of statements) {
      if (signal?.aborted || this.#closed !== undefined) break;
      const [statement, ...others] = splitStatements(text);
      const asked = statement && others.length === 0 ? judgePreparability(statement, text, NO_FACTS).ask : 'nothing';
      const connection = (this.#plain?.stubs ?? (await this.#openPlain({ key: '', names: undefined, cwd: undefined }))).connection;
      const error = asked === 'nothing' ? undefined : await connection.check({ text, script: text, toScript: (offset) => offset }, false);
      verdicts.push(!error || !/^Parser Error/.test(error.message));
    }
    return verdicts;
  }

  async #describe(
    { cells, cell, offset }: ScriptPlace,
    queries: readonly string[],
    options: CheckOptions,
  ): Promise<(readonly Column[] | undefined)[]> {
    if (this.#closed !== undefined) return queries.map(() => undefined);
    const { tasks, facts, around, chain } = await this.#prepareOnce(cells.slice(0, cell + 1), options);
    const earlier = tasks.filter((task) => task.cell < cell || task.statement.end < offset);
    const next = tasks[earlier.length];
    const functions = next?.functions ?? tasks.at(-1)?.functions ?? facts.functions;
    const stubs = await this.#openStubbed(around, chain.slice(0, next?.links ?? chain.length));
    const plain = await this.#openPlain(around);
    const readsFiles = options.readsFiles !== false;
    const described: (readonly Column[] | undefined)[] = [];
    for (const text of queries) {
      const [statement, ...others] = splitStatements(text);
      const mayBind =
        statement && others.length === 0 && judgePreparability(statement, text, { ...facts, functions, readsFiles }).ask === 'prepare';
      if (!mayBind || options.signal?.aborted) described.push(undefined);
      else {
        const lighter = withReplacements(statement, await this.#largeFiles(statement, text, around.cwd, plain.connection));
        described.push(await stubs.connection.describe(lighter.text));
      }
    }
    return described;
  }

  async #describeScript(cells: readonly string[], options: CheckOptions): Promise<(readonly Column[] | undefined)[]> {
    if (this.#closed !== undefined) return [];
    const { tasks, around, chain } = await this.#prepare(cells, options);
    const found: (readonly Column[] | undefined)[] = [];
    for (const { statement, script, judged, links } of tasks) {
      const stubs = await this.#openStubbed(around, chain.slice(0, links));
      const known = judged.ask === 'prepare' && !stubs.isVague && !mentions(statement, script, stubs.uncertain);
      found.push(known ? await stubs.connection.describe(statement.text) : undefined);
    }
    return found;
  }

  /** Many places of one script are described in turn. What is planned then is read for places and links alone, not for the keys. */
  async #prepareOnce(cells: readonly string[], options: CheckOptions): Promise<Plan> {
    const { around, facts } = await this.#surround(options);
    const last = this.#planned;
    const isSame = last?.facts === facts && last.around.key === around.key && last.cells.length === cells.length;
    if (isSame && last.cells.every((text, index) => text === cells[index])) return last;
    this.#planned = { cells, ...(await this.#prepare(cells, options)) };
    return this.#planned;
  }

  async #prepare(cells: readonly string[], options: CheckOptions): Promise<Plan> {
    const { around, facts } = await this.#surround(options);
    const chain: Link[] = [];
    const tasks = this.#plan(cells, { ...facts, readsFiles: options.readsFiles !== false }, around, chain);
    return { tasks, facts, around, chain };
  }

  async #surround(options: CheckOptions): Promise<{ readonly around: Surroundings; readonly facts: Facts }> {
    const { session, cwd } = options;
    const names = options.namesUnknown ? undefined : await this.#readNames(session);
    const { tables, functions } = this.#parts.defined;
    const readsFiles = options.readsFiles !== false;
    const around: Surroundings = { key: JSON.stringify([tables, functions, cwd, readsFiles, names ?? null]), names, cwd };
    return { around, facts: await this.#readFacts(await this.#openPlain(around)) };
  }

  #isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Every statement with what must be known of those before it; nothing is asked. */
  #plan(cells: readonly string[], facts: Facts & { readonly readsFiles: boolean }, around: Surroundings, chain: Link[]): Task[] {
    const tasks: Task[] = [];
    const made = new GrowingNames();
    const preparedNames = new GrowingNames(around.names?.prepared);
    let prepared = preparedNames.now();
    let dropped: ReadonlySet<string> = new Set();
    const written: string[] = [];
    const twice = new DefinedTwice();
    let functions: NamesKnown = facts.functions;
    let prefix = createHash('sha1').update(around.key).digest('base64');
    for (const [cell, text] of cells.entries()) {
      const script = maskDotCommands(text);
      const gone = new DroppedTables();
      for (const statement of splitStatements(script)) {
        if (statement.text.length > MAX_STATEMENT_CHARACTERS) continue;
        const judged = this.#judge(statement, script, { ...facts, functions }, functions === facts.functions ? '' : prefix);
        const doubled = twice.add(statement, script);
        tasks.push({
          cell,
          text,
          script,
          statement,
          judged,
          functions,
          key: `${prefix}${[...gone.gone].join()}\n${facts.readsFiles ? stamps(statement, script, around.cwd) : ''}\n${statement.text}`,
          links: chain.length,
          readsWritten: namesWrittenFile(statement, script, written),
          madeTwice: doubled && new KodiakError('sql', doubled.message, { position: positionOf(doubled, statement) }),
          prepared,
          dropped,
          gone: gone.gone,
        });
        gone.add(statement, script);
        const path = writtenPath(statement, script);
        if (path !== undefined) written.push(path);
        const [word, name] = [wordOf(statement, script, 0), wordOf(statement, script, 1)];
        if (word === 'prepare') {
          preparedNames.add(name);
          prepared = preparedNames.now();
        }
        if (word === 'drop' || word === 'use' || word === 'alter') {
          const words = statement.tokens.map((token) => unquoted(token, script).toLowerCase());
          const isAll = word === 'use' || dropped.has('*') || dropped.size + words.length > MAX_DROPPED;
          dropped = isAll ? new Set(['*']) : new Set([...dropped, ...words]);
        }
        if (ScriptStubs.changesNames(statement, script)) {
          chain.push({ statement, script, mayBind: judged.ask === 'prepare' });
          prefix = createHash('sha1').update(`${prefix}\n;${statement.text}`).digest('base64');
          const definition = readDefinition(statement, script);
          if (definition?.kind === 'macro') {
            made.add(definition.name.toLowerCase());
            const known = made.now();
            functions = { has: (other) => facts.functions.has(other) || known.has(other) };
          }
        }
      }
    }
    return tasks;
  }

  /** The verdict on a text without unknown functions, whose places it would tell, holds wherever the text stands. */
  #judge(statement: Statement, script: string, facts: PreparableFacts, before: string): Preparability {
    const key = `${before}\n${facts.readsFiles}\n${statement.text}`;
    const known = this.#verdicts.get(key);
    if (known) return known;
    const verdict = judgePreparability(statement, script, facts);
    if (this.#verdicts.size >= MAX_ANSWERS) this.#verdicts.clear();
    if (!verdict.unknownFunctions) this.#verdicts.set(key, verdict);
    return verdict;
  }

  /** The errors of a statement; positions are relative to it, so that the answer holds wherever the statement moves. */
  async #answer(task: Task, facts: Facts, around: Surroundings, chain: readonly Link[]): Promise<readonly KodiakError[]> {
    const known = this.#answers.get(task.key);
    if (known) return task.madeTwice ? [task.madeTwice, ...known] : known;
    const stubs = await this.#openStubbed(around, chain.slice(0, task.links));
    const answer = await this.#askAll(task, stubs, facts, around);
    this.#keep(task.key, answer);
    return task.madeTwice ? [task.madeTwice, ...answer] : answer;
  }

  async #askAll(task: Task, stubs: ScriptStubs, facts: Facts, around: Surroundings): Promise<KodiakError[]> {
    const { statement, script, judged } = task;
    const plain = await this.#openPlain(around);
    const found: KodiakError[] = [];
    const add = (error: KodiakError, offset?: number) => {
      const at = placeError(error.message, offset, statement, script);
      const position = positionOf(at, statement);
      if (found.some((other) => other.position?.offset === position.offset && other.message === error.message)) return false;
      found.push(withPosition(improved(error, statement, script, stubs, facts), position));
      return true;
    };
    const asked = await this.#askNames(task, stubs, facts);
    for (const { error, token } of asked) if (error) add(error, token.start);
    if (judged.ask === 'nothing') return found;
    const repairs: Replacement[] = asked.flatMap(({ repair }) => repair ?? []);
    const unknown = judged.unknownFunctions ?? [];
    const onlyParse = judged.ask === 'parse' && (unknown.length === 0 || judged.unknownTableFunctions !== undefined);
    const largeFiles = onlyParse ? [] : await this.#largeFiles(statement, script, around.cwd, plain.connection);
    const pivots = (onlyParse ? undefined : dynamicPivots(statement, script)) ?? [];
    const values = pivots.flatMap(({ pieces }) => pieces);
    const hidden: string[] = [];
    for (let count = 0; count < MAX_ERRORS; count++) {
      let origin = withReplacements(statement, [...largeFiles, ...values, ...repairs]);
      let error = await stubs.connection.check(origin, !onlyParse);
      if (error && largeFiles.length > 0 && VIRTUAL_COLUMNS.test(statement.text)) {
        origin = withReplacements(statement, [...values, ...repairs]);
        error = await stubs.connection.check(origin, true);
      }
      if (error && values.length > 0 && isSyntaxError(error)) {
        origin = withReplacements(statement, repairs);
        error = await stubs.connection.check(origin, false);
      }
      if (error?.code !== 'sql') break;
      const certain = isSyntaxError(error);
      // Outside of a PIVOT whose columns come from the data, nobody can know what it gives.
      if (!certain && pivots.length > 0 && !isWithin(error, pivots, statement, script)) break;
      if (!certain && (onlyParse || task.readsWritten || stubs.isVague || isBeyondKnowing(error))) break;
      if (stubs.hasExtensions && OF_EXTENSIONS.test(error.message)) break;
      if (!certain && (mentions(statement, script, stubs.uncertain) || mentionsQualified(statement, script, stubs.names))) break;
      if (!certain && mentions(statement, script, stubs.names) && !(await plain.connection.check(origin, true))) break;
      // What is said of a repaired statement is believed of names only.
      if (
        (repairs.length > 0 || (values.length > 0 && !certain)) &&
        !isStillTrue(
          error.message,
          found.map(({ message }) => message),
        )
      )
        break;
      const offset = error.position
        ? statement.start + error.position.offset
        : await this.#callBehind(error, statement, script, [...largeFiles, ...values, ...repairs], stubs);
      error = await this.#withMissingColumn(error, offset, statement, script, stubs);
      if (!isExplained(error.message, hidden) && !add(error, offset)) break;
      if (isOutputError(error.message)) {
        const outputs = await this.#outputs(task, error, stubs);
        for (const other of outputs.errors) add(other);
        if (outputs.repairs.length === 0) break;
        repairs.push(...outputs.repairs);
        continue;
      }
      const start =
        offset ??
        (/Could not find key "/.test(error.message)
          ? chainStart(placeError(error.message, undefined, statement, script), script)
          : undefined);
      const repair = start === undefined ? undefined : repairName(error.message, start, statement, script);
      if (!repair) break;
      if (repair.hides !== undefined) hidden.push(repair.hides);
      repairs.push(repair);
    }
    if (found.length === 0 && !onlyParse && !stubs.isVague && !mentions(statement, script, stubs.uncertain)) {
      for (const { cast, error } of await this.#failingCasts(task, stubs)) {
        found.push(withPosition(error, positionOf(cast, statement)));
      }
    }
    if (found.length === 0 && !stubs.isVague) for (const error of await this.#askCatalog(task, stubs, plain, facts, around)) add(error);
    if (found.length === 0 && !stubs.isVague && task.gone.size > 0 && around.names) {
      for (const { name, start } of goneSources(task, around.names)) {
        const message = `Catalog Error: Table with name ${name} does not exist! An earlier statement drops it.`;
        add(new KodiakError('sql', message), start);
      }
    }
    return withoutUnused(found, statement).sort((a, b) => (a.position?.offset ?? 0) - (b.position?.offset ?? 0));
  }

  /**
   * Names of functions, settings and pragmas that the database does not have, with what is wrong with them, and what stands in for
   * them when the rest of the statement is bound.
   */
  async #askNames({ statement, script, judged }: Task, stubs: ScriptStubs, facts: Facts) {
    const names: { readonly kind: ProbedKind; readonly token: Token; readonly name?: string; readonly repair?: Replacement }[] = [];
    for (const token of judged.unknownFunctions ?? []) names.push({ kind: 'scalar', token, repair: anyFunction(token, statement, script) });
    for (const token of judged.unknownTableFunctions ?? []) {
      names.push({ kind: 'table', token, repair: { start: token.start, end: token.end, text: 'row' } });
    }
    const setting = settingName(statement, script);
    if (setting) names.push(setting);
    for (const token of settingsRead(statement, script)) {
      const name = stringValue(script.slice(token.start, token.end));
      const repair = { start: token.start, end: token.end, text: "'threads'" };
      if (!facts.settings.has(name.toLowerCase())) names.push({ kind: 'setting', token, name, repair });
    }
    const called = calledFunction(statement, script);
    if (called && ![facts.tableFunctions, facts.tableMacros].some((known) => known.has(unquoted(called, script).toLowerCase()))) {
      names.push({ kind: 'table', token: called });
    }
    const found: { readonly token: Token; readonly error: KodiakError | undefined; readonly repair: Replacement | undefined }[] = [];
    for (const { kind, token, name = unquoted(token, script), repair } of names) {
      const silent = stubs.isVague || stubs.hasExtensions || mentions({ ...statement, tokens: [token] }, script, stubs.uncertain);
      const error = silent ? undefined : await this.#parts.probe(kind, name);
      // What an extension would bring is put out of the way as well.
      if (error || repair) found.push({ token, error, repair });
    }
    return found;
  }

  /**
   * Where the call of a macro stands whose own text calls a function wrongly: DuckDB names only that function. The one is meant without
   * which the error is another.
   */
  async #callBehind(error: KodiakError, statement: Statement, script: string, pieces: readonly Replacement[], stubs: ScriptStubs) {
    const name = /No function matches the given name and argument types '([^'(]+)\(/.exec(error.message)?.[1];
    if (name === undefined || mentions(statement, script, new Set([name.toLowerCase()]))) return undefined;
    const calls = statement.tokens.filter((token, index) => {
      const next = statement.tokens[index + 1];
      return token.kind === 'word' && next && script.charAt(next.start) === '(' && !isFirmKeyword(unquoted(token, script).toLowerCase());
    });
    for (const call of calls.slice(0, MAX_ERRORS)) {
      const without = [...pieces, { start: call.start, end: call.end, text: 'row' }];
      const other = await stubs.connection.check(withReplacements(statement, without), true);
      if (other?.message !== error.message) return call.start;
    }
    return undefined;
  }

  /** In a subquery DuckDB looks for a table further out when it does not have the column: what is missing is the column. */
  async #withMissingColumn(error: KodiakError, offset: number | undefined, statement: Statement, script: string, stubs: ScriptStubs) {
    const table = /Referenced table "((?:[^"]|"")*)" not found/.exec(error.message)?.[1];
    const index = offset === undefined || table === undefined ? -1 : tokenIndexAt(statement, offset);
    const column = index < 0 ? undefined : nameChain(statement, script, index)[1];
    if (!column || table === undefined || offset === undefined) return error;
    const scope = statementScopes(statement, script).find(({ start, end }) => start <= offset && offset <= end);
    const source =
      scope && innermostBlock(scope, offset)?.sources.find(({ alias, parts }) => sameName((alias ?? parts.at(-1))?.text ?? '', table));
    if (!source) return error;
    const name = unquoted(column, script);
    const parts = source.kind === 'relation' ? script.slice(source.parts[0]?.start, source.parts.at(-1)?.end) : '';
    const columns = (parts === '' ? undefined : await stubs.connection.describe(`from ${parts}`)) ?? [];
    const candidates = closestNames(
      name.toLowerCase(),
      columns.map((other) => other.name),
    );
    const message = `Binder Error: Table "${table}" does not have a column named "${name}"`;
    return new KodiakError('sql', message, { candidates, ...(error.position && { position: error.position }) });
  }

  /** Casts of written strings that are certainly done when the statement runs, and fail then. */
  async #failingCasts({ statement, script }: Task, { connection }: ScriptStubs) {
    const failing: { readonly cast: TextRange; readonly error: KodiakError }[] = [];
    for (const cast of certainCasts(statement, script)) {
      try {
        await connection.rows(`select ${cast.expression}`);
      } catch (thrown) {
        if (thrown instanceof KodiakError && /^Conversion Error/.test(thrown.message)) failing.push({ cast, error: thrown });
      }
    }
    return failing;
  }

  /** What DuckDB would find only when it ran the statement: names of schemas, prepared statements, columns that ALTER changes. */
  async #askCatalog(
    { statement, script, prepared, dropped, judged }: Task,
    stubs: ScriptStubs,
    plain: ScriptStubs,
    facts: Facts,
    { names }: Surroundings,
  ): Promise<KodiakError[]> {
    const word = wordOf(statement, script, 0);
    if (word === 'execute') {
      const name = wordOf(statement, script, 1);
      return name !== '' && !prepared.has(name)
        ? [
            new KodiakError('sql', `Binder Error: Prepared statement "${name}" does not exist`, {
              candidates: closestNames(name, prepared),
            }),
          ]
        : [];
    }
    if (word === 'use') {
      const name = wordOf(statement, script, 1);
      if (name === '' || facts.schemas.has(name) || stubs.uncertain.has(name)) return [];
      const candidates = closestNames(name, facts.schemas);
      return [new KodiakError('sql', `Catalog Error: SET schema: No catalog + schema named "${name}" found.`, { candidates })];
    }
    if (word === 'alter') {
      if (judged.ask !== 'prepare' || mentions(statement, script, stubs.uncertain)) return [];
      const error = await stubs.tryAlter(statement, script);
      return error && /does not have a column|already exists/.test(error.message) ? [error] : [];
    }
    if (word === 'detach' || (word === 'drop' && wordOf(statement, script, 1) === 'schema')) {
      return missingSchema(statement, script, facts, stubs.uncertain);
    }
    if (word === 'comment') return judged.ask === 'prepare' ? await missingColumn(statement, script, stubs) : [];
    const definition = word === 'create' && judged.ask === 'prepare' ? readDefinition(statement, script) : undefined;
    if (!definition || definition.temporary) return [];
    const head = script.slice(statement.start, definition.start).toLowerCase();
    if (/\b(?:replace|exists)\b/.test(head) || dropped.has(definition.name.toLowerCase()) || dropped.has('*')) return [];
    if (definition.kind !== 'table' && definition.kind !== 'view') {
      const isHere = names !== undefined && !/,/.test(names.searchPath) && definition.qualifiers === 0;
      const isFunction = definition.kind === 'macro';
      const name = definition.name.toLowerCase();
      if (!isHere || (isFunction && !facts.functions.has(name) && !facts.tableMacros.has(name))) return [];
      if (!(await isDefined(definition, isFunction && /\bas\s+table\b/i.test(statement.text), plain.connection))) return [];
      return [
        new KodiakError('sql', `Catalog Error: ${titleOf(definition.kind)} with name "${definition.name}" already exists in the database.`),
      ];
    }
    const name = script.slice(definition.start - qualifierLength(script, definition.start), definition.end);
    // Along a search path, and of temporary tables, the name may be another's.
    const isElse = names === undefined || /,/.test(names.searchPath) || names.tables.some((table) => sameName(table.name, definition.name));
    const exists = !isElse && !INTERNAL_NAME.test(definition.name) && (await plain.connection.describe(`from ${name}`));
    if (!exists || facts.schemas.has(definition.name.toLowerCase())) return [];
    return [
      new KodiakError('sql', `Catalog Error: ${titleOf(definition.kind)} with name "${definition.name}" already exists in the database.`),
    ];
  }

  /**
   * Columns that an INSERT or UPDATE writes to and its table does not have, beside the one that DuckDB names; and columns that it has in
   * place of all of them.
   */
  async #outputs({ statement, script }: Task, { message }: KodiakError, stubs: ScriptStubs) {
    const errors: KodiakError[] = [];
    const repairs: Replacement[] = [];
    for (const { blocks } of statementScopes(statement, script)) {
      const block = blocks.find(({ references }) => references.some(({ kind }) => kind === 'output'));
      const target = block?.sources[0];
      if (!block || !target) continue;
      const columns = await stubs.connection.describe(`from ${script.slice(target.parts[0]?.start ?? 0, target.parts.at(-1)?.end ?? 0)}`);
      const outputs = block.references.flatMap(({ kind, parts }) => (kind === 'output' && parts[0] ? [parts[0]] : []));
      const names = (columns ?? []).map(({ name }) => name);
      const free = names.filter((name) => !outputs.some(({ text }) => sameName(text, name)));
      for (const output of outputs) {
        if (names.length === 0 || names.some((name) => sameName(name, output.text))) continue;
        const other = free.shift();
        if (other !== undefined) repairs.push({ start: output.start, end: output.end, text: quoted(other) });
        if (message.toLowerCase().includes(output.text.toLowerCase())) continue;
        const candidates = closestNames(output.text.toLowerCase(), names);
        errors.push(new KodiakError('sql', `Binder Error: Table does not have a column with name "${output.text}"`, { candidates }));
      }
    }
    return { errors, repairs };
  }

  /** Large files become empty sources of the same columns, which were read once per state of the file. */
  async #largeFiles(statement: Statement, script: string, cwd: string | undefined, plain: Connection): Promise<Replacement[]> {
    const pieces: Replacement[] = [];
    for (const read of fileReads(statement, script)) {
      const stamp = largeFileStamp(read.path, cwd);
      if (stamp === undefined) continue;
      const key = `${stamp}\n${read.source}`;
      if (!this.#files.has(key)) this.#files.set(key, await plain.describe(`from ${read.source}`));
      const columns = this.#files.get(key);
      if (!columns) continue;
      const list = columns.map(({ name, type }) => `null::${type} as ${quoted(name)}`).join(', ');
      const alias = read.alias === undefined ? '' : ` as ${quoted(read.alias)}`;
      pieces.push({ start: read.start, end: read.end, text: `(select ${list})${alias}` });
    }
    return pieces;
  }

  async #openPlain(around: Surroundings): Promise<ScriptStubs> {
    if (this.#plain?.key === around.key) return this.#plain.stubs;
    await this.#plain?.stubs.connection.close();
    this.#plain = { key: around.key, stubs: await this.#openStubs(around) };
    return this.#plain.stubs;
  }

  /** The connection on which exactly the chain's statements have their stand-ins. */
  #openStubbed(around: Surroundings, chain: readonly Link[]): Promise<ScriptStubs> {
    return this.#stubbed.at(around.key, chain, () => this.#openStubs(around));
  }

  async #openStubs({ names, cwd }: Surroundings): Promise<ScriptStubs> {
    const stubs = new ScriptStubs(await this.#parts.connect(cwd));
    if (names) await stubs.mirror(names);
    else stubs.isVague = true;
    return stubs;
  }

  /** What a session sees for itself; `undefined` while that cannot be told: in a transaction, or as long as its first statements run. */
  async #readNames(session: Session | undefined): Promise<SessionNames | undefined> {
    if (!(session instanceof EngineSession) || session.isBare) return { searchPath: '', tables: [], others: [], prepared: [] };
    if (session.inTransaction) return undefined;
    const known = this.#names.get(session);
    const { definitions } = session;
    if (known?.definitions === definitions) return known.names;
    return await session.whileIdle(async (connection) => {
      const read = (sql: string) => connection.rows(sql);
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
          prepared: (await read(PREPARED)).map(([name]) => String(name)).sort(),
        };
        this.#names.set(session, { definitions, names });
        return names;
      } catch {
        return undefined;
      }
    });
  }

  async #readFacts({ connection }: ScriptStubs): Promise<Facts> {
    const { tables, functions } = this.#parts.defined;
    if (this.#facts?.tables === tables && this.#facts.functions === functions) return this.#facts.value;
    const sameFunctions = this.#facts?.functions === functions ? this.#facts.value : undefined;
    const rows = sameFunctions ? [] : await connection.rows(FUNCTIONS);
    const remote = await connection.rows(REMOTE_NAMES);
    const remoteMacros = sameFunctions ? [] : await connection.rows(REMOTE_MACROS);
    const ofKinds = (...kinds: readonly string[]) =>
      new Set(rows.filter(([, kind]) => kinds.includes(String(kind))).map(([name]) => String(name)));
    const texts = async (sql: string) => new Set((await connection.rows(sql)).map(([name]) => String(name)));
    const value: Facts = {
      functions: sameFunctions?.functions ?? ofKinds('scalar', 'aggregate', 'macro'),
      tableMacros: sameFunctions?.tableMacros ?? ofKinds('table_macro'),
      tableFunctions: sameFunctions?.tableFunctions ?? ofKinds('table'),
      remote: new Set([...remote, ...remoteMacros].map(([name]) => String(name))),
      overFiles: await texts(FILE_VIEWS),
      schemas: await texts(SCHEMAS),
      types: sameFunctions?.types ?? (await texts(TYPES)),
      settings: sameFunctions?.settings ?? (await texts(SETTINGS)),
    };
    this.#facts = { tables, functions, value };
    this.#verdicts.clear();
    return value;
  }

  #keep(key: string, answer: readonly KodiakError[]): void {
    this.#answers.set(key, answer);
    if (this.#answers.size <= MAX_ANSWERS) return;
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined) this.#answers.delete(oldest);
  }
}

/** Where the default schema of the default database has what a CREATE makes beside tables and views. */
const DEFINED: Readonly<Record<string, string>> = {
  type: 'duckdb_types() where lower(type_name) = $name and not internal and schema_name = current_schema()',
  sequence: 'duckdb_sequences() where lower(sequence_name) = $name and schema_name = current_schema()',
  schema: 'duckdb_schemas() where lower(schema_name) = $name',
  macro: "duckdb_functions() where lower(function_name) = $name and function_type = 'macro' and schema_name = current_schema()",
  tableMacro: "duckdb_functions() where lower(function_name) = $name and function_type = 'table_macro' and schema_name = current_schema()",
  index: 'duckdb_indexes() where lower(index_name) = $name and schema_name = current_schema()',
};

async function isDefined({ kind, name }: Definition, isTable: boolean, connection: Connection): Promise<boolean> {
  const place = DEFINED[isTable ? 'tableMacro' : kind];
  if (place === undefined) return false;
  const sql = `from ${place.replace('$name', literal(name.toLowerCase()))} and database_name = current_database() limit 1`;
  return (await connection.rows(sql)).length > 0;
}

function titleOf(kind: Definition['kind']): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** DETACH or DROP SCHEMA of one that is not there. */
function missingSchema(statement: Statement, script: string, { schemas }: Facts, uncertain: ReadonlySet<string>): KodiakError[] {
  const isDetach = wordOf(statement, script, 0) === 'detach';
  const at = isDetach && wordOf(statement, script, 1) !== 'database' ? 1 : 2;
  const name = wordOf(statement, script, at);
  const isQualified = wordOf(statement, script, at + 1) === '.';
  if (name === '' || name === 'if' || isQualified || schemas.has(name) || uncertain.has(name)) return [];
  const said = isDetach
    ? `Binder Error: Failed to detach database with name "${name}": database not found`
    : `Catalog Error: Schema with name "${name}" does not exist!`;
  return [new KodiakError('sql', said, { candidates: closestNames(name, schemas) })];
}

/** The column of COMMENT ON COLUMN that its table does not have. */
async function missingColumn(statement: Statement, script: string, stubs: ScriptStubs): Promise<KodiakError[]> {
  if (wordOf(statement, script, 2) !== 'column' || mentions(statement, script, stubs.uncertain)) return [];
  const chain = nameChain(statement, script, 3);
  const column = chain.at(-1);
  const table = chain.at(-2);
  if (!column || !table) return [];
  const columns = await stubs.connection.describe(`from ${script.slice(chain[0]?.start, table.end)}`);
  const name = unquoted(column, script);
  if (!columns || columns.some((other) => sameName(other.name, name))) return [];
  const message = `Binder Error: Table "${unquoted(table, script)}" does not have a column with name "${name}"`;
  const near = closestNames(
    name.toLowerCase(),
    columns.map((other) => other.name),
  );
  return [new KodiakError('sql', message, { candidates: near })];
}

/** The function that CALL calls. */
function calledFunction(statement: Statement, script: string): Token | undefined {
  const [first, name, open] = statement.tokens;
  const isCall = first && open && /^call$/i.test(script.slice(first.start, first.end)) && script.charAt(open.start) === '(';
  return isCall && name && isNameToken(name.kind) ? name : undefined;
}

/** Where the dotted name begins that a piece is the end of. */
function chainStart({ start }: TextRange, script: string): number {
  return start - qualifierLength(script, start);
}

/** A function that takes any arguments in place of one that is not there, with what it is a method of. */
function anyFunction(token: Token, { tokens }: Statement, script: string): Replacement {
  const textAt = (index: number) => script.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0);
  let at = tokens.indexOf(token);
  while (textAt(at - 1) === '.' && isNameToken(tokens[at - 2]?.kind ?? '')) at -= 2;
  // A method of an expression keeps it as its argument.
  const isOfExpression = textAt(at - 1) === '.';
  const start = isOfExpression ? token.start : (tokens[at]?.start ?? token.start);
  const hasArguments = isOfExpression || textAt(tokens.indexOf(token) + 2) !== ')';
  return { start, end: token.end, text: hasArguments ? 'hash' : 'random' };
}

/** Errors that DuckDB would meet: what stands in a common table expression that nothing reads is never bound. */
function withoutUnused(found: readonly KodiakError[], { text }: Statement): KodiakError[] {
  if (found.every(isSyntaxError) || !/\bwith\b/i.test(text)) return [...found];
  const unused = unusedCtes(text);
  const isUnused = (offset: number) => unused.some(({ start, end }) => start <= offset && offset < end);
  return found.filter((error) => isSyntaxError(error) || !isUnused(error.position?.offset ?? 0));
}

function isWithin({ message, position }: KodiakError, pieces: readonly TextRange[], statement: Statement, script: string): boolean {
  const place = position ? statement.start + position.offset : placeError(message, undefined, statement, script).start;
  return pieces.some(({ start, end }) => start <= place && place < end);
}

/** Depends on parameters, files, prepared statements or extensions, or is what DuckDB has not built. */
function isBeyondKnowing(error: KodiakError): boolean {
  if (/^Not implemented Error: Unrecognized option "[^"]*" for (?:csv|parquet|json)\b/i.test(error.message)) return false;
  return (
    /^(?:Not implemented|Invalid Input|Parameter Not Allowed|HTTP|Missing Extension|Permission|Dependency|TransactionContext|Settings) Error/i.test(
      error.message,
    ) ||
    /parameter|prepared statement|extension|read-only|across different schemas or catalogs/i.test(
      (error.message.split('\n')[0] ?? '').replace('Invalid named parameter', ''),
    )
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

/** A range of the script as a position in the statement. */
function positionOf({ start, end }: TextRange, statement: Statement): ErrorPosition {
  return { offset: start - statement.start, line: 0, column: 0, length: Math.max(1, end - start) };
}

/** The error with its position in the cell. */
function moved(error: KodiakError, { statement, text }: Task): KodiakError {
  const inner = error.position as ErrorPosition;
  const offset = Math.min(statement.start + inner.offset, text.length);
  const starts = lineStarts(text);
  const line = countUntil(starts, offset) - 1;
  return withPosition(error, { offset, line, column: offset - (starts[line] ?? 0), length: inner.length });
}

const lineStarts = readOnce((text: string): readonly number[] => [
  0,
  ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length),
]);

/** How many of sorted numbers are not greater than a limit. */
function countUntil(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withPosition(error: KodiakError, position: ErrorPosition): KodiakError {
  return new KodiakError(error.code, error.message, { position, candidates: error.candidates, cause: error.cause });
}

/** DuckDB proposes the nearest name of its whole catalog, however far: better is what the statement and the script have. */
function improved(error: KodiakError, statement: Statement, script: string, stubs: ScriptStubs, facts: Facts): KodiakError {
  if (/errhint NOT IMPLEMENTED/.test(error.message)) {
    return new KodiakError(error.code, 'Parser Error: LIMIT does not take a comma: write LIMIT … OFFSET …', { cause: error.cause });
  }
  const setting = /unrecognized configuration parameter "([^"]+)"/.exec(error.message)?.[1];
  if (setting !== undefined) {
    const candidates = closestNames(setting.toLowerCase(), error.candidates);
    const said = error.message.split('\n', 1)[0] ?? '';
    const hint = candidates.length === 0 ? '' : `\nDid you mean "${candidates[0]}"?`;
    return new KodiakError(error.code, said + hint, { candidates, cause: error.cause });
  }
  const [, kind, quoted] = /^Catalog Error: (\w+(?: Function)?) with name "?([^"]+?)"? does not exist/.exec(error.message) ?? [];
  const name = quoted?.split('.').at(-1)?.toLowerCase();
  if (kind === undefined || name === undefined) return error;
  const known: Record<string, () => Iterable<string>> = {
    Table: () => [
      ...statementScopes(statement, script).flatMap(({ queries }) => queries.flatMap(({ ctes }) => ctes.map((cte) => cte.name.text))),
      ...stubs.names,
    ],
    Type: () => facts.types,
    'Scalar Function': () => [...facts.functions, ...stubs.names],
    'Table Function': () => [...facts.tableFunctions, ...facts.tableMacros, ...stubs.names],
  };
  const near = closestNames(
    name,
    [...(known[kind]?.() ?? [])].filter((candidate) => /^\p{L}/u.test(candidate) || kind === 'Table'),
  );
  const others = error.candidates.filter((candidate) => !near.includes(candidate) && isLike(candidate, name));
  const candidates = [...near, ...(kind === 'Type' ? [] : others)];
  const plain = error.message.replace(/\nDid you mean ".*"\?/, '');
  const best = candidates[0];
  const hint = best === undefined ? '' : `\nDid you mean "${best}"?`;
  return new KodiakError(error.code, `${plain}${hint}`, { candidates, cause: error.cause });
}

/** Whether a proposal has anything to do with what is written: DuckDB always has one. */
function isLike(candidate: string, name: string): boolean {
  const last = candidate.split('.').at(-1)?.toLowerCase() ?? '';
  const isPart = name.length > 2 && last.length > 2 && (last.includes(name) || name.includes(last));
  return isPart || closestNames(name, [last]).length > 0;
}

/** Tables that a statement reads although they are gone by then. */
function goneSources({ statement, script, gone }: Task, names: SessionNames) {
  return statementScopes(statement, script).flatMap(({ blocks, queries, kind }) => {
    if (kind === 'create' || kind === 'drop' || kind === 'alter') return [];
    const common = new Set(queries.flatMap(({ ctes }) => ctes.map(({ name }) => name.text.toLowerCase())));
    return blocks.flatMap(({ sources }) =>
      sources.flatMap(({ parts, kind: source }) => {
        const [only, ...more] = parts;
        const name = only?.text.toLowerCase();
        if (!only || name === undefined || more.length > 0 || source !== 'relation' || !gone.has(name) || common.has(name)) return [];
        return names.tables.some((table) => sameName(table.name, name)) ? [] : [{ name: only.text, start: only.start }];
      }),
    );
  });
}

/** Length of the qualifiers with their dots before an offset. */
function qualifierLength(script: string, offset: number): number {
  return /(?:(?:[\p{L}\p{N}_$]+|"(?:[^"]|"")*")\s*\.\s*)*$/u.exec(script.slice(0, offset))?.[0].length ?? 0;
}

function wordOf({ tokens }: Statement, script: string, index: number): string {
  const token = tokens[index];
  return token ? unquoted(token, script).toLowerCase() : '';
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
