import { runApart } from './apartRun.ts';
import type { Clock } from './base/clock.ts';
import { KodiakError, ScriptError } from './base/errors.ts';
import { quoted } from './base/sqlText.ts';
import { bindVariables, expectValues, valuesByName } from './boundVariables.ts';
import { type Effect, NO_EFFECT } from './cache/effect.ts';
import { type CellSession, cleanSession, effectsOf, effectsOfAll } from './cellEffects.ts';
import { type CellWorkers, runCells } from './cellRun.ts';
import { type EffectsHere, scheduleCells } from './cellSchedule.ts';
import type { Connection } from './duckdb/connection.ts';
import { translateFailure } from './duckdb/failure.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import { type ExaminedStatement, goesThroughNames, reexamine } from './examine.ts';
import { explainOrder, planStatement, profileStatement } from './explainRun.ts';
import type { KnownNames } from './knownNames.ts';
import { NamedResults, type NamingSession } from './namedResults.ts';
import { cancelledError } from './parallel/admission.ts';
import { headOf, type RunContext, runStatement } from './queryRun.ts';
import type { Home, Reexamination } from './reading.ts';
import type { QueryResult } from './result/queryResult.ts';
import { tellProgress } from './runProgress.ts';
import type { SessionConnection } from './sessionConnection.ts';
import { changesSession } from './sql/changesSession.ts';
import { ranStatement } from './sql/explainedStatement.ts';
import { type Statement, splitStatements } from './sql/splitStatements.ts';
import { transactionStep } from './sql/statementClass.ts';
import type {
  Cell,
  CellEffects,
  CellOutcome,
  CellRunOptions,
  CellStart,
  ExplainOptions,
  Parameters,
  Plan,
  Result,
  RunOptions,
  Session,
} from './types.ts';

/** First words of statements after which every name means what it meant before. */
const DEFINES_NOTHING = new Set([
  'select',
  'from',
  'with',
  'values',
  'insert',
  'update',
  'delete',
  'merge',
  'explain',
  'show',
  'describe',
  'summarize',
]);

/** Turns of all sessions so far. */
let turns = 0;

export interface SessionParts {
  readonly id: number;
  readonly name: string;
  readonly cwd: string | undefined;
  readonly connection: SessionConnection;
  /** Whether others wait for a connection. */
  readonly isWanted: () => boolean;
  readonly context: RunContext;
  readonly clock: Clock;
  readonly onClosed: () => void;
  readonly cells: CellWorkers;
  /** Called after a statement that may have changed what names mean. */
  readonly onDefined: (text: string) => void;
}

/** A caller's own connection with its temporary objects. Its scripts run one after the other, in the order of their calls. */
export class EngineSession implements Session, CellSession, Home, NamingSession {
  readonly name: string;
  readonly cwd: string | undefined;
  readonly id: number;
  inTransaction = false;
  transactionEffect: Effect = NO_EFFECT;
  readonly names: KnownNames = { catalog: undefined, settings: undefined };
  occupied: Promise<void> | undefined;
  /** Statements so far after which its temporary objects or its search path may be others. */
  definitions = 0;
  /** The last of them. */
  lastDefinition: Home['lastDefinition'];
  /** True once it may have temporary macros. */
  hasMacros = false;
  readonly home: WeakRef<Home> = new WeakRef<Home>(this);
  readonly #parts: SessionParts;
  readonly #closing = new AbortController();
  readonly #named: NamedResults;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #apart = new Set<Promise<unknown>>();
  #waiting = 0;
  /** Of those that wait, the ones that only ask once more what a statement reads. */
  #reexamining = 0;
  /** Questions about its temporary objects that run beside its turns. */
  #looking = 0;
  /** It was asked for its connection, and gives it back as soon as what goes on there has ended. */
  #yielding = false;
  /** When its last turn began, among the turns of all sessions. */
  lastTurn = 0;
  /** Something ran that may have changed what belongs to this connection alone: another connection would not answer the same. */
  #changed = false;
  #closed: Promise<void> | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.name = parts.name;
    this.cwd = parts.cwd;
    this.#named = new NamedResults(this, parts.context.versions);
  }

  get connection(): Connection {
    return this.#parts.connection.resource;
  }

  /** True when nothing of this session runs or waits, so that an internal query does not disturb it. */
  get idle(): boolean {
    return this.#waiting === 0 && this.#closed === undefined;
  }

  async run(sql: string, params?: Parameters, options: RunOptions = {}): Promise<Result> {
    const results = await this.#runScript(sql, params, options, releaseAll);
    const last = results.pop();
    releaseAll(results);
    if (!last) throw new KodiakError('sql', 'There is no statement to run.');
    return last;
  }

  async runAll(sql: string, params?: Parameters, options: RunOptions = {}): Promise<Result[]> {
    return await this.#runScript(sql, params, options, () => undefined);
  }

  async explain(sql: string, options: ExplainOptions = {}): Promise<Plan> {
    return await this.#inTurn(async () => {
      const { context, connection: held } = this.#parts;
      const signal = options.signal ? AbortSignal.any([options.signal, this.#closing.signal]) : this.#closing.signal;
      const timer = tellProgress(this.#parts.clock, this.connection, options.onProgress, () => ({
        rows: 0,
        grownBytes: 0,
        statementIndex: 0,
        statementCount: 1,
      }));
      try {
        const { statement, script, ...place } = explainOrder(sql);
        held.running = statement.text;
        await this.#named.prepare(statement, script, signal);
        const params = options.params ?? (await bindVariables(this.connection, statement, script, valuesByName(options.values)));
        const order = { ...place, statement, script, params };
        if (options.analyze !== true) return await planStatement(this, order, signal);
        this.#changed ||= changesSession(statement, script);
        return await this.#runTracked(() => profileStatement(context, this, order, signal), statement, script, undefined);
      } catch (thrown) {
        throw signal.aborted ? cancelledError() : this.#named.explain(translateFailure(thrown));
      } finally {
        held.running = undefined;
        timer.dispose();
      }
    }, options.signal);
  }

  async runCells(cells: readonly Cell[], options: CellRunOptions = {}): Promise<CellOutcome[]> {
    return await this.#inTurn(async () => {
      const signal = options.signal ? AbortSignal.any([options.signal, this.#closing.signal]) : this.#closing.signal;
      const runHere = ({ sql, resultName }: Cell) => {
        const named = { ...options, ...(resultName !== undefined && { resultName }) };
        return this.#runInOrder(sql, splitStatements(sql), undefined, named, () => undefined);
      };
      return await runCells(this.#parts.context, this, cells, { ...options, signal }, this.#parts.cells, runHere);
    }, options.signal);
  }

  async scheduleCells(cells: readonly Cell[], start: CellStart, signal?: AbortSignal): Promise<(string | undefined)[]> {
    if (this.#closed !== undefined) throw new KodiakError('unavailable', 'The session is closed.');
    const { context, cells: workers } = this.#parts;
    const either = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const effectsHere: EffectsHere = (cell, all) => this.#inTurn(() => effectsOf(context, this, cell, all), either);
    const scheduled = scheduleCells(context, this, cells, start, { signal: either, closing: this.#closing.signal }, workers, effectsHere);
    this.#apart.add(scheduled);
    return await scheduled.finally(() => this.#apart.delete(scheduled));
  }

  /** What scripts would read and write if they ran now, on this connection. */
  async effectsOf(cells: readonly Cell[]): Promise<CellEffects[]> {
    return await this.#inTurn(() => effectsOfAll(this.#parts.context, this, cells));
  }

  isNamed(name: string): boolean {
    return this.#named.has(name);
  }

  async forgetResult(name: string): Promise<void> {
    await this.#inTurn(() => this.#withdraw(name, false));
  }

  noteTable(name: string): void {
    this.#noteDefinition(`create temp table ${quoted(name)}`, undefined);
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  get busy(): boolean {
    return this.#waiting > this.#reexamining;
  }

  async goesThroughNames(sql: string): Promise<boolean> {
    if (this.#closed !== undefined) return true;
    const asked = this.#inTurn(async () => this.inTransaction || (await goesThroughNames(this.#parts.context, this, sql)));
    return await asked.catch(() => true);
  }

  async reexamine(examined: ExaminedStatement): Promise<Reexamination | undefined> {
    if (this.#closed !== undefined) return undefined;
    this.#reexamining++;
    try {
      return await this.#inTurn(async () => {
        await this.occupied;
        return this.inTransaction ? undefined : await reexamine(this.#parts.context, this, examined);
      });
    } finally {
      this.#reexamining--;
    }
  }

  own(): boolean {
    return this.#changed || this.inTransaction;
  }

  get hasOwnNames(): boolean {
    return this.own() || !this.#named.isEmpty;
  }

  noteOwnState(): void {
    this.#changed = true;
  }

  /** True while it needs its own connection: for what it has there, or for what it does. */
  get keepsConnection(): boolean {
    return this.hasOwnNames || this.#looking > 0;
  }

  /** True while it has no connection, because nothing belongs to it alone. */
  get isBare(): boolean {
    return !this.#parts.connection.held;
  }

  /** Whether its connection is on the way to others. */
  get yielding(): boolean {
    return this.#yielding;
  }

  /** Asks for its connection, for another session. False when it has none to spare. */
  yieldConnection(): boolean {
    if (this.#yielding || !this.idle || !this.#parts.connection.held || this.keepsConnection) return false;
    this.#yielding = true;
    this.#queue = this.#queue.then(() => this.#lendOut());
    return true;
  }

  /** Looks at what belongs to the session while nothing else runs there. `undefined`: it is busy, or has nothing of its own. */
  async whileIdle<T>(look: (connection: Connection) => Promise<T>): Promise<T | undefined> {
    if (!this.idle || this.inTransaction || !this.#parts.connection.held || this.#yielding) return undefined;
    this.#looking++;
    try {
      return await look(this.connection);
    } finally {
      this.#looking--;
      this.#queue = this.#queue.then(() => this.#lendWanted());
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#queue;
    await Promise.allSettled(this.#apart);
    this.#named.release();
    // Giving the connection back interrupts what still runs on it for others; they run it themselves.
    await this.#parts.connection.giveBack();
    this.#parts.onClosed();
  }

  async #runScript(
    sql: string,
    params: Parameters | undefined,
    options: RunOptions,
    onFailure: (results: readonly Result[]) => void,
  ): Promise<Result[]> {
    expectNoNul(sql);
    const statements = splitStatements(sql);
    if (params !== undefined && statements.length > 1) {
      throw new KodiakError('sql', 'Parameters can be given for one statement only; this text has several.');
    }
    if (options.apart === true && params === undefined) {
      const running = this.#runApart(sql, options);
      this.#apart.add(running);
      const results = await running.finally(() => this.#apart.delete(running));
      if (results) return results;
    }
    return await this.#inTurn(() => this.#runInOrder(sql, statements, params, options, onFailure), options.signal);
  }

  /** Runs a script on another connection; undefined when there is none to spare, or it would not answer the same. */
  async #runApart(sql: string, options: RunOptions): Promise<Result[] | undefined> {
    const { cells, context } = this.#parts;
    if (this.own() || this.#closed !== undefined) return undefined;
    const lease = await cells.lease(this.cwd);
    if (!lease) return undefined;
    const signal = options.signal ? AbortSignal.any([options.signal, this.#closing.signal]) : this.#closing.signal;
    try {
      lease.running = headOf(sql);
      return await runApart(context, cleanSession(this, lease.resource), sql, { ...options, signal });
    } finally {
      lease.running = undefined;
      await lease.giveBack();
    }
  }

  /** Does one piece of work when all before it are done. */
  async #inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed !== undefined) throw new KodiakError('unavailable', 'The session is closed.');
    this.#waiting++;
    let begun = false;
    const turn = this.#queue.then(async () => {
      const { connection } = this.#parts;
      if (!connection.held) await connection.hold(signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal);
      begun = true;
      this.lastTurn = ++turns;
      return await work();
    });
    // Between two turns others may come first.
    this.#queue = turn.catch(() => undefined).then(() => this.#lendWanted());
    // Only while it waits: once it runs, it ends by itself and frees what it holds.
    const waiting = abortedWhile(() => !begun, signal);
    try {
      return await Promise.race([turn, waiting.aborted]);
    } finally {
      waiting.stop();
      this.#waiting--;
    }
  }

  async #lendWanted(): Promise<void> {
    if (this.#parts.isWanted()) await this.#lendOut();
  }

  /** Part of the queue, so that no turn begins meanwhile. */
  async #lendOut(): Promise<void> {
    try {
      if (this.#closed !== undefined || !this.#parts.connection.held || this.keepsConnection) return;
      await this.occupied;
      await this.#parts.connection.lendOut();
    } finally {
      this.#yielding = false;
    }
  }

  async #runInOrder(
    script: string,
    statements: readonly Statement[],
    params: Parameters | undefined,
    options: RunOptions,
    onFailure: (results: readonly Result[]) => void,
  ): Promise<Result[]> {
    const { context, connection: held } = this.#parts;
    const results: QueryResult<NativeChunk>[] = [];
    const signal = options.signal ? AbortSignal.any([options.signal, this.#closing.signal]) : this.#closing.signal;
    let statementIndex = 0;
    let rows = 0;
    let grownBytes = () => 0;
    const timer = tellProgress(this.#parts.clock, this.connection, options.onProgress, () => ({
      rows,
      grownBytes: grownBytes(),
      statementIndex,
      statementCount: statements.length,
    }));
    const { resultName } = options;
    const values = valuesByName(options.values);
    try {
      if (params === undefined) await expectValues(this.connection, statements, script, values);
      if (resultName !== undefined) await this.#withdraw(resultName, true);
      for (const [index, statement] of statements.entries()) {
        statementIndex = index;
        rows = 0;
        grownBytes = () => 0;
        const onRows = (count: number) => {
          rows = count;
        };
        const onWatched = (grown: () => number) => {
          grownBytes = grown;
        };
        const onFirstRows = (result: Result) => options.onFirstRows?.(result, index);
        const ran = ranStatement(statement, script);
        this.#changed ||= changesSession(ran.statement, ran.script);
        if (signal.aborted) throw cancelledError();
        held.running = statement.text;
        await this.#named.prepare(statement, script, signal);
        const bound = params ?? (await bindVariables(this.connection, statement, script, values));
        const run = { script, statement, params: bound, options: { ...options, signal }, onRows, onWatched, onFirstRows };
        const result = await this.#runTracked(() => runStatement(context, this, run), statement, script, options.origin);
        results.push(result);
      }
      if (resultName !== undefined) {
        const problem = await this.#name(resultName, results.at(-1), signal);
        options.onNamed?.(problem);
      }
      return results;
    } catch (thrown) {
      const failure = signal.aborted ? cancelledError() : this.#named.explain(translateFailure(thrown));
      onFailure(results);
      throw new ScriptError(failure, results, statementIndex);
    } finally {
      held.running = undefined;
      timer.dispose();
    }
  }

  /** The table of a name is there a little longer than the name, and must not be seen as one of everybody's. */
  async #withdraw(name: string, again: boolean): Promise<void> {
    await this.occupied;
    await this.#named.withdraw(name, again);
  }

  /** Gives the result a name, or says why not. */
  async #name(name: string, result: QueryResult<NativeChunk> | undefined, signal: AbortSignal): Promise<string | undefined> {
    if (!result || !givesRows(result)) return `The result cannot be called "${name}": the last statement gives no rows.`;
    return await this.#named.put(name, result, signal);
  }

  /** Keeps `inTransaction` true to DuckDB's state around one statement. */
  async #runTracked<T>(run: () => Promise<T>, statement: Statement, script: string, origin: string | undefined): Promise<T> {
    const step = transactionStep(statement, script);
    try {
      const result = await run();
      if (step !== undefined) await this.#enterTransaction(step === 'begin');
      return result;
    } catch (thrown) {
      // A COMMIT that fails has rolled back. The probe is not made elsewhere: inside a transaction it would pin the snapshot.
      if (step === 'end') await this.#enterTransaction(await this.connection.inTransaction());
      throw thrown;
    } finally {
      const ran = ranStatement(statement, script);
      const first = ran.statement.tokens[0];
      const word = first ? ran.script.slice(first.start, first.end).toLowerCase() : '';
      if (!DEFINES_NOTHING.has(word)) this.#noteDefinition(ran.statement.text, origin);
    }
  }

  #noteDefinition(text: string, origin: string | undefined): void {
    this.definitions++;
    this.lastDefinition = { session: this.name, origin, sql: headOf(text), at: this.#parts.clock.now() };
    if (/\b(?:macro|function)\b/i.test(text)) this.hasMacros = true;
    this.#parts.onDefined(text);
  }

  async #enterTransaction(open: boolean): Promise<void> {
    this.inTransaction = open;
    if (open) return;
    this.transactionEffect = NO_EFFECT;
    await this.#named.transactionEnded();
  }
}

/** DuckDB would take the text before a NUL for all of it, and a DELETE for one without its WHERE. */
function expectNoNul(sql: string): void {
  const offset = sql.indexOf('\0');
  if (offset < 0) return;
  const before = sql.slice(0, offset);
  const position = { offset, line: before.split('\n').length - 1, column: offset - (before.lastIndexOf('\n') + 1), length: 1 };
  throw new ScriptError(
    new KodiakError('sql', 'The text has a NUL character here, behind which nothing would be read.', { position }),
    [],
    0,
  );
}

/** Rejects with `cancelled` when the signal is aborted while `holds` is true, and never otherwise. */
function abortedWhile(holds: () => boolean, signal: AbortSignal | undefined): { readonly aborted: Promise<never>; stop(): void } {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      if (holds()) reject(new ScriptError(cancelledError(), [], 0));
    };
  });
  signal?.addEventListener('abort', abort, { once: true });
  return { aborted, stop: () => signal?.removeEventListener('abort', abort) };
}

/** False for what only says that something was done. */
function givesRows({ columns, kind }: Result): boolean {
  const [first] = columns;
  if (first === undefined) return false;
  const reportsOnly = columns.length === 1 && (first.name === 'Count' || first.name === 'Success');
  return !reportsOnly || kind === 'SELECT';
}

function releaseAll(results: readonly Result[]): void {
  for (const result of results) result.release();
}
