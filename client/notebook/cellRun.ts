import { randomUUID } from 'node:crypto';
import {
  commands,
  Disposable,
  type LogOutputChannel,
  type NotebookCell,
  type NotebookCellExecution,
  NotebookCellOutput,
  NotebookCellOutputItem,
  window,
} from 'vscode';
import {
  answerHeld,
  cancelQuery,
  queryProgress,
  type RunHeldParams,
  type RunQueryResult,
  resultOpened,
  runHeld,
  runQuery,
} from '../../server/protocol/requests.ts';
import type { WireFailure } from '../../server/protocol/values.ts';
import { askAboutRun } from '../askAboutRun.ts';
import { progressText } from '../monitor/progressText.ts';
import { formatDuration } from '../monitor/statsText.ts';
import { TimeLeft } from '../monitor/timeLeft.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { RunTarget } from '../results/runTarget.ts';
import type { ServerProcess } from '../serverProcess.ts';
import type { Verdict } from './assertion.ts';
import { readMarker } from './cellMarker.ts';
import { showCellPlan } from './cellPlan.ts';
import type { CellStatus, CellStatusText } from './cellStatus.ts';
import { type HeldResults, idsIn } from './heldResults.ts';
import { type JudgedRun, judgedRun } from './judgedRun.ts';
import { conflictFailure } from './mergeConflict.ts';
import { resultNameOf } from './namedCells.ts';
import { isInputs, isParams, type ParamsCells } from './paramsCells.ts';
import { planParams } from './paramsOutput.ts';
import type { PinnedResults } from './pinnedResults.ts';
import { openedOutput, type PlannedOutput, planOutputs, runSummary, unshownResults } from './resultOutput.ts';
import type { RunDiagnostics } from './runDiagnostics.ts';
import { cellSource } from './serializer.ts';
import { toItems, toOutput } from './toOutput.ts';
import { workingFolder } from './workingFolder.ts';

/** How long a server may take to react to a cancellation. */
const CANCEL_TIMEOUT_MS = 5000;

/** Outputs of the run before stay so long, unless others take their place sooner. */
const CLEAR_AFTER_MS = 100;

export interface CellRunParts {
  readonly log: LogOutputChannel;
  readonly server: ServerProcess;
  readonly held: HeldResults;
  readonly status: CellStatus;
  readonly diagnostics: RunDiagnostics;
  /** Told of each run before it begins. */
  readonly began: (cell: NotebookCell, runId: string) => void;
  readonly params: ParamsCells;
  readonly pins: PinnedResults;
  /** Told what came of each run, when it is on the screen. */
  readonly ended: (ended: EndedCellRun) => void;
}

/** A cell's run that has ended. */
export interface EndedCellRun {
  readonly cell: NotebookCell;
  readonly run: JudgedRun;
  readonly runId: string;
  /** What was run. */
  readonly sql: string;
}

/** One run of one cell: from the start of its execution to its outputs. */
export class CellRun {
  readonly #parts: CellRunParts;
  readonly #cell: NotebookCell;
  readonly #execution: NotebookCellExecution;
  readonly #apart: boolean;
  readonly #runId = randomUUID();
  readonly #startedAt = Date.now();
  readonly #left = new TimeLeft();
  /** Outputs on the screen, in order. */
  readonly #shown: { readonly output: NotebookCellOutput; readonly resultId: string }[] = [];
  #showing: Promise<void> = Promise.resolve();
  /** Outputs of the run before are still on the screen. */
  #outdated = false;
  /** The statement that was not run, because somebody wants to see its plan first. */
  #wanted: RunTarget | undefined;

  /** `apart`: it may run beside others of its notebook. */
  constructor(parts: CellRunParts, execution: NotebookCellExecution, apart: boolean) {
    this.#parts = parts;
    this.#apart = apart;
    this.#cell = execution.cell;
    this.#execution = execution;
  }

  /** Says whether the cell ended well. */
  async run(): Promise<boolean> {
    const { held, status, diagnostics, params } = this.#parts;
    const sql = this.#cell.document.getText();
    diagnostics.clear(this.#cell.document);
    status.set(this.#cell, undefined);
    const marker = readMarker(cellSource(this.#cell.metadata));
    // Inputs stay while their cell runs: somebody may be in one.
    this.#outdated = marker.role !== 'params' && this.#cell.outputs.length > 0;
    if (sql.trim() === '' && marker.role === undefined) {
      await this.#showNext([]);
      return true;
    }
    const clearing = setTimeout(() => this.#showInTurn([]), CLEAR_AFTER_MS);
    this.#parts.began(this.#cell, this.#runId);
    const subscriptions = this.#listen();
    held.runBegins(this.#cell);
    try {
      await params.prepare(this.#cell, sql);
      let ran = await this.#request(sql);
      const missing = ran.failure?.missing;
      if (missing !== undefined && (await params.ask(this.#cell, missing))) ran = await this.#request(sql);
      const result = judgedRun(marker, sql, ran);
      params.ended(this.#cell, sql, result.failure === undefined);
      clearTimeout(clearing);
      await this.#showing.catch((thrown: unknown) => {
        this.#releaseAll(ran);
        throw thrown;
      });
      await this.#present(result, sql);
      this.#parts.ended({ cell: this.#cell, run: result, runId: this.#runId, sql });
      if (this.#wanted !== undefined) await showCellPlan(this.#parts.server, this.#execution, this.#wanted);
      return result.failure === undefined;
    } finally {
      clearTimeout(clearing);
      subscriptions.dispose();
      held.runEnded(this.#cell);
    }
  }

  #showInTurn(outputs: readonly NotebookCellOutput[]): void {
    this.#showing = this.#showing.then(() => this.#showNext(outputs));
    this.#showing.catch(() => {
      // Said where it is waited for.
    });
  }

  /** Outputs of the run before are replaced at once: taking them off the screen first takes longer than most statements. */
  async #showNext(outputs: readonly NotebookCellOutput[]): Promise<void> {
    if (!this.#outdated) {
      if (outputs.length > 0) await this.#execution.appendOutput([...outputs]);
      return;
    }
    this.#outdated = false;
    await this.#execution.replaceOutput([...outputs]);
    this.#parts.held.releaseReplaced(this.#cell);
  }

  #listen(): Disposable {
    const { server, held, status } = this.#parts;
    return Disposable.from(
      server.onNotification(queryProgress, (progress) => {
        if (progress.runId === this.#runId)
          status.set(this.#cell, {
            text: `$(sync~spin) ${progressText(progress, formatDuration(progress.elapsedMs), this.#left.update(progress))}`,
            runs: true,
          });
      }),
      server.onNotification(runHeld, (question) => {
        if (question.runId === this.#runId) void this.#decide(question);
      }),
      server.onNotification(resultOpened, ({ runId, result, statementIndex }) => {
        if (runId !== this.#runId) return;
        held.hold(this.#cell, result.resultId);
        const output = toOutput(openedOutput(result, Date.now() - this.#startedAt, this.#origin, statementIndex));
        this.#shown.push({ output, resultId: result.resultId });
        this.#showInTurn([output]);
      }),
    );
  }

  async #decide(held: RunHeldParams): Promise<void> {
    const sql = this.#cell.document.getText();
    const decision = await askAboutRun.decide(held, sql);
    if (decision === 'plan') this.#wanted = { sql: sql.slice(held.start, held.end), offset: held.start, plan: 'explain' };
    await this.#parts.server.request(answerHeld, { runId: this.#runId, run: decision === 'run' }).catch(() => {
      // The run itself says what became of the server.
    });
  }

  /** Never rejects: whatever goes wrong is a failure. */
  async #request(sql: string): Promise<RunQueryResult> {
    const conflict = conflictFailure(sql);
    if (conflict !== undefined) return this.#failed(conflict);
    const { server } = this.#parts;
    const { notebook } = this.#cell;
    const cwd = workingFolder(notebook);
    const named = resultNameOf(this.#cell);
    const params = {
      runId: this.#runId,
      sessionId: notebook.uri.toString(),
      sql,
      pinned: true,
      apart: this.#apart,
      plans: true,
      warnAboveRows: askAboutRun.warnAboveRows(),
      ...(cwd !== undefined && { cwd }),
      ...(named && named.problem === undefined && { resultName: named.name }),
    };
    const answer = server.request(runQuery, params, this.#execution.token).catch((error: unknown) => this.#failed(failureOf(error)));
    const { silence, stop } = this.#cancellation();
    try {
      const result = await Promise.race([answer, silence]);
      if (result !== undefined) return { ...result, ...(named?.problem !== undefined && { nameProblem: named.problem }) };
    } finally {
      stop();
    }
    answer.then((late) => this.#releaseAll(late)).catch(() => undefined);
    void offerRestart();
    return this.#failed({
      code: 'timeout',
      message: `The server has not reacted to the cancellation for ${CANCEL_TIMEOUT_MS / 1000} s. "Kodiak: Restart the Server" ends it; temporary tables are then gone.`,
    });
  }

  /** Passes a cancellation on. `silence` resolves when the server does not react to it. */
  #cancellation(): { readonly silence: Promise<undefined>; readonly stop: () => void } {
    let timer: NodeJS.Timeout | undefined;
    let subscription: Disposable | undefined;
    const silence = new Promise<undefined>((resolve) => {
      subscription = this.#execution.token.onCancellationRequested(() => {
        this.#parts.status.set(this.#cell, { text: '$(sync~spin) cancelling', runs: true });
        timer = setTimeout(() => resolve(undefined), CANCEL_TIMEOUT_MS);
        this.#parts.server.request(cancelQuery, { runId: this.#runId }).catch(() => {
          // The run itself says what became of the server.
        });
      });
    });
    const stop = () => {
      clearTimeout(timer);
      subscription?.dispose();
    };
    return { silence, stop };
  }

  /** A cell keeps its URI while its notebook is open. */
  get #origin(): string {
    return this.#cell.document.uri.toString();
  }

  async #present(result: JudgedRun, sql: string): Promise<void> {
    const { held, status, diagnostics, pins } = this.#parts;
    const { statements, failure, verdict, nameProblem } = result;
    const planned = [...planOutputs(statements, this.#origin), ...pins.outputsOf(this.#cell)];
    for (const { resultId } of planned) if (resultId !== undefined) held.hold(this.#cell, resultId);
    for (const resultId of unshownResults(statements)) held.release(resultId);
    const others = [
      ...(nameProblem === undefined ? [] : [new NotebookCellOutput([NotebookCellOutputItem.stderr(nameProblem)])]),
      ...(failure === undefined ? [] : [failureOutput(failure, verdict ? undefined : sql)]),
    ];
    if (isParams(this.#cell)) await this.#showParams(planned, others);
    else await this.#show(planned, others);
    if (failure !== undefined) diagnostics.show(this.#cell.document, failure);
    status.set(this.#cell, statusOf(result));
  }

  /** The inputs, and rows that the cell gave besides. Inputs on the screen are updated in place, so that the one with the focus keeps it. */
  async #showParams(planned: readonly PlannedOutput[], others: readonly NotebookCellOutput[]): Promise<void> {
    const inputs = planParams(this.#parts.params.outputOf(this.#cell));
    const rows = planned.filter(({ resultId }) => resultId !== undefined);
    const [present] = this.#cell.outputs;
    if (present && this.#cell.outputs.length === 1 && isInputs(present) && rows.length + others.length === 0) {
      await this.#execution.replaceOutputItems(toItems(inputs), present);
      return;
    }
    await this.#execution.replaceOutput([toOutput(inputs), ...rows.map(toOutput), ...others]);
  }

  /** Outputs that are on the screen already are updated in place, so that a grid keeps its position. */
  async #show(planned: readonly PlannedOutput[], others: readonly NotebookCellOutput[]): Promise<void> {
    const present = idsIn(this.#cell.outputs);
    const inPlace = this.#shown.every(({ resultId }, index) => planned[index]?.resultId === resultId && present.has(resultId));
    const outputs = planned.map((plan, index) => (inPlace ? this.#shown[index]?.output : undefined) ?? toOutput(plan));
    if (!inPlace) {
      await this.#execution.replaceOutput([...outputs, ...others]);
      return;
    }
    for (const [index, { output }] of this.#shown.entries()) {
      const plan = planned[index];
      if (plan !== undefined) await this.#execution.replaceOutputItems(toItems(plan), output);
    }
    await this.#showNext([...outputs.slice(this.#shown.length), ...others]);
  }

  #failed(failure: WireFailure): RunQueryResult {
    return { statements: [], failure, elapsedMs: Date.now() - this.#startedAt };
  }

  #releaseAll(result: RunQueryResult): void {
    for (const statement of result.statements) this.#parts.held.release(statement.result.resultId);
  }
}

function statusOf({ statements, failure, verdict, elapsedMs }: JudgedRun): CellStatusText | undefined {
  if (verdict !== undefined) return verdictStatus(verdict, elapsedMs);
  if (failure?.code === 'cancelled') return { text: `cancelled after ${formatDuration(elapsedMs)}` };
  if (failure !== undefined || statements.length === 0) return undefined;
  const tooltip = statements.at(-1)?.result.provenance.reason;
  return { text: runSummary(statements, elapsedMs), ...(tooltip && { tooltip }) };
}

function verdictStatus({ state, text, message }: Verdict, elapsedMs: number): CellStatusText {
  const status = `${state === 'passed' ? '$(pass-filled)' : '$(error)'} ${text} · ${formatDuration(elapsedMs)}`;
  return { text: status, ...(message !== '' && { tooltip: message }) };
}

async function offerRestart(): Promise<void> {
  const restart = 'Restart the Server';
  const choice = await window.showWarningMessage('The Kodiak server does not react to the cancellation.', restart);
  if (choice === restart) await commands.executeCommand('kodiak.restartServer');
}

/** The error renderer draws the stack in a fixed-width font, which carets need. Without the SQL no line of it is shown. */
export function failureOutput(failure: WireFailure, sql: string | undefined): NotebookCellOutput {
  const { summary, text } = presentError(failure, sql);
  const error = new Error(summary);
  error.name = failure.code === 'cancelled' ? 'Cancelled' : 'Error';
  error.stack = text;
  return new NotebookCellOutput([NotebookCellOutputItem.error(error)]);
}
