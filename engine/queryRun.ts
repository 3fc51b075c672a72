import type { Clock } from './base/clock.ts';
import { KodiakError } from './base/errors.ts';
import { SingleFlight } from './base/singleFlight.ts';
import { isSettled } from './cache/fileStamps.ts';
import type { ResultCache } from './cache/resultCache.ts';
import type { Connection, StatementHead } from './duckdb/connection.ts';
import { translateFailure } from './duckdb/failure.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import { type DatedEffect, runWithEffect } from './effectRun.ts';
import {
  type Cacheable,
  type Examination,
  type ExamineContext,
  type ExaminedSession,
  type ExaminedStatement,
  examine,
  learn,
  readsOf,
} from './examine.ts';
import { type Moment, momentOf, snapshotOf } from './moment.ts';
import { type Admission, type AdmissionRequest, cancelledError } from './parallel/admission.ts';
import { drawnPlan, estimateRun, withPlan } from './planRun.ts';
import { proofOf, sourcesOf } from './proof.ts';
import { type Home, hasFiles, type ReadingContext, type Snapshot, StatementReading } from './reading.ts';
import type { Spool } from './result/chunk.ts';
import type { GrowingRows } from './result/growingRows.ts';
import { QueryResult } from './result/queryResult.ts';
import { resolvePaths } from './sql/absolutePaths.ts';
import { ranStatement } from './sql/explainedStatement.ts';
import { isTrivial } from './sql/isTrivial.ts';
import { tokenize } from './sql/lexer.ts';
import type { Statement } from './sql/splitStatements.ts';
import { classifyStatement } from './sql/statementClass.ts';
import { StatementRows } from './statementRows.ts';
import type { Column, Parameters, Plan, Provenance, Reading, RunOptions } from './types.ts';

/** What the cache keeps of a result: its rows and how they are called. */
export interface CachedRows {
  readonly rows: GrowingRows<NativeChunk>;
  readonly columns: readonly Column[];
  readonly kind: string;
}

/** Rows of a statement that ran, owned by whoever holds this. */
interface Executed extends CachedRows {
  readonly rowsChanged: number | undefined;
  readonly truncated: boolean;
  readonly provenance: Provenance;
  /** What an EXPLAIN told. */
  readonly plan: Plan | undefined;
  readonly snapshot: Snapshot;
}

/** The first rows of a statement are there while more arrive. */
type FirstRows = CachedRows;

/** The subsystems that a statement meets on its way. */
export interface RunContext extends ExamineContext {
  /** See `ReadingContext`. */
  readonly history: ReadingContext['history'];
  readonly clock: Clock;
  readonly cache: ResultCache<CachedRows>;
  /** Below this a run is not worth a place in the cache; 0 stores everything. */
  readonly minCostMs: number;
  readonly flights: SingleFlight<Executed, FirstRows>;
  /** Questions of ours that run on connections of sessions at rest. */
  readonly learning: Set<Promise<void>>;
  readonly admission: Admission;
  createSpool(types: StatementHead['types']): Promise<Spool<NativeChunk>>;
  track(rows: GrowingRows<NativeChunk>): void;
  /** Runs a statement under the memory watchdog; the signal it gives is aborted also when the statement is stopped for its memory. */
  watch<T>(signal: AbortSignal | undefined, task: (signal: AbortSignal, grownBytes: () => number) => Promise<T>): Promise<T>;
  /** Told the native bytes of each chunk that comes. */
  arrived(bytes: number): void;
}

/** The session's side of a run. */
export interface RunSession extends ExaminedSession {
  readonly name: string;
  readonly cwd: string | undefined;
  /** Where what it read can be asked for again. */
  readonly home: WeakRef<Home> | undefined;
  readonly connection: Connection;
  /** Settles when work that this session began, and that goes on for others, has left its connection. */
  occupied: Promise<void> | undefined;
}

export interface StatementRun {
  readonly script: string;
  readonly statement: Statement;
  readonly params: Parameters | undefined;
  readonly options: RunOptions;
  /** Told the number of rows so far. */
  readonly onRows: (rows: number) => void;
  /** Given what tells by how much the process has grown for it so far, when it begins. */
  readonly onWatched: (grownBytes: () => number) => void;
  readonly onFirstRows: (result: QueryResult<NativeChunk>) => void;
}

export function createFlights(): SingleFlight<Executed, FirstRows> {
  return new SingleFlight();
}

/** A first page is worth showing early only if more may follow: the first chunk is full. */
const FIRST_ROWS = 2048;
/** Longer texts are not remembered for admission. */
const MAX_KEY_LENGTH = 10_000;
/** A look-up must save at least this many times what it costs. */
const LOOK_UP_WORTH = 3;
const MAX_HEAD = 80;

/** The way of one statement: examine, look up, wait for admission, run, store. */
export async function runStatement(context: RunContext, session: RunSession, run: StatementRun): Promise<QueryResult<NativeChunk>> {
  const started = context.clock.monotonic();
  run.options.signal?.throwIfAborted();
  await session.occupied;
  if (context.databaseFiles.changedByOthers()) context.versions.moveAll();
  const { script, statement, params } = run;
  const examined = {
    script,
    statement,
    params,
    maxRows: run.options.maxRows,
    refusal: refusalOf(context, run),
    unwatched: !context.cache.enabled,
  };
  const { definitions, sequence: named } = context.versions;
  const homeDefinitions = session.home?.deref()?.definitions ?? 0;
  const examination = await examine(context, session, examined);
  if (examination.effect.all && examination.mistake !== true && mayLeaveState(examined)) session.noteOwnState();
  const { standing } = examination;
  const readingOf = (snapshot: Snapshot): Reading =>
    new StatementReading({ context, home: session.home, homeDefinitions, examined, examination, snapshot });
  if (standing.kind === 'cacheable') {
    const hit = lookUp(context, run, standing, started, named, readingOf);
    if (hit) {
      // Asked for again and again: worth finding a shorter way, on a connection that has nothing else to do now.
      if (standing.proof === 'plan' && !standing.learned) {
        const learning = learn(context, session, examined, standing).catch(() => undefined);
        context.learning.add(learning);
        session.occupied = learning.finally(() => context.learning.delete(learning));
      }
      return hit;
    }
  } else if (standing.kind === 'bypass') {
    context.cache.countBypass(standing.reason);
  }
  await askFirst(session, run);
  return await new Execution(context, session, run, { ...examination, definitions, named }, started, readingOf).result();
}

/**
 * Whether a statement that may do anything may have left something on its connection: a reader of CSV behind a view makes temporary tables of
 * what it rejects. Changes are not looked through while nothing is remembered.
 */
function mayLeaveState({ statement, script, unwatched }: ExaminedStatement): boolean {
  const ran = ranStatement(statement, script);
  const statementClass = classifyStatement(ran.statement, ran.script);
  return statementClass === 'query' || (statementClass === 'change' && !unwatched);
}

/** Lets somebody decide about a statement that may give very many rows. Rejects with `cancelled` if it is not to run. */
async function askFirst(session: RunSession, run: StatementRun): Promise<void> {
  const { guard, signal } = run.options;
  if (guard === undefined || guard.aboveRows <= 0) return;
  const estimate = await estimateRun(session, run, signal);
  signal?.throwIfAborted();
  if (estimate === undefined || estimate.rows <= guard.aboveRows) return;
  if (!(await guard.ask(estimate))) throw new KodiakError('cancelled', 'The statement was not run.');
}

/** What admission may know of a statement: that it is trivial, and its text, by which it remembers how long the last run took. */
function admissionOf(run: StatementRun, signal: AbortSignal | undefined): AdmissionRequest {
  const { text } = run.statement;
  return {
    signal,
    trivial: isTrivial(run.statement, run.script),
    key: text.length <= MAX_KEY_LENGTH ? text : undefined,
  };
}

/** Why the cache must not be asked for a statement, whatever it is. */
function refusalOf(context: RunContext, { script, options }: StatementRun): string | undefined {
  if (!context.cache.enabled || options.useCache === false) return 'the cache is off';
  if (/kodiak:\s*no-cache/i.test(script) && hasNoCacheComment(script)) return 'a comment says no-cache';
  return undefined;
}

function hasNoCacheComment(script: string): boolean {
  return tokenize(script).some(({ kind, start, end }) => kind.endsWith('Comment') && /kodiak:\s*no-cache/i.test(script.slice(start, end)));
}

/** No await between the check and the answer: a write would have to start in the same turn. */
function lookUp(
  context: RunContext,
  run: StatementRun,
  standing: Cacheable,
  started: number,
  named: number,
  readingOf: (snapshot: Snapshot) => Reading,
): QueryResult<NativeChunk> | undefined {
  const { dependencies, proof } = standing;
  if (context.versions.busy(dependencies)) return undefined;
  const moment = momentOf(context, standing);
  const stored = context.cache.get(standing.key, moment?.version ?? '');
  if (!stored || !moment) return undefined;
  const { rows, columns, kind } = stored.value;
  rows.retain();
  const head = { columns, kind, range: run.statement };
  const parts = { proof, dependencies, fileCount: moment.fileCount, changedAt: context.versions.changedAt(dependencies) };
  return new QueryResult(head, rows).end({
    elapsedMs: context.clock.monotonic() - started,
    rowsChanged: undefined,
    truncated: false,
    plan: undefined,
    provenance: { kind: 'proved', reason: proofOf(parts), costMs: stored.costMs },
    reading: readingOf({ sequence: context.versions.sequence, named, files: moment.files, flaw: undefined }),
  });
}

interface DatedExamination extends Examination {
  /** `Versions.definitions` before it. */
  readonly definitions: number;
  /** `Versions.sequence` before it. */
  readonly named: number;
}

/** One run of a statement, alone or together with the sessions that ask for the same at the same time. */
class Execution {
  readonly #context: RunContext;
  readonly #session: RunSession;
  readonly #run: StatementRun;
  readonly #examination: DatedExamination;
  readonly #started: number;
  readonly #readingOf: (snapshot: Snapshot) => Reading;
  /** This caller's result, from the first rows on. */
  #result: QueryResult<NativeChunk> | undefined;

  constructor(
    context: RunContext,
    session: RunSession,
    run: StatementRun,
    examination: DatedExamination,
    started: number,
    readingOf: (snapshot: Snapshot) => Reading,
  ) {
    this.#readingOf = readingOf;
    this.#context = context;
    this.#session = session;
    this.#run = run;
    this.#examination = examination;
    this.#started = started;
  }

  async result(): Promise<QueryResult<NativeChunk>> {
    try {
      const executed = await this.#execute();
      const result = this.#result ?? this.#hold(executed);
      if (this.#result) executed.rows.release();
      const { rowsChanged, truncated, provenance, plan, snapshot } = executed;
      const elapsedMs = this.#context.clock.monotonic() - this.#started;
      return result.end({ elapsedMs, rowsChanged, truncated, provenance, plan, reading: this.#readingOf(snapshot) });
    } catch (thrown) {
      this.#result?.release();
      throw thrown;
    }
  }

  async #execute(): Promise<Executed> {
    const { standing } = this.#examination;
    const key = standing.kind === 'cacheable' && !standing.temporary ? flightKey(this.#context, standing) : undefined;
    if (key === undefined) {
      return await this.#submit(this.#run.options.signal, (first) => this.#onFirstRows(first));
    }
    const { signal } = this.#run.options;
    const flight = this.#context.flights.join(
      key,
      {
        signal,
        onEvent: (first) => this.#onFirstRows(first),
        take: (executed) => {
          executed.rows.retain();
          return executed;
        },
        onAbort: cancelledError,
      },
      (work, emit) => this.#submit(work, emit),
      (executed) => executed.rows.release(),
    );
    try {
      const executed = await flight.value;
      return flight.led ? executed : { ...executed, provenance: { kind: 'run', reason: 'shared with the same query of another session' } };
    } catch (thrown) {
      if (flight.led && flight.abandoned.aborted) await flight.ended;
      else if (flight.led) this.#session.occupied = flight.ended;
      if (flight.led || signal?.aborted) throw thrown;
      // What ended the other's run, its session's end for one, need not end this one; and an error has its place in each text.
      this.#result?.release();
      this.#result = undefined;
      return await this.#submit(signal, (first) => this.#onFirstRows(first));
    }
  }

  #onFirstRows(first: FirstRows): void {
    if (this.#result) return;
    first.rows.retain();
    this.#result = this.#hold(first);
    this.#run.onFirstRows(this.#result);
  }

  /** Takes over one ownership of the rows. */
  #hold({ rows, columns, kind }: CachedRows): QueryResult<NativeChunk> {
    return new QueryResult({ columns, kind, range: this.#run.statement }, rows);
  }

  #submit(signal: AbortSignal | undefined, onFirstRows: (first: FirstRows) => void): Promise<Executed> {
    return submit(this.#context, this.#session, this.#run, this.#examination, signal, onFirstRows);
  }
}

function flightKey(context: RunContext, standing: Cacheable): string | undefined {
  const moment = momentOf(context, standing);
  return moment === undefined || context.versions.busy(standing.dependencies) ? undefined : `${standing.key}\n${moment.guard}`;
}

/** Waits for admission, runs, and stores the result if that is sound and worth it. */
async function submit(
  context: RunContext,
  session: RunSession,
  run: StatementRun,
  examination: DatedExamination,
  signal: AbortSignal | undefined,
  onFirstRows: (first: FirstRows) => void,
): Promise<Executed> {
  const { standing, named } = examination;
  const reads = readsOf(examination);
  return await context.admission.submit(
    async () => {
      const { sequence } = context.versions;
      // Reading files takes time, and what is not remembered needs it only for them.
      const wanted = standing.kind === 'cacheable' || hasFiles(reads);
      const before = reads && wanted && !context.versions.busy(reads.dependencies) ? momentOf(context, reads) : undefined;
      const beganAt = context.clock.now();
      const began = context.clock.monotonic();
      const produced = await runWithEffect(context, writeOf(session, run, examination), signal, (watched, grownBytes) => {
        run.onWatched(grownBytes);
        return produceRows(context, session, run, watched, onFirstRows);
      });
      const costMs = context.clock.monotonic() - began;
      const snapshot = snapshotOf(context, examination, { sequence, named, before, beganAt });
      const provenance: Provenance =
        standing.kind === 'cacheable'
          ? { kind: 'run', reason: admit(context, run, standing, before, produced, costMs) }
          : standing.kind === 'bypass'
            ? { kind: 'bypass', reason: standing.reason }
            : { kind: 'run', reason: `${produced.kind} always runs` };
      return { ...produced, provenance, snapshot };
    },
    admissionOf(run, signal),
  );
}

/** The first words of a statement, to know it by. */
export function headOf(sql: string): string {
  const line = sql.slice(0, 2 * MAX_HEAD).replace(/\s+/g, ' ');
  return line.length <= MAX_HEAD ? line : `${line.slice(0, MAX_HEAD - 1)}…`;
}

/** What a statement may change, and who runs it. */
function writeOf(session: RunSession, run: StatementRun, { effect, definitions, mistake }: DatedExamination): DatedEffect {
  const author = { session: session.name, origin: run.options.origin, sql: headOf(run.statement.text) };
  // What could not be bound and then failed did nothing.
  const leftNothing = mistake && { leftNothing: (thrown: unknown) => translateFailure(thrown).code === 'sql' };
  return { effect, definitions, author, ...leftNothing };
}

/** Stores a result whose sources did not change while it was computed. Gives what became of it. */
function admit(
  context: RunContext,
  run: StatementRun,
  standing: Cacheable,
  before: Moment | undefined,
  produced: Omit<Executed, 'provenance' | 'snapshot'>,
  costMs: number,
): string {
  const { rows, columns, kind } = produced;
  const now = context.clock.now();
  const { versions } = context;
  if (produced.truncated) return 'not kept: cut off at the row limit';
  if (context.minCostMs > 0 && costMs < Math.max(context.minCostMs, LOOK_UP_WORTH * standing.examinedMs))
    return 'not kept: quickly run again';
  const changed = versions.busy(standing.dependencies) || versions.definitionsBusy || versions.definitions !== standing.definitions;
  const moment = momentOf(context, standing);
  if (changed || before === undefined || moment?.guard !== before.guard) return 'not kept: something it reads changed meanwhile';
  if (!isSettled(moment.changedAtMs, now)) return 'not kept: a file it reads changed seconds ago';
  if (rows.spooled) return 'not kept: larger than a cached result may be';
  rows.retain();
  const value: CachedRows = { rows, columns, kind };
  const { version } = moment;
  const sources = sourcesOf(standing.dependencies, standing.sources);
  const stored = {
    value,
    sql: run.statement.text,
    group: standing.group,
    rows: rows.rowCount,
    bytes: rows.bytes,
    costMs,
    version,
    storedAt: now,
    sources,
    reads: { proof: standing.proof, dependencies: standing.dependencies, fileCount: moment.fileCount },
  };
  if (context.cache.put(standing.key, stored)) return 'kept for the next time';
  rows.release();
  return 'not kept: the cache holds what is worth more';
}

/** Apart from `produceRows`, whose variables a closure made there would keep alive: among them the result that must be forgettable. */
function makeRows(context: RunContext, known: { readonly head: StatementHead }): GrowingRows<NativeChunk> {
  return new StatementRows(known, context.createSpool);
}

async function produceRows(
  context: RunContext,
  session: RunSession,
  run: StatementRun,
  signal: AbortSignal | undefined,
  onFirstRows: (first: FirstRows) => void,
): Promise<Omit<Executed, 'provenance' | 'snapshot'>> {
  const { maxRows } = run.options;
  const drawn = run.options.plans === true ? drawnPlan(run.statement, run.script) : undefined;
  const resolved = drawn?.asked(session.cwd) ?? resolvePaths(run.statement, run.script, session.cwd);
  const known: { head: StatementHead } = { head: { kind: 'UNKNOWN', columns: [], types: [] } };
  const rows = makeRows(context, known);
  context.track(rows);
  let announced = false;
  let cut = false;
  try {
    const end = await session.connection.execute(
      { text: resolved.text, script: run.script, toScript: resolved.toScript },
      run.params,
      {
        head: (head) => {
          known.head = head;
        },
        chunk: async (chunk) => {
          const left = maxRows === undefined ? Number.POSITIVE_INFINITY : maxRows - rows.rowCount;
          // To stop the query would abort the open transaction: its other rows are passed over instead.
          if (left <= 0) {
            cut = true;
            return session.inTransaction;
          }
          context.arrived(chunk.bytes);
          await rows.add(left < chunk.rowCount ? chunk.first(left) : chunk);
          run.onRows(rows.rowCount);
          if (!announced && rows.rowCount >= FIRST_ROWS) {
            announced = true;
            onFirstRows({ rows, columns: known.head.columns, kind: known.head.kind });
          }
          if (left < chunk.rowCount) cut = true;
          return !cut || session.inTransaction;
        },
      },
      signal,
    );
    rows.finish();
    const plan = drawn && (await withPlan(session, run, drawn, rows, signal));
    return { rows, columns: known.head.columns, kind: known.head.kind, rowsChanged: end.rowsChanged, truncated: end.stopped || cut, plan };
  } catch (thrown) {
    rows.fail(thrown);
    rows.release();
    throw thrown;
  }
}
