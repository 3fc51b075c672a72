import { KodiakError } from './base/errors.ts';
import type { NativeChunk } from './duckdb/nativeChunk.ts';
import { GrowingRows } from './result/growingRows.ts';
import { QueryResult } from './result/queryResult.ts';
import type { ResultRows } from './result/resultRows.ts';
import type { CompareOptions, Comparison, Result } from './types.ts';

/** What a comparison needs of the engine. */
export interface CompareContext {
  readonly clock: { monotonic(): number };
  track(rows: GrowingRows<NativeChunk>): void;
}

/**
 * Finds the rows in which two stored results differ, `left` being the one before. Neither statement runs again; both must be complete,
 * or it waits for them. The differences are a result of their own, which the caller releases.
 */
export async function compareResults(context: CompareContext, left: Result, right: Result, options: CompareOptions): Promise<Comparison> {
  if (!(left instanceof QueryResult && right instanceof QueryResult))
    throw new KodiakError('bug', 'Only results of this engine can be compared.');
  const { key, unchanged = false, signal, onProgress } = options;
  const started = context.clock.monotonic();
  const order = { left: left.columns, right: right.columns, key, unchanged, signal, onProgress };
  const before: ResultRows<NativeChunk> = left.rows;
  const now: ResultRows<NativeChunk> = right.rows;
  const { spool, found } = await before.withStored(signal, (a) => now.withStored(signal, (b) => a.compare(b, order)));
  const { columns, rowCount, ...summary } = found;
  const rowBytes = [left, right].reduce((sum, { bytes, rowCount: count }) => sum + bytes / Math.max(1, count), 0);
  const rows = GrowingRows.complete(spool, rowCount, Math.ceil(rowBytes * rowCount));
  context.track(rows);
  const result = new QueryResult({ columns, kind: 'SELECT', range: { start: 0, end: 0 } }, rows).end({
    elapsedMs: context.clock.monotonic() - started,
    rowsChanged: undefined,
    truncated: false,
    reading: undefined,
    provenance: { kind: 'run', reason: 'compared from stored rows' },
  });
  return { result, summary };
}
