import { randomUUID } from 'node:crypto';
import type { NotebookCell, NotebookCellExecution } from 'vscode';
import { failureOf, presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { cellName } from './cellName.ts';
import { resultNameOf } from './namedCells.ts';
import { runScheduled } from './scheduledRun.ts';
import { workingFolder } from './workingFolder.ts';

/** Runs one cell, whose execution has not begun, and says whether it ended well. Never rejects. */
export type StartCell = (execution: NotebookCellExecution, apart: boolean) => Promise<boolean>;

/** A cell that was not run, and why, where a person should know. */
export interface SkippedCell {
  readonly cell: NotebookCell;
  readonly reason: string;
}

/**
 * Runs cells of one notebook as the server says that they may: those that do not depend on each other side by side, with the answers
 * of one after the other. A cell that fails stops what depends on it. Every execution has ended when this does. Never rejects.
 */
export async function runBatch(
  server: ServerProcess,
  executions: readonly NotebookCellExecution[],
  start: StartCell,
): Promise<SkippedCell[]> {
  const begun = new Set<NotebookCellExecution>();
  const ended = new Set<NotebookCellExecution>();
  const end = (execution: NotebookCellExecution) => {
    if (begun.has(execution) || ended.has(execution)) return;
    ended.add(execution);
    execution.end(undefined);
  };
  // A cell that is taken back before it began ends at once, and with it, when its turn comes, what depends on it.
  const cancellations = executions.map((execution) => execution.token.onCancellationRequested(() => end(execution)));
  const run = async (cell: number, apart: boolean) => {
    const execution = executions[cell];
    if (!execution || ended.has(execution)) return false;
    begun.add(execution);
    return await start(execution, apart);
  };
  try {
    const reasons = await schedule(server, executions, run);
    return executions.flatMap((execution, index) => {
      const isMissed = !begun.has(execution) && !ended.has(execution);
      const reason = reasons[index];
      return isMissed && reason ? { cell: execution.cell, reason } : [];
    });
  } finally {
    for (const cancellation of cancellations) cancellation.dispose();
    for (const execution of executions) end(execution);
  }
}

/** Why each cell was not run; the same for all that are left when the server cannot be asked. */
async function schedule(
  server: ServerProcess,
  executions: readonly NotebookCellExecution[],
  run: (cell: number, apart: boolean) => Promise<boolean>,
): Promise<readonly (string | null)[]> {
  const [first] = executions;
  if (!first) return [];
  const { notebook } = first.cell;
  const cwd = workingFolder(notebook);
  const cells = executions.map(({ cell }) => {
    const named = resultNameOf(cell);
    return { name: cellName(cell), sql: cell.document.getText(), ...(named?.problem === undefined && named && { resultName: named.name }) };
  });
  try {
    const params = { batchId: randomUUID(), sessionId: notebook.uri.toString(), ...(cwd !== undefined && { cwd }), cells };
    return await runScheduled(server, params, run);
  } catch (error) {
    const { summary } = presentError(failureOf(error));
    return executions.map(() => summary);
  }
}
