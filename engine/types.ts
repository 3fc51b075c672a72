import type { Clock } from './base/clock.ts';
import type { KodiakError } from './base/errors.ts';

/** Options of `openEngine`. Every field has a default; values out of bounds are corrected and reported through `log`. */
export interface EngineOptions {
  /** `:memory:` (default) or a path. A missing file is created, unless `readOnly`; a missing folder is an error. */
  readonly database?: string;
  readonly readOnly?: boolean;
  readonly cache?: {
    readonly enabled?: boolean;
    /** Default 100. */
    readonly maxEntries?: number;
    /** Default 64 MiB. */
    readonly maxBytes?: number;
    /** Results that took less engine time are not kept, nor those that took less than three times their look-up; default 3. 0 keeps all. */
    readonly minCostMs?: number;
    /** What is evicted first: what saves least engine time for its size (`cost`, default), or what was not used for longest. */
    readonly policy?: 'cost' | 'lru';
  };
  readonly pool?: {
    /** Connections in all, sessions included; default 10. */
    readonly maxConnections?: number;
    /** Default 10,000. */
    readonly acquireTimeoutMs?: number;
    /** Sessions that may wait for a connection; default 100. */
    readonly maxWaiting?: number;
  };
  readonly memory?: {
    /**
     * For the whole process; default: the control group's limit or the machine's memory. DuckDB's, the results' and the cache's
     * limits are cut to fit below it. A query that takes the process near it is stopped with `limit`.
     */
    readonly ceilingBytes?: number;
    /** DuckDB's `memory_limit`; default: 40 % of the ceiling. */
    readonly limitBytes?: number;
    /** Clean-up starts above this many kept bytes; default 100 MiB. */
    readonly thresholdBytes?: number;
    /** Default 60,000. */
    readonly sampleIntervalMs?: number;
  };
  readonly parallel?: {
    /** False: one thread, one statement at a time. */
    readonly enabled?: boolean;
    /** DuckDB threads; default: all cores. */
    readonly threads?: number;
    /** Statements that run at the same time; default 8, at most the libuv threads less two. */
    readonly maxRunning?: number;
  };
  readonly results?: {
    /** `memory_limit` of the instance that keeps large results; default 512 MiB. It spills to `temporaryFolder` beyond that. */
    readonly memoryLimitBytes?: number;
    /** Disk space for spilling; default: 90 % of what is free. */
    readonly maxSpillBytes?: number;
  };
  /** Folder for spill files; default: a private one in the system's temporary folder, removed by `close`. */
  readonly temporaryFolder?: string;
  /**
   * Folder in which the history of a database file is handed from one process to the next, so that what was read in one can be
   * proved unchanged in the next. Default: none is.
   */
  readonly historyFolder?: string;
  /** Receives one line per corrected option or background failure. */
  readonly log?: (line: string) => void;
  readonly clock?: Clock;
}

export interface SessionOptions {
  /** Shown in `.connections`. */
  readonly name?: string;
  /** Absolute folder for relative file paths in SQL; default: the process's working directory. */
  readonly cwd?: string;
  /** Aborting it while the session waits for a connection ends the wait with `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A value of any type, as DuckDB writes it: `{ type: 'DATE', text: '2024-01-31' }`. Without a text it is NULL. */
export interface TypedValue {
  readonly type: string;
  readonly text: string | null;
}

/** Values that can be bound. `number` becomes INTEGER or DOUBLE, `bigint` BIGINT or HUGEINT, `Date` TIMESTAMP, `Uint8Array` BLOB. */
export type ParameterValue = null | boolean | number | bigint | string | Date | Uint8Array | TypedValue;

/** By position (`?`, `$1`) or by name (`$name`). */
export type Parameters = readonly ParameterValue[] | Readonly<Record<string, ParameterValue>>;

/**
 * A cell without loss: BOOLEAN boolean; integers up to 32 bits, FLOAT and DOUBLE number; larger integers bigint; DECIMAL, DATE,
 * TIME, TIMESTAMP, INTERVAL, UUID, BIT, ENUM and VARCHAR string (DuckDB's own text); BLOB Uint8Array; LIST and ARRAY array;
 * STRUCT object; MAP array of `[key, value]`; UNION its active value; NULL null.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | { readonly [field: string]: Value };

export type Row = readonly Value[];

export interface Column {
  readonly name: string;
  /** DuckDB's name of the type, as `DESCRIBE` prints it. */
  readonly type: string;
}

/** `run`: executed now; `proved`: taken from the cache with a proof that a run would give the same; `bypass`: executed, not cacheable. */
export interface Provenance {
  readonly kind: 'run' | 'proved' | 'bypass';
  readonly reason: string;
  /** For `proved`: what the run took that computed the rows. */
  readonly costMs?: number;
}

/** Something that a statement read and that is not any more what it was. */
export interface SourceChange {
  /** `names`: a view, macro, type, setting or variable means something else. `anything`: what changed is not known exactly. */
  readonly kind: 'table' | 'database' | 'file' | 'names' | 'anything';
  /** `catalog.schema.table`, a database, a path, or `names like *.csv in /folder`. */
  readonly name?: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** The statement that did it, of whose session, and what that run was called; absent for files and when nobody knows. */
  readonly by?: { readonly session: string; readonly origin?: string; readonly sql: string };
}

/**
 * Whether what a statement read is still what it was. `fresh` is proved as the cache proves it; `unknown` says why nothing can be
 * said, and `passing` that it will be known when what runs now has ended; `done` is a statement that was there to change something, once.
 */
export type Freshness =
  | { readonly state: 'fresh' }
  | { readonly state: 'stale'; readonly change: SourceChange }
  | { readonly state: 'unknown'; readonly reason: string; readonly passing?: true }
  | { readonly state: 'done' };

/** What a statement reads and writes, and the views, macros and types that it defines: their names in lower case, without schema. */
export interface StatementEffects extends CellEffects {
  readonly defines: readonly string[];
  /** It may have changed settings or the search path, on which every other statement may depend. */
  readonly settings: boolean;
}

/** What one statement read when it ran. */
export interface Reading {
  readonly effects: StatementEffects;
  /** True when only looking at files can tell whether it is stale: nothing tells of their changes. */
  readonly readsFiles: boolean;
  /** Never rejects. May plan the statement once more, in its session's turn. */
  freshness(): Promise<Freshness>;
  /** What it read as data for `Engine.freshnessOf`, in this process or a later one. As `freshness`. */
  record(): Promise<unknown>;
}

export interface RunOptions {
  /** Aborting interrupts the query; `run` then rejects with code `cancelled`. */
  readonly signal?: AbortSignal;
  /** Keep at most this many rows of each result; the query is stopped there and the result says `truncated`. */
  readonly maxRows?: number;
  /** Called at most four times a second while the script runs. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called once per statement whose first rows are there while the rest still arrives. */
  readonly onFirstRows?: (result: Result, statementIndex: number) => void;
  /** False: neither look up nor store in the cache. */
  readonly useCache?: boolean;
  /**
   * It is known to only read, and nothing that belongs to the session: it may run on another connection at once, beside what the
   * session runs. Without a connection to spare it waits for its turn.
   */
  readonly apart?: boolean;
  /** What the caller calls this run; told to whom asks who changed something. */
  readonly origin?: string;
  /**
   * Values for the `$name`s that a statement has, whichever those are. A `$name` that is not here has the value of the session's
   * variable of that name (SET VARIABLE); where there is none, the run rejects with `sql` and what is `missing`.
   */
  readonly values?: Readonly<Record<string, TypedValue>>;
  /**
   * Later statements of the session can read the rows of the last statement under this name, as `FROM daily`, until a run under
   * the same name begins. What became of that is told `onNamed`.
   */
  readonly resultName?: string;
  /** `problem` says why the rows cannot be read under the name; the run itself is none the worse for it. */
  readonly onNamed?: (problem: string | undefined) => void;
  /** Results of EXPLAIN statements have a `plan`; those of EXPLAIN ANALYZE then hold it as JSON instead of DuckDB's drawing. */
  readonly plans?: boolean;
  /** Asks somebody before a statement runs that may give very many rows. */
  readonly guard?: RunGuard;
}

/** What a run may produce, before it is begun. */
export interface RunEstimate {
  /** UTF-16 offsets of the statement in the text given to `run`. */
  readonly range: { readonly start: number; readonly end: number };
  /** DuckDB's estimate for the operator with most rows, which need not be the rows of the result. */
  readonly rows: number;
  /** That operator: `CROSS_PRODUCT`. */
  readonly operator: string;
}

export interface RunGuard {
  /** Statements with a larger estimate than this are asked about. */
  readonly aboveRows: number;
  /** False: the statement is not run, and the script ends with `cancelled`. */
  readonly ask: (estimate: RunEstimate) => Promise<boolean>;
}

export interface Progress {
  readonly elapsedMs: number;
  /** 0 to 100 where DuckDB can tell. */
  readonly percent?: number;
  /** Rows of the running statement's result so far. */
  readonly rows: number;
  /** What the process has grown by for the statement, about: what it grows by is shared among what runs. */
  readonly grownBytes: number;
  readonly statementIndex: number;
  readonly statementCount: number;
}

/** Rows of one statement. Stays readable after its session and the cache let go of it, until `release` or `engine.close`. */
export interface Result {
  readonly columns: readonly Column[];
  /** Final once `complete`. */
  readonly rowCount: number;
  readonly complete: boolean;
  readonly truncated: boolean;
  /** DuckDB's statement kind: `SELECT`, `INSERT`, `CREATE` … */
  readonly kind: string;
  /** For INSERT, UPDATE, DELETE and MERGE. */
  readonly rowsChanged: number | undefined;
  readonly elapsedMs: number;
  readonly provenance: Provenance;
  /** Of an EXPLAIN statement, when the run was asked for plans. */
  readonly plan?: Plan | undefined;
  /** What the statement read; there once `complete`. Outlives `release`. */
  readonly reading: Reading | undefined;
  /** UTF-16 offsets of the statement in the text given to `run`. */
  readonly range: { readonly start: number; readonly end: number };
  /**
   * Rows `offset` to `offset + limit` (fewer at the end, none beyond it). While rows still arrive it waits for those asked for.
   * Rejects with `unavailable` after `release`.
   */
  page(offset: number, limit: number, options?: PageOptions): Promise<Row[]>;
  /** Estimated size of all rows, wherever they are kept. */
  readonly bytes: number;
  /**
   * The kept rows sorted, filtered and searched, without running the statement again. Waits until all rows are there. Rejects with
   * `sql` for a column that does not exist or a value that is not one of its type, with `limit` when the work does not fit into
   * memory and disk, and with `cancelled` after an abort; nothing stays behind then.
   */
  view(spec: ViewSpec, options?: { readonly signal?: AbortSignal }): Promise<ResultView>;
  /** Statistics of the column with this index, over all kept rows. Rejects as `view` does. */
  profile(column: number, options?: { readonly signal?: AbortSignal }): Promise<ColumnProfile>;
  /** What the values of some columns in a range of rows add up to, in the order of the columns. Rejects as `view` does. */
  sum(range: RowRange, columns: readonly number[], options?: ShownOptions): Promise<ColumnSum[]>;
  /**
   * The next row, or the one before, in which the text of any column contains this, in upper or lower case. The search begins beside
   * row `from`, which may be -1 or the number of rows. Undefined where there is none. Rejects as `view` does.
   */
  find(search: string, from: number, options?: ShownOptions & { readonly backwards?: boolean }): Promise<number | undefined>;
  /** A part of the text of one value, however long it is; see `TextPart`. Rejects as `view` does. */
  textPart(row: number, column: number, offset: number, length: number, options?: ShownOptions): Promise<TextPart>;
  /**
   * Sums up all kept rows, or those of a view, to what a chart draws, or refuses a senseless chart with a reason. Rejects as `view` does.
   */
  chart(spec: ChartSpec, options?: ShownOptions): Promise<ChartAnswer>;
  /**
   * Writes all kept rows, or those of a view, to a file. The file appears under its name only when it is complete. Rejects with
   * `unavailable` when the folder is missing or closed to us, the disk is full, or the file exists and `overwrite` is not set; the
   * old file is then untouched.
   */
  export(path: string, options: ExportOptions): Promise<ExportSummary>;
  /** A hold of one's own on the same rows of a complete result. Throws `unavailable` after `release`. */
  share(): Result;
  /**
   * A digest of names, types and all kept rows, however many. The order of the rows does not count, and of floating-point numbers twelve
   * digits: neither is the same in every run of a query. Rejects as `view` does.
   */
  digest(options?: { readonly signal?: AbortSignal }): Promise<string>;
  /** Gives the rows back. A second call does nothing. */
  release(): void;
}

export interface PageOptions {
  /** Texts and blobs that are longer than this are cut, but stay longer than it by one: so it is known that they were cut. */
  readonly maxLength?: number;
}

/** Which rows are meant: those of the result, or those of one of its views. */
export interface ShownOptions {
  readonly view?: ResultView;
  readonly signal?: AbortSignal;
}

export interface RowRange {
  readonly offset: number;
  readonly limit: number;
}

/** NULL and NaN are left out of everything but `NaN`, which counts as a value. */
export interface ColumnSum {
  /** Values that are not NULL. */
  readonly values: number;
  /** Only for numbers, and only where there is one. */
  readonly numbers?: { readonly count: number; readonly sum: number; readonly minimum: number; readonly maximum: number };
}

/** A part of a value's text. Lengths and offsets are in characters as DuckDB counts them; a BLOB is its bytes in hexadecimal digits. */
export interface TextPart {
  readonly text: string;
  /** Of the whole; 0 for NULL. */
  readonly length: number;
  readonly isNull: boolean;
}

/** How two results are compared. */
export interface CompareOptions {
  /** Names of the columns that tell rows apart. Left out: they are guessed; empty: whole rows are compared, each as often as it is there. */
  readonly key?: readonly string[];
  /** Keep rows that are the same in both, too. */
  readonly unchanged?: boolean;
  readonly signal?: AbortSignal;
  /** Called about four times a second, with 0 to 100 of the step that runs. */
  readonly onProgress?: (percent: number) => void;
}

/** What a comparison found. Columns that only one result has, or that have types which cannot be compared, are left out of it. */
export interface ComparisonSummary {
  /** Empty: whole rows were compared. */
  readonly key: readonly string[];
  readonly keyIsGuessed: boolean;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly unchanged: number;
  /** The compared columns beside the key, with the number of rows in which they changed. */
  readonly changedColumns: readonly { readonly name: string; readonly changed: number }[];
  readonly onlyLeft: readonly string[];
  readonly onlyRight: readonly string[];
  readonly otherTypes: readonly { readonly name: string; readonly left: string; readonly right: string }[];
  /** Rows whose key other rows of the same result have as well: they were paired in their order. */
  readonly duplicateKeys: { readonly left: number; readonly right: number };
  /** Columns of `Comparison.result` with a value and, in the other, the one before. In changed rows the two differ or are the same. */
  readonly cells: readonly { readonly now: number; readonly before: number }[];
}

/** The rows in which two results differ: `change` (added, removed, changed, unchanged), the key, and the values of now and before. */
export interface Comparison {
  readonly result: Result;
  readonly summary: ComparisonSummary;
}

export type FilterOperator =
  | 'equals'
  | 'notEquals'
  | 'less'
  | 'lessOrEqual'
  | 'greater'
  | 'greaterOrEqual'
  | 'between'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'matches'
  | 'isNull'
  | 'isNotNull'
  | 'in';

/**
 * A condition on one column. Texts given for a column of another type are read as that type. `contains`, `startsWith`, `endsWith`
 * and `matches` (a regular expression that fits anywhere) look at the value's text, with its case. NULL fits only `isNull`,
 * `notEquals` and an `in` that names it.
 */
export interface ColumnFilter {
  /** Zero-based. */
  readonly column: number;
  readonly op: FilterOperator;
  /** One value; two for `between` (both inclusive), any number for `in`, none for `isNull` and `isNotNull`. */
  readonly values?: readonly (null | boolean | number | bigint | string)[];
}

export interface SortKey {
  /** Zero-based. */
  readonly column: number;
  readonly descending?: boolean;
  /** Default: NULLs are last, whatever the direction. */
  readonly nullsFirst?: boolean;
}

/** What a view shows: rows that pass all filters and the search, sorted; rows that are equal keep the order of the result. */
export interface ViewSpec {
  readonly sort?: readonly SortKey[];
  readonly filters?: readonly ColumnFilter[];
  /** Kept are rows in which the text of any column contains this, in upper or lower case. */
  readonly search?: string;
}

/** Rows of a result in another order or number. It keeps the result's rows, also after the result is released. */
export interface ResultView {
  readonly rowCount: number;
  /** As `Result.page`. */
  page(offset: number, limit: number, options?: PageOptions): Promise<Row[]>;
  /** Where the rows of that page stand in the result. */
  positions(offset: number, limit: number): Promise<number[]>;
  /** Gives the view back. A second call does nothing. */
  release(): void;
}

/** Values from `from` (inclusive) to `to`, which only the last bin includes. */
export interface HistogramBin {
  readonly from: Value;
  readonly to: Value;
  readonly count: number;
}

/** Statistics of one column. NULL is counted in `nullCount` and nowhere else. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  readonly rowCount: number;
  readonly nullCount: number;
  readonly distinctCount: number;
  /** True for an estimate (HyperLogLog, a few per cent off), which large results get. */
  readonly distinctIsApproximate: boolean;
  /** By DuckDB's order, in which NaN is the greatest number; absent without values. */
  readonly minimum?: Value;
  readonly maximum?: Value;
  /** Values below which 5, 25, 50, 75 and 95 % of all finite values lie; for numbers and times. */
  readonly quantiles?: { readonly p05: Value; readonly p25: Value; readonly p50: Value; readonly p75: Value; readonly p95: Value };
  /** True for an estimate (t-digest), which large results get. */
  readonly quantilesAreApproximate: boolean;
  /** At most 20 bins of equal width over the finite values of numbers and times; empty for other types. */
  readonly histogram: readonly HistogramBin[];
  /** The ten most frequent values, most frequent first. */
  readonly top: readonly { readonly value: Value; readonly count: number }[];
}

export interface ArchiveOptions {
  /** Only the first so many rows are written; default: all. */
  readonly maxRows?: number;
  readonly signal?: AbortSignal;
}

/** What is in a file of rows. */
export interface ArchiveSummary {
  readonly rows: number;
  /** The same for equal rows of equal types, in any process. */
  readonly fingerprint: string;
}

/** A result whose rows are in a file that `Engine.archive` wrote, and what is to be known of it without opening that. */
export interface ArchivedResult {
  readonly path: string;
  readonly columns: readonly Column[];
  readonly kind: string;
  readonly range: { readonly start: number; readonly end: number };
  /** In the file. */
  readonly rowCount: number;
  /** Estimated size of those rows. */
  readonly bytes: number;
  readonly truncated: boolean;
  readonly rowsChanged: number | undefined;
  readonly elapsedMs: number;
  readonly provenance: Provenance;
}

/** Reads results from files. It has no part in any database of the user's, and runs nothing but its own queries over those rows. */
export interface ArchiveReader {
  /**
   * Gives a result at once; its file is opened when its rows are first looked at, and is not locked then. A file that is gone or
   * damaged makes that reject with `unavailable`.
   */
  open(archived: ArchivedResult): Result;
  /** Interrupts what runs; all results are gone. */
  close(): Promise<void>;
}

export interface ArchiveReaderOptions {
  /** Memory for views and exports; what does not fit spills to disk. Default 256 MiB. */
  readonly memoryLimitBytes?: number;
  /** Folder for spill files; default: a private one in the system's temporary folder, removed by `close`. */
  readonly temporaryFolder?: string;
  /** Rejects when an export must not write this file. */
  readonly checkTarget?: (path: string) => Promise<void>;
  /** Told of a file that is there and cannot be opened. */
  readonly onUnreadable?: (path: string, error: Error) => void;
}

export type ChartMark = 'line' | 'area' | 'bar' | 'scatter' | 'histogram' | 'heatmap' | 'box' | 'pie';

/** `none` draws the rows as they are; `count` without a column counts rows. */
export type ChartAggregate = 'none' | 'count' | 'sum' | 'avg' | 'min' | 'max' | 'median';

/** A stretch of time; weeks begin on Monday. */
export type ChartUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

/** What to draw of a result. Columns are given by index. */
export interface ChartSpec {
  readonly mark: ChartMark;
  readonly x?: number;
  /** Several are a line, area or bar each. */
  readonly y?: readonly number[];
  /** Of a heatmap: the number that is summed up in each place. */
  readonly color?: number;
  /** A panel for each value. */
  readonly facet?: number;
  readonly aggregate: ChartAggregate;
  /** Default: the finest that can be read. */
  readonly unit?: ChartUnit;
  /** Into how many bins numbers are put, about; default: by mark. */
  readonly bins?: number;
}

export interface ChartAxis {
  /** As text, whatever a column is called. */
  readonly title: string;
  /** Times are milliseconds since 1970 in UTC, times of day since midnight. */
  readonly kind: 'number' | 'time' | 'clock' | 'category';
  /** The categories in the order in which they are drawn; rows hold an index. NULL is null. Long texts are cut. */
  readonly labels?: readonly (string | null)[];
  /** The index `labels.length` stands for all other categories. */
  readonly hasOther?: boolean;
  /** Each value begins such a stretch of time. */
  readonly unit?: ChartUnit;
}

/** `x2` and `y2` end a bin; `exact` is the text of a `y` that no double holds; the five numbers of a box stand beside its `x`. */
export type ChartField = 'facet' | 'color' | 'x' | 'x2' | 'y' | 'y2' | 'value' | 'low' | 'q1' | 'median' | 'q3' | 'high' | 'exact';

/** What is to be drawn: at most a few thousand marks, whatever the size of the result. */
export interface ChartDrawing {
  readonly kind: 'drawn';
  readonly mark: ChartMark;
  readonly axes: Readonly<Partial<Record<'facet' | 'color' | 'x' | 'y' | 'value', ChartAxis>>>;
  readonly fields: readonly ChartField[];
  readonly rows: readonly (readonly (number | string | null)[])[];
  /** What was left out, put together or estimated, a sentence each. */
  readonly notes: readonly string[];
  /** Rows that it is a chart of. */
  readonly rowCount: number;
}

/** Why a chart would say nothing or something false, and what to draw in its place. */
export interface ChartRefusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly instead?: ChartSpec;
}

export type ChartAnswer = ChartDrawing | ChartRefusal;

export type ExportFormat = 'csv' | 'tsv' | 'parquet' | 'json' | 'jsonl';

export interface ExportOptions {
  /** `json` is one array of objects, `jsonl` one object per line. Column names that repeat get a number, except in `csv` and `tsv`. */
  readonly format: ExportFormat;
  /** Default: all rows in the order of the result. */
  readonly view?: ResultView;
  readonly signal?: AbortSignal;
  /** Called when writing begins and then about four times a second, with 0 to 100. */
  readonly onProgress?: (percent: number) => void;
  /** Replace a file of that name; default false. */
  readonly overwrite?: boolean;
}

export interface ExportSummary {
  readonly rows: number;
  /** Size of the file. */
  readonly bytes: number;
}

/** One operator of a plan. What was not estimated or not measured is undefined. */
export interface PlanOperator {
  /** DuckDB's name: `HASH_JOIN`. */
  readonly kind: string;
  /** Index of the operator that takes its rows; absent for the topmost. */
  readonly parent?: number;
  readonly estimatedRows?: number;
  /** DuckDB estimates nothing for this operator: the figure follows from the estimates of its inputs. */
  readonly estimateIsDerived?: boolean;
  /** Rows that it gave. */
  readonly rows?: number;
  /** Time that all threads together spent in it. */
  readonly cpuMs?: number;
  /** Rows that a scan looked at. */
  readonly rowsScanned?: number;
  readonly resultBytes?: number;
  readonly spillBytes?: number;
  /** What else DuckDB says of it: tables, conditions, expressions. Long ones are cut. */
  readonly details: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** Measures of a whole statement that was run for its plan. */
export interface PlanTotals {
  /** By the clock. */
  readonly elapsedMs: number;
  /** Of all threads and operators together. */
  readonly cpuMs: number;
  /** Time that operators waited, for other operators or for a file. */
  readonly blockedMs: number;
  readonly rowsScanned: number;
  /** The most memory that DuckDB's buffers took, with those of other statements that ran at the time. */
  readonly peakMemoryBytes: number;
  /** The most that lay in temporary files. */
  readonly spillBytes: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** How many threads DuckDB could use; absent when it could not be asked. */
  readonly threads?: number;
}

/** How DuckDB executes a statement. */
export interface Plan {
  /** True when the statement was run, and there are measures. */
  readonly analyzed: boolean;
  /** Each behind the one that takes its rows, inputs in their order. */
  readonly operators: readonly PlanOperator[];
  readonly totals?: PlanTotals;
  /** DuckDB's own drawing; for plans with estimates only. */
  readonly text?: string;
  /** What DuckDB gave, as JSON. */
  readonly json: string;
  /** Why a statement that was run has estimates only. */
  readonly notice?: string;
}

export interface ExplainOptions {
  /** Run the statement and measure: it changes what it changes. Default: estimates only, and nothing runs. */
  readonly analyze?: boolean;
  readonly params?: Parameters;
  /** As in `RunOptions`. */
  readonly values?: Readonly<Record<string, TypedValue>>;
  readonly signal?: AbortSignal;
  /** As in `RunOptions`; for a statement that is run. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Session {
  readonly name: string;
  /** A transaction is open, also one that has failed and waits for its ROLLBACK. */
  readonly inTransaction: boolean;
  /** Something runs or waits there. */
  readonly busy: boolean;
  /** It keeps a connection to itself: temporary objects, settings, variables, a transaction or results with names are its own. */
  readonly keepsConnection: boolean;
  /**
   * Runs one or several statements in order and gives the last one's result; the others are released.
   * Rejects with a `KodiakError` (`sql` with its position in the text, `cancelled`, `limit`, …); statements before it stay done.
   */
  run(sql: string, params?: Parameters, options?: RunOptions): Promise<Result>;
  /** As `run`, with one result per statement. Rejects with a `ScriptError`, whose `results` are those of the statements before it. */
  runAll(sql: string, params?: Parameters, options?: RunOptions): Promise<Result[]>;
  /**
   * How DuckDB executes one statement, or what an EXPLAIN statement explains. Rejects with `sql` for a text that is not one statement,
   * for a kind of statement that has no plan, and for one of which a part would have to run before its plan is known.
   */
  explain(sql: string, options?: ExplainOptions): Promise<Plan>;
  /**
   * Runs cells with the answers of one after the other, those that do not depend on each other side by side. A cell that fails
   * stops only what depends on it. The outcomes stand in the order of the cells; a failure of a cell does not reject.
   */
  runCells(cells: readonly Cell[], options?: CellRunOptions): Promise<CellOutcome[]>;
  /** The rows of the run of that name can no longer be read under it. */
  forgetResult(name: string): Promise<void>;
  /**
   * As `runCells` for a caller that runs the cells itself, by `runAll` and whatever else belongs to one: `start` is called for each
   * cell when it may run. Gives for each cell why it was not started, or undefined.
   */
  scheduleCells(cells: readonly Cell[], start: CellStart, signal?: AbortSignal): Promise<(string | undefined)[]>;
  /** Interrupts what runs, waits for it, gives the connection back; temporary objects are gone. */
  close(): Promise<void>;
}

/** A script with a name of the caller's choice. */
export interface Cell {
  readonly id: string;
  readonly sql: string;
  /** How reasons speak of it; default: `cell 3`, by its position. */
  readonly name?: string;
  /** For `graph`: what it read and wrote when it last ran, as it stands. It is not analysed again then. */
  readonly ran?: CellEffects;
  /** Other cells read the rows of its last statement under this name. */
  readonly resultName?: string;
}

/**
 * Runs the cell at that position and says whether it ended well: if not, what depends on it is not started. `apart`: its script may run
 * with the option of that name. Must not reject.
 */
export type CellStart = (cell: number, apart: boolean) => Promise<boolean>;

/** What a cell reads and writes: tables as `catalog.schema.table` in lower case, files as `file:<path>`. */
export interface CellEffects {
  readonly reads: readonly string[] | 'unknown';
  readonly writes: readonly string[] | 'unknown';
  /** It reads or changes what belongs to the session alone: temporary objects, variables, settings, the open transaction. */
  readonly session: boolean;
  /** It changes the catalog, and so perhaps what names mean in other cells. */
  readonly ddl: boolean;
}

/** Cell `to` waits for cell `from` (positions in the list); `reason` is a sentence about cell `to`. */
export interface CellEdge {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export interface CellGraph {
  readonly cells: readonly { readonly id: string; readonly effects: CellEffects }[];
  /** Without those that follow from others. */
  readonly edges: readonly CellEdge[];
  /** All pairs of which the later one uses what the earlier one writes. */
  readonly flows: readonly CellEdge[];
  /** All pairs of which the later one may give another answer when the earlier one has not run. */
  readonly needs: readonly CellEdge[];
}

export interface CellRunOptions {
  /** Cells not yet begun are then skipped, running ones are interrupted. */
  readonly signal?: AbortSignal;
  readonly maxRows?: number;
  readonly useCache?: boolean;
  /** Called as each cell ends, in the order in which they end. */
  readonly onCell?: (outcome: CellOutcome) => void;
}

/** How one cell ended. Its results are the caller's to release, also those of the statements before the one that failed. */
export type CellOutcome =
  | { readonly id: string; readonly kind: 'done'; readonly results: readonly Result[]; readonly elapsedMs: number }
  | {
      readonly id: string;
      readonly kind: 'failed';
      readonly results: readonly Result[];
      readonly error: KodiakError;
      readonly elapsedMs: number;
    }
  | { readonly id: string; readonly kind: 'skipped'; readonly reason: string };

export type AggregateOp = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'stddev' | 'stddev_pop' | 'var_samp' | 'var_pop';

/** One aggregate of one column of a table or of a query: exactly one of `table` and `query` is given. */
export interface AggregateRequest {
  /** A table or view, as after FROM: `orders`, `main.orders`, `"my table"`. Temporary ones belong to a session and are not seen. */
  readonly table?: string;
  /** A SELECT. */
  readonly query?: string;
  /** May be left out for `count`, which then counts rows. All other operations need a numeric column. */
  readonly column?: string;
  readonly op: AggregateOp;
  /** 1 to 256: computes so many ranges of rows apart and puts them together in their order. Left out: the faster way. */
  readonly chunks?: number;
  readonly signal?: AbortSignal;
}

export interface AggregateResult {
  /**
   * As the same aggregate in SQL: bigint for counts and sums of integers, string for sums of decimals, the column's own value for
   * min and max, number otherwise; null where SQL gives NULL.
   */
  readonly value: Value;
  /** `duckdb`: one plain aggregate, which DuckDB spreads over its threads. `chunks`: partial aggregates put together here. */
  readonly strategy: 'duckdb' | 'chunks';
  /** Why this way, in one sentence. */
  readonly reason: string;
  /**
   * True when the value was computed in whole numbers and rounded at most once, so that it is the same at every run. False for
   * FLOAT and DOUBLE columns beyond count, min and max, and for the variance of wide columns in plain SQL.
   */
  readonly exact: boolean;
  readonly elapsedMs: number;
}

export interface CheckOptions {
  /** Whose temporary objects, `USE` and search path are seen. */
  readonly session?: Session;
  /** Absolute folder for relative file paths. */
  readonly cwd?: string;
  /** Aborting it ends the check early; what was found so far is the answer. */
  readonly signal?: AbortSignal;
  /** False when no file may be opened, folders included: what reads one is then only parsed. */
  readonly readsFiles?: boolean;
  /** True when the database's own names are not known here: only what is wrong in any database is found. */
  readonly namesUnknown?: boolean;
  /** A place whose statement is checked before all others, and told of at once. */
  readonly focus?: CheckFocus;
}

export interface CheckFocus {
  /** Index of the cell, and offset in it. */
  readonly cell: number;
  readonly offset: number;
  /** Takes the errors of the statement in that range of the cell. */
  readonly onFound: (statement: { readonly start: number; readonly end: number }, errors: readonly KodiakError[]) => void;
}

/** A place in the cells of a notebook, or in the one text of a file. */
export interface ScriptPlace {
  readonly cells: readonly string[];
  readonly cell: number;
  /** In UTF-16 code units of that cell. */
  readonly offset: number;
}

/** Tells what DuckDB has against statements, without running them. */
export interface Checker {
  /**
   * Checks the cells of a notebook, or the one text of a file, as if each statement before had run: the errors of each statement in
   * order, each with its position in its cell. Errors that depend on what cannot be known without running are left out.
   */
  check(cells: readonly string[], options?: CheckOptions): Promise<readonly (readonly KodiakError[])[]>;
  /** Whether DuckDB can parse each text as one statement; true for those that would already act while they are parsed. */
  parses(statements: readonly string[], signal?: AbortSignal): Promise<readonly boolean[]>;
  /**
   * Columns of the result of each query, as if it stood at a place of the script and the statements before it had run; undefined for
   * what DuckDB does not take there, and for what must not be bound.
   */
  describe(place: ScriptPlace, queries: readonly string[], options?: CheckOptions): Promise<readonly (readonly Column[] | undefined)[]>;
  /** The columns that each statement of all cells gives, in order; `undefined` where they cannot be known without running it. */
  describeScript(cells: readonly string[], options?: CheckOptions): Promise<readonly (readonly Column[] | undefined)[]>;
  close(): Promise<void>;
}

export interface CatalogColumn extends Column {
  /** What COMMENT ON COLUMN says. */
  readonly comment?: string;
}

export interface CatalogEntry {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly estimatedRows: number | undefined;
  readonly columns: readonly CatalogColumn[];
  readonly sql: string | undefined;
  /** What COMMENT ON TABLE says. */
  readonly comment?: string;
}

export interface SchemaName {
  readonly database: string;
  readonly schema: string;
}

export interface TableName extends SchemaName {
  readonly name: string;
}

/** An attached database that is not DuckDB's own. */
export interface DatabaseEntry {
  readonly name: string;
  /** Its file; absent for one in memory. */
  readonly path?: string;
  readonly readOnly: boolean;
  /** The one that names without a database mean, unless a session chose another by USE. */
  readonly isDefault: boolean;
  readonly comment?: string;
  readonly schemas: readonly SchemaEntry[];
}

export interface SchemaEntry {
  readonly name: string;
  readonly comment?: string;
  /** Tables, views and macros. */
  readonly objectCount: number;
}

/** A table, a view, or one overload of a macro. */
export interface ObjectEntry {
  readonly kind: 'table' | 'view' | 'macro' | 'tableMacro';
  readonly name: string;
  /** DuckDB's estimate, for tables. */
  readonly estimatedRows?: number;
  /** Of tables and views. */
  readonly columnCount?: number;
  readonly comment?: string;
  /** Of macros. */
  readonly parameters?: readonly string[];
  /** What a macro stands for. */
  readonly definition?: string;
}

export interface TableColumn extends CatalogColumn {
  readonly primaryKey?: boolean;
  readonly notNull?: boolean;
  /** The expression of DEFAULT. */
  readonly default?: string;
  /** What a foreign key says. */
  readonly references?: { readonly table: string; readonly column: string };
}

export interface CacheEntry {
  /** Names it for `invalidateCacheEntry`; never given twice. */
  readonly id: number;
  readonly sql: string;
  /** Tables (`database.schema.table`) and files that it was computed from. */
  readonly sources: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly ageMs: number;
  readonly hits: number;
  readonly costMs: number;
  /** Why it may be used instead of a run, or what has changed since, in a sentence. */
  readonly proof: string;
  /** A table that it reads has changed: the next run computes it again. */
  readonly outdated: boolean;
}

export interface CacheStats {
  readonly enabled: boolean;
  readonly policy: 'cost' | 'lru';
  readonly entries: number;
  readonly maxEntries: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly bypasses: number;
  readonly bypassReasons: Readonly<Record<string, number>>;
  readonly evictions: number;
  readonly invalidations: number;
  /** Engine time that hits did not spend again. */
  readonly savedMs: number;
  /** Runs that several sessions asked for at once and shared. */
  readonly shared: number;
}

export interface PoolStats {
  /** Connections lent now. */
  readonly active: number;
  readonly idle: number;
  readonly creating: number;
  readonly closing: number;
  /** Connections that neither opened nor closed in time and may still exist, beside those that `max` bounds. */
  readonly stuck: number;
  readonly waiting: number;
  readonly max: number;
  readonly acquired: number;
  /** Waits that ended at the time limit or at a full queue. */
  readonly refused: number;
  readonly failedCreations: number;
  /** Connections that their borrower forgot, and that were taken back. */
  readonly leaks: number;
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  readonly holders: readonly PoolHolder[];
}

export interface PoolHolder {
  readonly name: string;
  /** A session holds its connection for its life; a query should give it back soon. */
  readonly purpose: 'session' | 'query';
  readonly heldMs: number;
  readonly running: boolean;
  /** The first 80 characters of what runs. */
  readonly statement?: string;
  readonly runningMs?: number;
}

/** How short of memory the machine is, and who says so. */
export interface MemoryPressure {
  readonly level: 'none' | 'some' | 'high';
  readonly source: string;
}

/** One file in which DuckDB keeps what does not fit into memory. */
export interface SpillFile {
  /** Without its folder. */
  readonly name: string;
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly changedAt: number;
}

/** Files in which DuckDB keeps what does not fit into memory. */
export interface SpillFiles {
  readonly count: number;
  readonly bytes: number;
  readonly folder: string;
}

export interface CleanUpResult {
  readonly name: string;
  readonly freedBytes: number;
}

/** One clean-up, with the steps that ran in their order. */
export interface CleanUp {
  /** Unix milliseconds. */
  readonly at: number;
  readonly reason: string;
  readonly steps: readonly CleanUpResult[];
}

export interface MemoryStats {
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** For the whole process. */
  readonly ceilingBytes: number;
  readonly duckdbBytes: number;
  /** What DuckDB uses its buffers for, the largest first. */
  readonly duckdbTags: readonly { readonly tag: string; readonly bytes: number }[];
  /** Large results in memory. */
  readonly storedBytes: number;
  /** Small results, cached ones included. */
  readonly resultBytes: number;
  readonly spillBytes: number;
  readonly spillFiles: SpillFiles;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly arrayBufferBytes: number;
  /** What of the process is none of these: code, stacks, and what allocators hold. */
  readonly otherBytes: number;
  readonly pressure: MemoryPressure;
  readonly thresholdBytes: number;
  readonly keptBytes: number;
  readonly sampleIntervalMs: number;
  readonly sampledAt: number;
  readonly cleanUps: number;
  readonly freedBytes: number;
  readonly lastCleanUp?: CleanUp;
}

export interface ParallelStats {
  readonly enabled: boolean;
  readonly threads: number;
  readonly running: number;
  readonly queued: number;
  readonly maxRunning: number;
  readonly completed: number;
  readonly peakRunning: number;
  /** Slots beyond `maxRunning` for statements that must not wait behind long ones. */
  readonly shortSlots: number;
  /** Statements that ran in a short slot. */
  readonly shortCompleted: number;
  /** The longest wait of a statement that was expected to be short. */
  readonly longestShortWaitMs: number;
  /** The last `runCells`; `sumMs` is the time of its cells one by one, `speedUp` that sum by `elapsedMs`. */
  readonly lastRun: { readonly cells: number; readonly elapsedMs: number; readonly sumMs: number; readonly speedUp: number } | undefined;
  readonly lastAggregate: { readonly strategy: 'duckdb' | 'chunks'; readonly reason: string; readonly elapsedMs: number } | undefined;
}

export interface EngineStats {
  readonly database: string;
  readonly cache: CacheStats;
  readonly pool: PoolStats;
  readonly memory: MemoryStats;
  readonly parallel: ParallelStats;
}

export interface BackupOptions {
  /** Default false: a file that exists is an error. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly rows: number; readonly percent: number }) => void;
}

export interface BackupSummary {
  readonly tables: number;
  readonly rows: number;
  /** Of the file. */
  readonly bytes: number;
}

export interface RestoreSummary extends Omit<BackupSummary, 'bytes'> {
  /** Where a copy of what was there before lies; none for a database in memory. */
  readonly before?: string;
}

export interface Engine {
  /** `:memory:` or the absolute path. */
  readonly database: string;
  readonly duckdbVersion: string;
  /** True when opening made a new database file. */
  readonly created: boolean;
  /** Waits for a connection; rejects with `limit` (naming the setting) when the queue is full or the wait is over. */
  openSession(options?: SessionOptions): Promise<Session>;
  /** One frozen snapshot; memory figures are those of the last sample. */
  stats(): EngineStats;
  /** Measures memory now, cleans up if what is kept is above the threshold, and gives the new snapshot. */
  sampleMemory(): Promise<EngineStats>;
  /** Tables and views that are not internal, with columns; with a session, its temporary ones too. */
  catalog(session?: Session): Promise<CatalogEntry[]>;
  /**
   * Attaches a database file read-only, if it is not attached already, and gives the name that its tables are found under. It stays
   * locked for other programs until `leave` was called as often. Rejects with `unavailable` when it is locked or no database.
   */
  lookAt(path: string): Promise<string>;
  leave(path: string): Promise<void>;
  /** Tables and views of a database file, with columns. Nothing of it stays open. Rejects as `lookAt` does. */
  fileTables(path: string): Promise<CatalogEntry[]>;
  /** Attached databases with their schemas, without those that are only looked at. Together with the next three: the catalog in parts, however large it is. */
  databases(): Promise<DatabaseEntry[]>;
  /** Tables, views and macros of one schema; none when there is no such schema. */
  schema(schema: SchemaName): Promise<ObjectEntry[]>;
  /** Columns of one table or view; none when there is no such table. */
  columns(table: TableName): Promise<TableColumn[]>;
  /** The CREATE statement of a table or view. */
  definition(table: TableName): Promise<string | undefined>;
  readonly parallel: {
    /**
     * One aggregate, as plain SQL or in chunks of rows. All of it sees one snapshot, since it is one statement either way.
     * Rejects with `sql` for an unknown table or column or one that is not numeric, `cancelled`, or `limit`.
     */
    aggregate(request: AggregateRequest): Promise<AggregateResult>;
  };
  /**
   * What cells would read and write if they ran now, and which would have to wait for which. A cell that needs what an earlier one
   * has yet to create is `unknown`. Runs nothing.
   */
  graph(cells: readonly Cell[], session?: Session): Promise<CellGraph>;
  /**
   * The rows in which two results differ, found in their stored rows: no statement runs again. `left` is the one before. Rejects with
   * `sql` for a key that is none and for results without a common column, and as `Result.view` does.
   */
  compare(left: Result, right: Result, options?: CompareOptions): Promise<Comparison>;
  /** DuckDB's own grammar of its SQL, as text: a parsing expression grammar. Rejects with `unavailable` when its library holds none. */
  grammarText(): Promise<string>;
  /** A checker on connections of its own, outside of the pool. Closed with the engine at the latest. */
  openChecker(): Checker;
  /**
   * Writes the rows of one of its complete results into a new file, exactly, for `ArchiveReader`. Runs in one thread, when there is
   * room beside what else runs. Rejects with `cancelled` after an abort, `limit` when the disk is full, and `unavailable`; the file is
   * then incomplete.
   */
  archive(result: Result, path: string, options?: ArchiveOptions): Promise<ArchiveSummary>;
  /**
   * Whether what a `Reading` has recorded is still so, as far as that can be proved without asking the database: it runs and plans
   * nothing. What is no record is `unknown`.
   */
  freshnessOf(record: unknown): Freshness;
  /** Rejects with `unavailable` when writing this file would harm a database that is open. */
  checkExportTarget(path: string): Promise<void>;
  /**
   * Writes a copy of the database, without what is temporary or attached, as it is at one moment and while others use it. It gets its name
   * when it has been read again and compared. Rejects with `unavailable` (it exists, the disk is full), `cancelled`; nothing is left then.
   */
  backup(path: string, options?: BackupOptions): Promise<BackupSummary>;
  /**
   * Replaces the contents of the database by those of a file, in one transaction, after a backup beside a database file. Rejects with
   * `unavailable` while a session has an open transaction, for a file that is none, and for a read-only database; nothing has changed then.
   */
  restore(path: string, options?: Omit<BackupOptions, 'overwrite'>): Promise<RestoreSummary>;
  cacheEntries(): CacheEntry[];
  /** The next run of that query computes it again. False when the entry is not there any more. */
  invalidateCacheEntry(id: number): boolean;
  /** Number of entries removed. */
  clearCache(): number;
  setCacheEnabled(enabled: boolean): void;
  /** Called when a statement has ended that may have changed something. Gives a function that takes the request back. */
  onSourcesChanged(listener: () => void): () => void;
  /** What DuckDB keeps on disk because memory was short, the largest first. */
  spillFiles(): SpillFile[];
  /** Drops all that is kept only for later, moves idle tables to disk, and gives the bytes freed. */
  freeMemory(): Promise<number>;
  /**
   * Asks for help when memory is short: `drop` gives up what its owner can do without, at least `bytes` if it can, and gives the
   * bytes freed. Comes after the cache in the order of clean-up. Gives a function that takes the request back.
   */
  onMemoryPressure(drop: (bytes: number) => number): () => void;
  /** Ends sessions (interrupting their queries), closes the database and removes spill files. */
  close(): Promise<void>;
}
