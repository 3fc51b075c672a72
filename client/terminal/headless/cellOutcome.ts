import type { JudgedRun } from '../../notebook/judgedRun.ts';
import type { HeadlessCell } from './notebookCells.ts';

/** How a cell stands after a run. `assertionFailed`: its statements ended well, and what it says is not so. */
export type CellState = 'ok' | 'assertionFailed' | 'failed' | 'skipped' | 'cancelled';

/** What became of a code cell. Its results are held until the reports have read them. */
export interface CellOutcome {
  readonly cell: HeadlessCell;
  readonly state: CellState;
  /** Why it was not run. */
  readonly reason?: string;
  /** Absent for a cell that was not run. */
  readonly run?: JudgedRun;
}

export function stateOf(run: JudgedRun): CellState {
  if (run.failure === undefined) return 'ok';
  if (run.verdict !== undefined) return 'assertionFailed';
  return run.failure.code === 'cancelled' ? 'cancelled' : 'failed';
}
