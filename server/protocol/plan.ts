/** Type of a cell output whose JSON is a `PlanOutput`. */
export const PLAN_MIME = 'application/vnd.kodiak.plan+json';

/** One operator of a plan. What was not estimated or not measured is absent. */
export interface WireOperator {
  /** DuckDB's name: `HASH_JOIN`. */
  readonly kind: string;
  /** Index of the operator that takes its rows; absent for the topmost. */
  readonly parent?: number;
  readonly estimatedRows?: number;
  /** DuckDB estimates nothing for this operator: the figure follows from the estimates of its inputs. */
  readonly estimateIsDerived?: boolean;
  readonly rows?: number;
  /** Time that all threads together spent in it. */
  readonly cpuMs?: number;
  /** Rows that a scan looked at. */
  readonly rowsScanned?: number;
  readonly resultBytes?: number;
  readonly spillBytes?: number;
  readonly details: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface WirePlanTotals {
  /** By the clock. */
  readonly elapsedMs: number;
  /** Of all threads and operators together. */
  readonly cpuMs: number;
  readonly blockedMs: number;
  readonly rowsScanned: number;
  readonly peakMemoryBytes: number;
  readonly spillBytes: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly threads?: number;
}

/** How DuckDB executes a statement. */
export interface WirePlan {
  /** True when the statement was run, and there are measures. */
  readonly analyzed: boolean;
  /** Each behind the one that takes its rows, inputs in their order. */
  readonly operators: readonly WireOperator[];
  readonly totals?: WirePlanTotals;
  /** DuckDB's own drawing; for plans with estimates only. */
  readonly text?: string;
  /** What DuckDB gave; absent when it is very long. */
  readonly json?: string;
  /** Why a statement that was run has estimates only. */
  readonly notice?: string;
}

/** What an output holds of a plan: all of it. */
export interface PlanOutput {
  readonly plan: WirePlan;
  /** The statement in short. */
  readonly title: string;
}

/** From a page that shows a plan to the extension: a person wants a text in a file, or in the clipboard. */
export interface PlanTextRequest {
  readonly type: 'savePlan' | 'copyPlan';
  readonly text: string;
  /** Of the file: `svg`. */
  readonly extension: string;
}
