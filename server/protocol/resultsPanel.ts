import type { ResultOutput } from './notebookOutput.ts';
import type { PlanOutput, PlanTextRequest } from './plan.ts';

/** Id of the view that package.json contributes for the results of `.sql` files. */
export const RESULTS_VIEW = 'kodiak.results';

export type ShownState = 'running' | 'done' | 'failed' | 'cancelled';

/** What one statement, or several without rows, left to look at: a grid, a plan or a text. */
export interface ShownOutput {
  /** For its tab: `SELECT`. */
  readonly title: string;
  readonly result?: ResultOutput;
  readonly plan?: PlanOutput;
  readonly text?: string;
}

/** One run as the results panel shows it. */
export interface ShownRun {
  readonly runId: string;
  /** The SQL in short, or the file's name. */
  readonly title: string;
  /** Where the SQL stands: `orders.sql:12`. */
  readonly place: string;
  readonly state: ShownState;
  /** So far, or in all. */
  readonly elapsedMs: number;
  readonly outputs: readonly ShownOutput[];
  /** Index of the output that is looked at. */
  readonly selected: number;
  /** Why the run stopped. `place` names the error's place where there is one. */
  readonly failure?: { readonly text: string; readonly place?: string };
  /** What else is to be said, such as that rows are gone. */
  readonly notice?: string;
}

/** From the extension to the panel's page. */
export type PanelMessage =
  | { readonly type: 'run'; readonly run: ShownRun }
  | { readonly type: 'runProgress'; readonly runId: string; readonly text: string; readonly percent?: number }
  | { readonly type: 'runActive'; readonly runId: string }
  | { readonly type: 'runClosed'; readonly runId: string };

/** From the panel's page to the extension, beside the requests of its grids. */
export type PanelRequest =
  | { readonly type: 'ready' }
  | PlanTextRequest
  | { readonly type: 'selectOutput'; readonly runId: string; readonly output: number }
  | { readonly type: 'goTo'; readonly runId: string; readonly target: 'statement' | 'error' }
  | { readonly type: 'cancelRun' | 'rerun' | 'exportRun' | 'closeRun'; readonly runId: string };
