import { randomUUID } from 'node:crypto';
import { cancelQuery, type QueryProgressParams, type ScheduledCell } from '../../../server/protocol/requests.ts';
import type { WireFailure } from '../../../server/protocol/values.ts';
import { type JudgedRun, judgedRun } from '../../notebook/judgedRun.ts';
import { conflictFailure } from '../../notebook/mergeConflict.ts';
import { runScheduled } from '../../notebook/scheduledRun.ts';
import { RequestFailed } from '../serverConnection.ts';
import type { ServerLink } from '../serverLink.ts';
import { type CellOutcome, stateOf } from './cellOutcome.ts';
import type { HeadlessCell } from './notebookCells.ts';

/** `graph`: side by side where they do not depend on each other; `top`: one after the other, until one fails. */
export type RunOrder = 'graph' | 'top';

export interface NotebookRunOptions {
  readonly link: ServerLink;
  /** The notebook's path, for the history. */
  readonly file: string;
  readonly sessionId: string;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onBegin: (cell: HeadlessCell) => void;
  readonly onProgress: (cell: HeadlessCell, progress: QueryProgressParams) => void;
  /** Told of each cell when it has ended, in any order. */
  readonly onEnd: (outcome: CellOutcome) => void;
}

/** Runs code cells of a notebook, each with what its marker says; every cell has an outcome in the end. */
export async function runNotebook(cells: readonly HeadlessCell[], order: RunOrder, options: NotebookRunOptions): Promise<CellOutcome[]> {
  const outcomes = new Map<HeadlessCell, CellOutcome>();
  const end = (outcome: CellOutcome) => {
    outcomes.set(outcome.cell, outcome);
    options.onEnd(outcome);
  };
  const run = async (cell: HeadlessCell, apart: boolean) => {
    options.onBegin(cell);
    const ran = await runCell(cell, apart, options);
    end({ cell, state: stateOf(ran), run: ran });
    // An assertion that does not hold has run all the same: nothing builds on it.
    return ran.failure === undefined || ran.verdict !== undefined;
  };
  const reasons = order === 'graph' ? await runByGraph(cells, run, options) : await runDown(cells, run, options.signal);
  return cells.map((cell, at) => {
    const ended = outcomes.get(cell);
    if (ended) return ended;
    const reason = options.signal.aborted ? 'the run was cancelled' : (reasons[at] ?? 'the run ended before its turn');
    const skipped: CellOutcome = { cell, state: options.signal.aborted ? 'cancelled' : 'skipped', reason };
    end(skipped);
    return skipped;
  });
}

type Run = (cell: HeadlessCell, apart: boolean) => Promise<boolean>;

async function runByGraph(cells: readonly HeadlessCell[], run: Run, options: NotebookRunOptions): Promise<readonly (string | null)[]> {
  const { link, sessionId, cwd, signal } = options;
  const connection = await link.connect();
  const batchId = randomUUID();
  const server = {
    request: link.request.bind(link),
    onNotification: (...given: Parameters<typeof connection.on>) => ({ dispose: connection.on(...given) }),
  } as Parameters<typeof runScheduled>[0];
  const cancel = () => {
    link.request(cancelQuery, { runId: batchId }).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel);
  try {
    const params = { batchId, sessionId, cwd, cells: cells.map(scheduled) };
    return await runScheduled(server, params, async (at, apart) => {
      const cell = cells[at];
      return cell !== undefined && !signal.aborted && (await run(cell, apart));
    });
  } catch (thrown) {
    // What a cancelled schedule is answered with.
    if (signal.aborted) return [];
    throw thrown;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function runDown(cells: readonly HeadlessCell[], run: Run, signal: AbortSignal): Promise<readonly (string | null)[]> {
  let failed: HeadlessCell | undefined;
  const reasons: (string | null)[] = [];
  for (const cell of cells) {
    if (failed || signal.aborted) {
      reasons.push(failed ? `${failed.name} failed` : null);
      continue;
    }
    reasons.push(null);
    if (!(await run(cell, false))) failed = cell;
  }
  return reasons;
}

/** How the schedule sees a cell. */
export function scheduled({ name, text, resultName }: HeadlessCell): ScheduledCell {
  return { name, sql: text, ...(resultName !== undefined && { resultName }) };
}

/** Never rejects: whatever goes wrong is a failure of the cell. */
async function runCell(cell: HeadlessCell, apart: boolean, options: NotebookRunOptions): Promise<JudgedRun> {
  const { link, sessionId, cwd, signal, onProgress } = options;
  const { text, marker, resultName, nameProblem } = cell;
  const conflict = conflictFailure(text);
  const startedAt = Date.now();
  const failed = (failure: WireFailure): JudgedRun => ({ statements: [], failure, elapsedMs: Date.now() - startedAt });
  if (conflict !== undefined) return failed(conflict);
  try {
    const hooks = {
      signal,
      apart,
      resultName,
      source: options.file,
      onProgress: (progress: QueryProgressParams) => onProgress(cell, progress),
    };
    const ran = await link.run(text, sessionId, cwd, hooks);
    return { ...judgedRun(marker, text, ran), ...(nameProblem !== undefined && { nameProblem }) };
  } catch (thrown) {
    if (thrown instanceof RequestFailed) return failed(thrown.failure);
    return failed({ code: 'unavailable', message: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}
