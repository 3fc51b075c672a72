import type { CellOutcome } from './cellOutcome.ts';
import type { HeadlessCell } from './notebookCells.ts';

/** What came of a whole run, for the last words of a report. */
export interface RunEnd {
  readonly outcomes: readonly CellOutcome[];
  readonly elapsedMs: number;
  readonly startedAt: Date;
}

/** Writes a run down in one of its formats. Told of each cell in the notebook's order; the results are there until `cell` has resolved. */
export interface RunReport {
  /** `outcome` is absent for markdown, and for cells that were not to run. */
  cell(cell: HeadlessCell, outcome: CellOutcome | undefined): Promise<void>;
  end(end: RunEnd): Promise<void>;
}
