/**
 * A cell as JSON can carry it without loss; the column's type says how to read it.
 *
 * NULL is `null`, BOOLEAN is a boolean. Integers are numbers while they are safe integers and decimal strings beyond that
 * (`Number.MAX_SAFE_INTEGER`). FLOAT and DOUBLE are numbers, except the strings `NaN`, `Infinity`, `-Infinity` and `-0.0`.
 * DECIMAL, dates, times, intervals, UUID and BIT are DuckDB's own text. BLOB is `\xHH` text as DuckDB prints it.
 * LIST and ARRAY are arrays, STRUCT is an object, MAP is an array of `[key, value]`, UNION is its active value.
 */
export type WireValue = null | boolean | number | string | readonly WireValue[] | { readonly [field: string]: WireValue };

export type WireRow = readonly WireValue[];

export interface WireColumn {
  readonly name: string;
  /** DuckDB's name of the type, as `DESCRIBE` prints it: `BIGINT`, `DECIMAL(18,3)`, `STRUCT(a INTEGER)`. */
  readonly type: string;
}

/**
 * How a result came to be: run now, proved to be what a run would give, run without the cache (`reason` says why), or shown as an
 * earlier run left it (`reason` says what of it is missing).
 */
export interface WireProvenance {
  readonly kind: 'run' | 'proved' | 'bypass' | 'earlier';
  readonly reason: string;
  /** For `proved`: what the run took that computed the rows. */
  readonly costMs?: number;
}

/** A closed set: what went wrong, in the reader's terms. */
export type FailureCode = 'sql' | 'cancelled' | 'timeout' | 'limit' | 'unavailable' | 'bug';

/** A place in the text that was sent. All three are zero-based and count UTF-16 code units; `length` is at least 1. */
export interface WirePosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface WireFailure {
  readonly code: FailureCode;
  readonly message: string;
  /** Only for `sql`, and only where DuckDB names a place in the text that was sent. */
  readonly position?: WirePosition;
  /** Names that DuckDB offers instead of an unknown one, best first. */
  readonly candidates?: readonly string[];
  /** The setting to change, for `limit`, or the one that rows were dropped to stay under. */
  readonly setting?: string;
  /** What can be offered at once: the rows are gone, but running the statement again gives them. */
  readonly remedy?: 'runAgain';
  /** Names that the statement has as `$name` and that have no value, with the type that DuckDB would take. */
  readonly missing?: readonly { readonly name: string; readonly type?: string }[];
}

/** A value of any type, as DuckDB writes it: `{ type: 'DATE', text: '2024-01-31' }`. Without a text it is NULL. */
export interface WireParameter {
  readonly type: string;
  readonly text: string | null;
}
