import type { Clock } from './base/clock.ts';
import { every, type Timer } from './base/timers.ts';
import type { Connection } from './duckdb/connection.ts';
import type { RunOptions } from './types.ts';

const PROGRESS_INTERVAL_MS = 250;

export interface ScriptState {
  /** Of the running statement's result, so far. */
  readonly rows: number;
  /** See `Progress`. */
  readonly grownBytes: number;
  readonly statementIndex: number;
  readonly statementCount: number;
}

/** Tells how a script on a connection goes, four times a second, until it is disposed. */
export function tellProgress(clock: Clock, connection: Connection, onProgress: RunOptions['onProgress'], state: () => ScriptState): Timer {
  const started = clock.monotonic();
  return every(PROGRESS_INTERVAL_MS, () => {
    const { percent } = connection;
    onProgress?.({ elapsedMs: clock.monotonic() - started, ...state(), ...(percent !== undefined && { percent }) });
  });
}
