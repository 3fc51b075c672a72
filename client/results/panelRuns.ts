import { randomUUID } from 'node:crypto';
import { RESULT_MIME, type ResultOutput } from '../../server/protocol/notebookOutput.ts';
import { PLAN_MIME, type PlanOutput } from '../../server/protocol/plan.ts';
import {
  answerHeld,
  cancelQuery,
  closeSession,
  explainStatement,
  type NotificationDescriptor,
  pinResult,
  queryProgress,
  type RequestDescriptor,
  type RunHeldParams,
  type RunQueryResult,
  releaseResult,
  resultOpened,
  runHeld,
  runQuery,
} from '../../server/protocol/requests.ts';
import type { PanelMessage, ShownOutput, ShownRun } from '../../server/protocol/resultsPanel.ts';
import type { WireColumn, WireFailure, WireParameter, WirePosition } from '../../server/protocol/values.ts';
import { progressText } from '../monitor/progressText.ts';
import { TimeLeft } from '../monitor/timeLeft.ts';
import { openedOutput, type PlannedOutput, planOutputs, unshownResults } from '../notebook/resultOutput.ts';
import type { RunGuard } from '../plan/heldRun.ts';
import { failureOf, presentError } from '../presentError.ts';
import { documentOffset, placeAt, type RunTarget, shortSql, stoppedAt } from './runTarget.ts';

/** What the panel needs of the server. */
export interface RunServer {
  request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result>;
  onNotification<Params>(descriptor: NotificationDescriptor<Params>, handler: (params: Params) => void): { dispose(): unknown };
}

/** SQL of a document, to be run in the document's session. */
export interface RunRequest {
  /** The document's URI, which names its session. */
  readonly uri: string;
  /** The document's text as it is run. */
  readonly text: string;
  readonly target: RunTarget;
  readonly title: string;
  /** The document's name for people: `orders.sql`. */
  readonly name: string;
  /** Folder that relative paths in the SQL start at. */
  readonly cwd: string | undefined;
  /** Another session than the document's, of a document or notebook that is open. */
  readonly sessionId?: string;
}

/** What a run was answered with. */
interface PanelAnswer extends RunQueryResult {
  readonly plan?: PlanOutput;
}

/** The rows that an output shows, for an export. */
export interface ShownRows {
  readonly resultId: string;
  readonly columns: readonly WireColumn[];
  readonly request: RunRequest;
}

/** One run in the panel's history. */
interface PanelRun {
  readonly id: string;
  request: RunRequest;
  shown: ShownRun;
  /** Its results in the server. */
  readonly held: Set<string>;
  /** Results whose rows still arrive. */
  opened: readonly ShownOutput[];
  /** Offset in the document where it failed. */
  errorAt: number | undefined;
  /** Names the run that goes on, for the server. */
  queryId: string | undefined;
  left: TimeLeft;
  ended: Promise<ShownRun>;
  cancel: () => void;
}

/** Values for `$name`s. */
export type Values = Readonly<Record<string, WireParameter>>;

type AskValues = (missing: NonNullable<WireFailure['missing']>) => Promise<Values | undefined>;

/** Runs that can be looked at; the one used least recently goes when there are more. */
const MAX_RUNS = 8;
/** Outputs of one run; those of statements before these are given back. */
const MAX_OUTPUTS = 50;
/** How long a server may take to react to a cancellation. */
const CANCEL_TIMEOUT_MS = 5000;

/**
 * The runs that the results panel shows: the last few statements, each with its results, which stay in the server until the run is
 * closed, pushed out by newer ones, or run again. What is looked at is pinned; the server keeps the rest within its budget.
 */
export class PanelRuns {
  readonly #server: RunServer;
  readonly #tell: (message: PanelMessage) => void;
  /** Says whether a document is open: its session is closed by the editor then. */
  readonly #isOpen: (uri: string) => boolean;
  readonly #askValues: AskValues;
  readonly #guard: RunGuard | undefined;
  /** Least recently used first. */
  #runs: readonly PanelRun[] = [];
  /** In the order of their tabs. */
  readonly #order: string[] = [];
  readonly #pinned = new Set<string>();
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #visible = false;

  /** `askValues` gives values for the `$name`s that a run missed, or undefined: the run has then failed. */
  constructor(
    server: RunServer,
    tell: (message: PanelMessage) => void,
    isOpen: (uri: string) => boolean,
    askValues: AskValues = () => Promise.resolve(undefined),
    guard?: RunGuard,
  ) {
    this.#guard = guard;
    this.#askValues = askValues;
    this.#server = server;
    this.#tell = tell;
    this.#isOpen = isOpen;
    this.#subscriptions = [
      server.onNotification(queryProgress, (progress) => {
        const run = this.#runs.find(({ queryId }) => queryId === progress.runId);
        if (run === undefined) return;
        const percent = progress.percent === undefined ? {} : { percent: progress.percent };
        this.#tell({ type: 'runProgress', runId: run.id, text: progressText(progress, undefined, run.left.update(progress)), ...percent });
      }),
      server.onNotification(runHeld, (held) => void this.#decide(held)),
      server.onNotification(resultOpened, ({ runId, result, statementIndex }) => {
        const run = this.#runs.find(({ queryId }) => queryId === runId);
        if (run === undefined) return;
        run.held.add(result.resultId);
        this.#pinned.add(result.resultId);
        run.opened = [...run.opened, shownOutput(openedOutput(result, 0, run.id, statementIndex), 'SELECT')].slice(-MAX_OUTPUTS);
        this.#show(run, { outputs: run.opened, selected: run.opened.length - 1 });
      }),
    ];
  }

  get active(): ShownRun | undefined {
    return this.#runs.at(-1)?.shown;
  }

  /** All runs in the order of their tabs, then the one that is looked at: for a page that knows nothing yet. */
  tellAll(): void {
    for (const id of this.#order) {
      const run = this.#find(id);
      if (run !== undefined) this.#tell({ type: 'run', run: run.shown });
    }
    const { active } = this;
    if (active !== undefined) this.#tell({ type: 'runActive', runId: active.runId });
  }

  /** The page is on the screen, or is no longer. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#pin();
  }

  /**
   * Runs SQL and gives how it is shown at its end; never rejects. The same SQL of the same document has one place in the history:
   * while it runs it is not started again.
   */
  run(request: RunRequest): Promise<ShownRun> {
    const known = this.#runs.find((run) => run.request.uri === request.uri && isSameTarget(run.request.target, request.target));
    if (known?.queryId !== undefined) {
      this.#activate(known);
      return known.ended;
    }
    const run = known ?? this.#add(request);
    run.request = request;
    this.#activate(run);
    run.ended = this.#execute(run);
    return run.ended;
  }

  /** Runs again what a run ran. */
  async rerun(runId: string): Promise<void> {
    const run = this.#find(runId);
    if (run !== undefined) await this.run(run.request);
  }

  /** Runs again what gave a result. */
  async rerunResult(resultId: string): Promise<void> {
    const run = this.#runs.find(
      ({ held, shown }) => held.has(resultId) || shown.outputs.some(({ result }) => result?.resultId === resultId),
    );
    if (run !== undefined) await this.rerun(run.id);
  }

  cancel(runId: string): void {
    this.#find(runId)?.cancel();
  }

  select(runId: string, output: number): void {
    const run = this.#find(runId);
    if (run === undefined) return;
    this.#activate(run);
    this.#show(run, { selected: Math.max(0, Math.min(output, run.shown.outputs.length - 1)) });
  }

  /** Takes a run out of the history; ends it first if it goes on. */
  close(runId: string): void {
    const run = this.#find(runId);
    if (run === undefined) return;
    run.cancel();
    run.queryId = undefined;
    this.#runs = this.#runs.filter((other) => other !== run);
    this.#order.splice(this.#order.indexOf(runId), 1);
    for (const resultId of run.held) this.#release(resultId);
    this.#closeSession(run.request.uri);
    this.#tell({ type: 'runClosed', runId });
    const { active } = this;
    if (active !== undefined) this.#tell({ type: 'runActive', runId: active.runId });
    this.#pin();
  }

  closeAll(): void {
    for (const { id } of this.#runs) this.close(id);
  }

  /** Where a run's SQL, or its error, stood in the document when it was run. */
  target(runId: string, target: 'statement' | 'error'): { readonly request: RunRequest; readonly offset: number } | undefined {
    const run = this.#find(runId);
    if (run === undefined) return undefined;
    const first = run.request.target.offset + (/\S/.exec(run.request.target.sql)?.index ?? 0);
    return { request: run.request, offset: (target === 'error' ? run.errorAt : undefined) ?? first };
  }

  /** The rows that are looked at, in a run or in the active one. */
  rows(runId = this.active?.runId): ShownRows | undefined {
    const run = runId === undefined ? undefined : this.#find(runId);
    const result = run?.shown.outputs[run.shown.selected]?.result;
    return run === undefined || result === undefined
      ? undefined
      : { resultId: result.resultId, columns: result.columns, request: run.request };
  }

  /** The results of all runs, newest run first. */
  allRows(): (ShownRows & { readonly rowCount: number })[] {
    return [...this.#runs]
      .reverse()
      .flatMap(({ request, shown }) =>
        shown.outputs.flatMap(({ result }) =>
          result === undefined ? [] : [{ resultId: result.resultId, columns: result.columns, rowCount: result.rowCount, request }],
        ),
      );
  }

  /** All results are gone with the server that held them. */
  serverEnded(notice: string): void {
    this.#pinned.clear();
    for (const run of this.#runs) {
      run.held.clear();
      if (run.shown.outputs.some(({ result }) => result !== undefined)) this.#show(run, { notice });
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Asks about a statement that waits. Its plan is shown once its run has ended. */
  async #decide(held: RunHeldParams): Promise<void> {
    const run = this.#runs.find(({ queryId }) => queryId === held.runId);
    if (run === undefined || this.#guard === undefined) return;
    const { request, ended } = run;
    const decision = await this.#guard.decide(held, request.target.sql);
    await this.#server.request(answerHeld, { runId: held.runId, run: decision === 'run' }).catch(() => {
      // The run itself says what became of the server.
    });
    if (decision !== 'plan') return;
    await ended;
    const sql = request.target.sql.slice(held.start, held.end);
    const target: RunTarget = { sql, offset: request.target.offset + held.start, plan: 'explain' };
    await this.run({ ...request, target, title: shortSql(`EXPLAIN ${sql}`) });
  }

  #find(runId: string): PanelRun | undefined {
    return this.#runs.find(({ id }) => id === runId);
  }

  #add(request: RunRequest): PanelRun {
    const id = randomUUID();
    const shown: ShownRun = {
      runId: id,
      title: request.title,
      place: '',
      state: 'running',
      elapsedMs: 0,
      outputs: [],
      selected: 0,
    };
    const run: PanelRun = {
      id,
      request,
      shown,
      held: new Set(),
      opened: [],
      errorAt: undefined,
      queryId: undefined,
      left: new TimeLeft(),
      ended: Promise.resolve(shown),
      cancel: () => undefined,
    };
    this.#runs = [...this.#runs, run];
    this.#order.push(id);
    for (const oldest of this.#runs.filter(({ queryId }) => queryId === undefined)) {
      if (this.#runs.length <= MAX_RUNS || oldest === run) break;
      this.close(oldest.id);
    }
    return run;
  }

  #activate(run: PanelRun): void {
    this.#runs = [...this.#runs.filter((other) => other !== run), run];
    if (this.#order.includes(run.id)) this.#tell({ type: 'runActive', runId: run.id });
    this.#pin();
  }

  #show(run: PanelRun, change: Partial<ShownRun>): void {
    run.shown = { ...run.shown, ...change };
    if (this.#find(run.id) === run) this.#tell({ type: 'run', run: run.shown });
  }

  /** Rows of the run before stay on the screen until this one has some. */
  async #execute(run: PanelRun): Promise<ShownRun> {
    const { request } = run;
    const queryId = randomUUID();
    const beganAt = performance.now();
    run.queryId = queryId;
    run.left = new TimeLeft();
    run.errorAt = undefined;
    run.opened = [];
    const { failure: _failure, notice: _notice, ...kept } = run.shown;
    run.shown = kept;
    this.#show(run, { title: request.title, place: startPlace(request), state: 'running', elapsedMs: 0 });
    this.#tell({ type: 'runActive', runId: run.id });
    let result = await this.#ask(run, queryId, beganAt);
    const missing = result.failure?.missing;
    const values = missing && run.queryId === queryId ? await this.#askValues(missing) : undefined;
    if (values !== undefined && run.queryId === queryId) result = await this.#ask(run, queryId, beganAt, values);
    if (run.queryId !== queryId) {
      for (const { result: late } of result.statements) this.#release(late.resultId);
      return run.shown;
    }
    run.queryId = undefined;
    this.#end(run, result);
    return run.shown;
  }

  #end(run: PanelRun, { statements, failure, elapsedMs, plan }: PanelAnswer): void {
    const planned = planOutputs(statements, run.id);
    const shownIds = new Set(planned.slice(-MAX_OUTPUTS).flatMap(({ resultId }) => resultId ?? []));
    const unshown = [...run.held, ...statements.map(({ result }) => result.resultId)].filter((resultId) => !shownIds.has(resultId));
    for (const resultId of new Set([...unshown, ...unshownResults(statements)])) this.#release(resultId);
    run.held.clear();
    for (const resultId of shownIds) {
      run.held.add(resultId);
      this.#pinned.add(resultId);
    }
    const outputs = planned.map((output) => shownOutput(output, titleOf(output, statements))).slice(-MAX_OUTPUTS);
    if (plan !== undefined) outputs.push({ title: 'Plan', plan });
    const dropped = planned.length - outputs.length;
    this.#show(run, {
      state: failure === undefined ? 'done' : failure.code === 'cancelled' ? 'cancelled' : 'failed',
      elapsedMs,
      outputs,
      selected: Math.max(
        0,
        outputs.findLastIndex(({ result }) => result !== undefined),
      ),
      ...(failure && { failure: this.#describe(run, failure, statements.at(-1)?.end ?? 0) }),
      ...(dropped > 0 && { notice: `The last ${MAX_OUTPUTS} of ${planned.length} results are here.` }),
    });
    this.#pin();
  }

  #describe(run: PanelRun, failure: WireFailure, endedBefore: number): NonNullable<ShownRun['failure']> {
    const { text, target, name } = run.request;
    if (failure.code === 'cancelled') return { text: presentError(failure, text).text };
    run.errorAt = failure.position === undefined ? stoppedAt(target, endedBefore) : documentOffset(target, failure.position.offset);
    const { line, column } = placeAt(text, run.errorAt);
    const position: WirePosition | undefined = failure.position && { ...failure.position, offset: run.errorAt, line, column };
    const { text: words } = presentError(position === undefined ? failure : { ...failure, position }, text);
    return { text: words, place: `${name}:${line + 1}:${column + 1}` };
  }

  /** Never rejects: whatever goes wrong is a failure. */
  async #ask(run: PanelRun, queryId: string, beganAt: number, values?: Values): Promise<PanelAnswer> {
    const { uri, cwd, sessionId = uri } = run.request;
    const failed = (failure: WireFailure): RunQueryResult => ({ statements: [], failure, elapsedMs: performance.now() - beganAt });
    const named = { runId: queryId, sessionId, ...(cwd !== undefined && { cwd }), ...(values && { values }) };
    const answer = this.#request(run.request, named, beganAt).catch((error: unknown): PanelAnswer => failed(failureOf(error)));
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<undefined>((resolve) => {
      run.cancel = () => {
        if (timer !== undefined || run.queryId === undefined) return;
        timer = setTimeout(() => resolve(undefined), CANCEL_TIMEOUT_MS);
        this.#tell({ type: 'runProgress', runId: run.id, text: 'cancelling' });
        this.#server.request(cancelQuery, { runId: queryId }).catch(() => {
          // The run itself says what became of the server.
        });
      };
    });
    const result = await Promise.race([answer, silence]);
    clearTimeout(timer);
    if (result !== undefined) return result;
    answer
      .then((late) => {
        for (const { result: rows } of late.statements) this.#release(rows.resultId);
      })
      .catch(() => undefined);
    const message = `The server has not reacted to the cancellation for ${CANCEL_TIMEOUT_MS / 1000} s. "Kodiak: Restart the Server" ends it; temporary tables are then gone.`;
    return failed({ code: 'timeout', message });
  }

  async #request(
    request: RunRequest,
    named: { readonly runId: string; readonly sessionId: string },
    beganAt: number,
  ): Promise<PanelAnswer> {
    const { sql, plan: kind } = request.target;
    if (kind === undefined)
      return await this.#server.request(runQuery, {
        ...named,
        sql,
        pinned: true,
        plans: true,
        warnAboveRows: this.#guard?.warnAboveRows() ?? 0,
      });
    const plan = await this.#server.request(explainStatement, { ...named, sql, analyze: kind === 'profile' });
    return { statements: [], elapsedMs: performance.now() - beganAt, plan: { plan, title: request.title } };
  }

  #release(resultId: string): void {
    this.#pinned.delete(resultId);
    this.#server.request(releaseResult, { resultId }).catch(() => {
      // A server that is gone holds nothing.
    });
  }

  /** A session that a run opened after its document was closed is nobody else's. */
  #closeSession(uri: string): void {
    if (this.#isOpen(uri) || this.#runs.some(({ request }) => request.uri === uri)) return;
    this.#server.request(closeSession, { sessionId: uri }).catch(() => {
      // A server that is gone has no sessions.
    });
  }

  #pin(): void {
    const seen = this.#visible ? (this.#runs.at(-1)?.held ?? new Set<string>()) : new Set<string>();
    for (const resultId of this.#runs.flatMap(({ held }) => [...held])) {
      const pinned = seen.has(resultId);
      if (this.#pinned.has(resultId) === pinned) continue;
      if (pinned) this.#pinned.add(resultId);
      else this.#pinned.delete(resultId);
      this.#server.request(pinResult, { resultId, pinned }).catch(() => {
        // A result that was dropped says so when its rows are looked at.
      });
    }
  }
}

function isSameTarget(a: RunTarget, b: RunTarget): boolean {
  return a.sql === b.sql && a.plan === b.plan;
}

function startPlace({ name, text, target }: RunRequest): string {
  return `${name}:${placeAt(text, target.offset).line + 1}`;
}

function shownOutput({ items }: PlannedOutput, title: string): ShownOutput {
  const rows = items.find(({ mime }) => mime === RESULT_MIME);
  if (rows !== undefined) return { title, result: JSON.parse(rows.text) as ResultOutput };
  const plan = items.find(({ mime }) => mime === PLAN_MIME);
  if (plan !== undefined) return { title, plan: JSON.parse(plan.text) as PlanOutput };
  return { title, text: items[0]?.text ?? '' };
}

function titleOf({ items }: PlannedOutput, statements: RunQueryResult['statements']): string {
  const rows = items.find(({ mime }) => mime === RESULT_MIME);
  if (rows !== undefined) return (JSON.parse(rows.text) as ResultOutput).kind;
  if (items.some(({ mime }) => mime === PLAN_MIME)) return 'EXPLAIN';
  return statements.some(({ kind }) => kind === 'EXPLAIN') ? 'EXPLAIN' : 'Changes';
}
