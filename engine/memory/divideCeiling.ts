/** What was asked for; undefined where the default holds. */
export interface CeilingRequest {
  readonly ceilingBytes: number;
  readonly duckdbBytes: number | undefined;
  readonly resultsBytes: number;
  readonly cacheBytes: number;
}

/** The parts of the ceiling. Together with what Node itself needs they are never more than it. */
export interface CeilingParts {
  readonly duckdbBytes: number;
  readonly resultsBytes: number;
  readonly cacheBytes: number;
}

const MEBIBYTE = 1024 * 1024;

/** The smallest ceiling that can be divided. */
export const MIN_CEILING_BYTES = 256 * MEBIBYTE;
export const MIN_DUCKDB_BYTES = 16 * MEBIBYTE;
export const MIN_RESULTS_BYTES = 32 * MEBIBYTE;

/** What a server takes before its first query, with V8's heap. */
const NODE_BYTES = 100 * MEBIBYTE;

/** DuckDB's share without other wishes: what a query takes is up to 1.7 times its `memory_limit` (bench/memoryCeiling.mjs). */
const DUCKDB_SHARE = 0.4;
const OVERSHOOT = 1.7;

/** The cache is of use only beside queries. */
const MAX_CACHE_SHARE = 1 / 16;

/**
 * Divides the process's ceiling among those that have limits of their own. DuckDB's part comes first and, where asked for, counts
 * as it is; the results' instance has what is left below the ceiling when DuckDB overshoots. Nobody gets less than the least
 * that works.
 */
export function divideCeiling(asked: CeilingRequest): CeilingParts {
  const cacheBytes = Math.min(asked.cacheBytes, Math.floor(asked.ceilingBytes * MAX_CACHE_SHARE));
  const left = asked.ceilingBytes - NODE_BYTES - cacheBytes;
  const duckdbBytes = bounded(asked.duckdbBytes ?? asked.ceilingBytes * DUCKDB_SHARE, MIN_DUCKDB_BYTES, left - MIN_RESULTS_BYTES);
  const besideDuckdb = left / OVERSHOOT - duckdbBytes;
  const resultsBytes = bounded(Math.min(asked.resultsBytes, besideDuckdb), MIN_RESULTS_BYTES, left - duckdbBytes);
  return { duckdbBytes, resultsBytes, cacheBytes };
}

function bounded(value: number, minimum: number, maximum: number): number {
  return Math.floor(Math.min(Math.max(value, minimum), maximum));
}
