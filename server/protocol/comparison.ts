import type { ResultOutput } from './notebookOutput.ts';
import type { WireComparison } from './requests.ts';

/** Type of the editor tab that shows in which rows two results differ. */
export const COMPARISON_VIEW = 'kodiak.comparison';

/** One of the two results: what it is called, and the SQL that gave it. */
export interface ComparedSide {
  readonly label: string;
  readonly sql?: string;
}

/** A comparison as its tab shows it. */
export interface ShownComparison {
  readonly before: ComparedSide;
  readonly now: ComparedSide;
  readonly output: ResultOutput;
  readonly summary: WireComparison;
  /** Rows that are the same in both are among the output's. */
  readonly unchanged: boolean;
}

/** From the extension to the page of a comparison. */
export type ComparisonMessage =
  | { readonly type: 'comparison'; readonly comparison: ShownComparison }
  | { readonly type: 'comparing'; readonly text: string }
  | { readonly type: 'comparisonFailed'; readonly message: string };

/** From the page of a comparison to the extension. */
export type ComparisonRequest =
  | { readonly type: 'ready' }
  | { readonly type: 'chooseKey' }
  | { readonly type: 'showUnchanged'; readonly unchanged: boolean }
  | { readonly type: 'cancelComparison' };
