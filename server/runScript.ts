import { KodiakError, ScriptError } from '../engine/base/errors.ts';
import type { Progress, Result, RunGuard, RunOptions, Session } from '../engine/types.ts';
import { abortable } from './abortable.ts';
import type { Client } from './client.ts';
import {
  PREVIEW_ROWS,
  queryProgress,
  type ResultHandle,
  type RunQueryParams,
  type RunQueryResult,
  resultOpened,
  runHeld,
  type StatementOutcome,
} from './protocol/requests.ts';
import type { WireRow } from './protocol/values.ts';
import type { ServerSession } from './session.ts';
import { toResultHandle, toWireEffects, toWireFailure, toWirePlan, toWireProgress, toWireRow, wireSize } from './wire.ts';

const PROGRESS_DELAY_MS = 150;
/** A little less than the engine's own interval, so that a tick that comes early is not lost. */
const PROGRESS_INTERVAL_MS = 240;
/** A preview ends with the row that makes it longer than this: it is kept in the notebook's output. */
const PREVIEW_CHARACTERS = 1024 * 1024;

/**
 * Runs a script for a client: the way of `runQuery` and of `runSql`. Whatever stops the script is `failure` in the answer; only a
 * bug rejects.
 */
export async function runScript(
  server: ServerSession,
  client: Client,
  params: RunQueryParams,
  outer: AbortSignal,
): Promise<RunQueryResult> {
  const startedAt = server.clock.monotonic();
  const own = client.beginRun(params.runId, outer);
  const running = server.activity.running.begin(params);
  const signal = AbortSignal.any([own, running.signal]);
  const handles = new Handles(server, params.sessionId, params.pinned ? client : undefined);
  let stopped: ScriptError<Result> | undefined;
  server.stats.runBegan();
  server.archive.runBegan();
  try {
    const session = await abortable(server.openSession(client, params.sessionId, params.cwd), signal);
    const { results, failure, nameProblem } = await runAll(session, params, {
      signal,
      onProgress: throttled(PROGRESS_INTERVAL_MS, server.clock.monotonic, (progress) => {
        running.progress(progress);
        client.notify(queryProgress, toWireProgress(params.runId, progress));
      }),
      ...guardOf(client, params, signal),
      onFirstRows: (result, statementIndex) => {
        handles.openEarly(result, (handle) => client.notify(resultOpened, { runId: params.runId, statementIndex, result: handle }));
      },
    });
    stopped = failure;
    const statements = await handles.openAll(results);
    return {
      statements,
      ...(session.inTransaction && { inTransaction: true }),
      ...(failure && { failure: toWireFailure(running.explain(failure)) }),
      ...(nameProblem !== undefined && { nameProblem }),
      elapsedMs: server.clock.monotonic() - startedAt,
    };
  } catch (thrown) {
    if (!(thrown instanceof KodiakError)) throw thrown;
    return { statements: [], failure: toWireFailure(running.explain(thrown)), elapsedMs: server.clock.monotonic() - startedAt };
  } finally {
    client.endRun(params.runId);
    server.activity.running.end(running);
    handles.settle();
    server.stats.runEnded();
    server.archive.runEnded();
    server.ran({
      sessionId: params.sessionId,
      sql: params.sql,
      ...(stopped && { failure: { error: stopped, statementIndex: stopped.statementIndex } }),
    });
  }
}

/** Lets the client decide about statements that may produce more rows than it named. */
function guardOf(client: Client, { runId, warnAboveRows }: RunQueryParams, signal: AbortSignal): Pick<RunOptions, 'guard'> {
  if (warnAboveRows === undefined || warnAboveRows <= 0) return {};
  const ask: RunGuard['ask'] = async ({ range, rows, operator }) => {
    const answer = client.held(runId, signal);
    client.notify(runHeld, { runId, start: range.start, end: range.end, rows, operator });
    return await answer;
  };
  return { guard: { aboveRows: warnAboveRows, ask } };
}

interface Listeners extends Pick<RunOptions, 'guard'> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onFirstRows: (result: Result, statementIndex: number) => void;
}

async function runAll(
  session: Session,
  { runId, sql, maxRows, values, resultName, apart = false, plans = false }: RunQueryParams,
  listeners: Listeners,
): Promise<{ readonly results: readonly Result[]; readonly failure?: ScriptError<Result>; readonly nameProblem?: string }> {
  let nameProblem: string | undefined;
  const onNamed = (problem: string | undefined) => {
    nameProblem = problem;
  };
  try {
    const results = await session.runAll(sql, undefined, {
      ...listeners,
      onNamed,
      plans,
      origin: runId,
      apart,
      ...(maxRows !== undefined && { maxRows }),
      ...(values && { values }),
      ...(resultName !== undefined && { resultName }),
    });
    return { results, ...(nameProblem !== undefined && { nameProblem }) };
  } catch (thrown) {
    if (thrown instanceof ScriptError) return { results: thrown.results as readonly Result[], failure: thrown as ScriptError<Result> };
    throw thrown;
  }
}

/** The result handles of one run. */
class Handles {
  readonly #server: ServerSession;
  readonly #owner: string;
  readonly #pin: Client | undefined;
  readonly #ids = new Map<Result, string>();
  readonly #kept = new Set<Result>();
  readonly #pending: Promise<void>[] = [];

  constructor(server: ServerSession, owner: string, pin: Client | undefined) {
    this.#server = server;
    this.#owner = owner;
    this.#pin = pin;
  }

  /** For a result whose rows still arrive. */
  openEarly(result: Result, tell: (handle: ResultHandle) => void): void {
    this.#pending.push(this.#open(result).then(tell, () => {}));
  }

  /** For results that are complete. The early ones are told before. */
  async openAll(results: readonly Result[]): Promise<StatementOutcome[]> {
    for (const result of results) this.#kept.add(result);
    await Promise.all(this.#pending);
    const outcomes: StatementOutcome[] = [];
    for (const result of results) {
      const { kind, elapsedMs, rowsChanged, plan } = result;
      const { start, end } = result.range;
      const handle = await this.#open(result);
      if (result.reading) this.#server.freshness.add(handle.resultId, this.#owner, result.reading);
      outcomes.push({
        start,
        end,
        kind,
        elapsedMs,
        ...(rowsChanged !== undefined && { rowsChanged }),
        result: handle,
        effects: toWireEffects(result.reading),
        ...(plan && { plan: toWirePlan(plan) }),
      });
    }
    return outcomes;
  }

  /** Lets go of early results that did not become part of the answer, and of all when the session was closed meanwhile. */
  settle(): void {
    for (const [result, resultId] of this.#ids) if (!this.#kept.has(result)) this.#server.results.release(resultId);
    this.#server.results.unpinAll(this);
    if (!this.#server.hasSession(this.#owner)) this.#server.results.releaseOwner(this.#owner);
  }

  /** The run itself holds its results until it has answered: one must not push another out before. */
  #add(result: Result): string {
    const resultId = this.#server.results.add(result, this.#owner, this);
    this.#ids.set(result, resultId);
    if (this.#pin) this.#server.results.pin(resultId, this.#pin);
    return resultId;
  }

  async #open(result: Result): Promise<ResultHandle> {
    const resultId = this.#ids.get(result) ?? this.#add(result);
    return toResultHandle(resultId, result, await readPreview(result));
  }
}

/** Never waits for rows that are not there yet. Where rows are large only as many are read as a preview takes. */
export async function readPreview(result: Result): Promise<WireRow[]> {
  const wanted = Math.min(PREVIEW_ROWS, result.rowCount);
  const rowBytes = result.bytes / Math.max(1, result.rowCount);
  const step = Math.max(1, Math.min(wanted, Math.floor(PREVIEW_CHARACTERS / Math.max(1, rowBytes))));
  const preview: WireRow[] = [];
  let size = 0;
  // To read a few rows of very many columns takes as long as to read many: once is enough where that gave a good part.
  while (preview.length < wanted && size <= PREVIEW_CHARACTERS / 4) {
    for (const row of await result.page(preview.length, Math.min(step, wanted - preview.length))) {
      const wireRow = toWireRow(row);
      const rowSize = wireSize(wireRow);
      // The preview stays in the notebook's output. A row that is very large is asked for when it is looked at.
      if (rowSize > PREVIEW_CHARACTERS / 4) return preview;
      preview.push(wireRow);
      size += rowSize;
      if (size > PREVIEW_CHARACTERS) break;
    }
  }
  return preview;
}

/** Passes progress on after the first `PROGRESS_DELAY_MS`, and then at most once per interval. */
function throttled(intervalMs: number, now: () => number, pass: (progress: Progress) => void): (progress: Progress) => void {
  let passedAt = Number.NEGATIVE_INFINITY;
  return (progress) => {
    if (progress.elapsedMs < PROGRESS_DELAY_MS || now() - passedAt < intervalMs) return;
    passedAt = now();
    pass(progress);
  };
}
