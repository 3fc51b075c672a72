import type { ClientIdentity } from './attached.ts';
import type { ChartResultParams, WireChart } from './chart.ts';
import type { WireFrame } from './columnFrame.ts';
import type { ResultFreshness, WireEffects } from './freshness.ts';
import type { WirePlan } from './plan.ts';
import type { WireStats } from './stats.ts';
import type { WireColumn, WireFailure, WireParameter, WireProvenance, WireRow, WireValue } from './values.ts';

/** A request's method with its types: the only place where the method string is written. */
export interface RequestDescriptor<Params, Result> {
  readonly method: string;
  /** Carries the types; never present at run time. */
  readonly types?: (params: Params) => Result;
}

export interface NotificationDescriptor<Params> {
  readonly method: string;
  /** Carries the types; never present at run time. */
  readonly types?: (params: Params) => void;
}

/** At most this many rows travel with a result; the others are asked for with `fetchPage`. */
export const PREVIEW_ROWS = 200;

/** A page that asks for more rows than this, or is very large as text, is refused with `limit`. */
export const MAX_PAGE_ROWS = 100_000;

export interface RunQueryParams {
  /** Chosen by the caller, unique among its runs; names the run in progress notifications and in `cancelQuery`. */
  readonly runId: string;
  /** Temporary objects, variables and `USE` belong to a session: one per notebook (its URI), one per terminal. */
  readonly sessionId: string;
  /** One or several statements. */
  readonly sql: string;
  /** Absolute folder against which relative file paths are read; fixed by the session's first run. */
  readonly cwd?: string;
  /** At most this many rows of each result are kept; default: all. */
  readonly maxRows?: number;
  /** The client shows the results from the start, as after `pinResult`. */
  readonly pinned?: boolean;
  /** What `cellReady` said of it: it may run beside others of its session. */
  readonly apart?: boolean;
  /** Values for the `$name`s in the script. Others have the value of the session's variable of that name (SET VARIABLE). */
  readonly values?: Readonly<Record<string, WireParameter>>;
  /** Later scripts of the session read the rows of the last statement under this name, as `FROM daily`, until such a run begins again. */
  readonly resultName?: string;
  /** EXPLAIN statements are answered with a `plan`, too. */
  readonly plans?: boolean;
  /** Statements that are expected to give more rows than this are held, see `runHeld`. Default: none. */
  readonly warnAboveRows?: number;
  /** The file whose text it is, a path or a URI, where the session does not say so: for the history. */
  readonly source?: string;
}

/** The plan of one statement, or of what an EXPLAIN statement explains. */
export interface ExplainStatementParams {
  /** Names the work in `queryProgress` and for `cancelQuery`. */
  readonly runId: string;
  /** Whose temporary objects and transaction are seen; it is opened if need be. */
  readonly sessionId: string;
  readonly sql: string;
  /** Run the statement and measure; it changes what it changes. */
  readonly analyze: boolean;
  /** As in `RunQueryParams`. */
  readonly cwd?: string;
  readonly values?: Readonly<Record<string, WireParameter>>;
}

/** A statement that waits for a decision, because it may produce very many rows. */
export interface RunHeldParams {
  readonly runId: string;
  /** UTF-16 offsets of the statement in the text that was sent. */
  readonly start: number;
  readonly end: number;
  /** DuckDB's estimate for the operator with most rows. */
  readonly rows: number;
  /** That operator: `CROSS_PRODUCT`. */
  readonly operator: string;
}

export interface AnswerHeldParams {
  readonly runId: string;
  /** False: the statement is not run, and the script ends with `cancelled`. */
  readonly run: boolean;
}

/** What a client holds of a result: enough to show its head, and the handle with which it asks for the rest. */
export interface ResultHandle {
  readonly resultId: string;
  readonly columns: readonly WireColumn[];
  /** Rows so far; final when `complete`. */
  readonly rowCount: number;
  /** False while rows still arrive; pages that are there can be fetched already. */
  readonly complete: boolean;
  /** True when `maxRows` cut the result. */
  readonly truncated: boolean;
  /** The first rows, at most `PREVIEW_ROWS`. */
  readonly preview: readonly WireRow[];
  readonly provenance: WireProvenance;
  /** Estimated size of all rows, so far. */
  readonly bytes?: number;
}

/** The outcome of one statement of a script. `start` and `end` are UTF-16 offsets into the text that was sent. */
export interface StatementOutcome {
  readonly start: number;
  readonly end: number;
  /** DuckDB's kind: `SELECT`, `INSERT`, `CREATE` … */
  readonly kind: string;
  readonly elapsedMs: number;
  /** Rows inserted, updated or deleted, for statements that change rows. */
  readonly rowsChanged?: number;
  readonly result: ResultHandle;
  /** Of an EXPLAIN statement, when plans were asked for. */
  readonly plan?: WirePlan;
  readonly effects?: WireEffects;
}

export interface RunQueryResult {
  /** The statements that ended well, in order. */
  readonly statements: readonly StatementOutcome[];
  /** Why the script stopped, if it did not reach its end. */
  readonly failure?: WireFailure;
  /** Why the rows cannot be read under `resultName`, though the script ended well. */
  readonly nameProblem?: string;
  /** The session is in a transaction that has not ended. */
  readonly inTransaction?: boolean;
  readonly elapsedMs: number;
}

export interface NameCellsParams {
  /** Its URI. */
  readonly notebook: string;
  /** URIs of cells with the names of their results. */
  readonly cells: readonly { readonly cell: string; readonly name: string }[];
}

/** What a cell of a notebook shows after a run, to be shown again when the notebook is opened later. */
export interface KeepResultsParams {
  /** Where the cell stands: see `CellPlace` in `archive.ts`. */
  readonly notebook: string;
  readonly sql: string;
  readonly occurrence: number;
  readonly pin?: string;
  /** Unix milliseconds at which the run ended. */
  readonly ranAt: number;
  /** Results that the client holds may come without their previews; the others are kept as they are here. */
  readonly outcome: RunQueryResult;
}

/** Whether the sources of a kept cell's results changed since its run. */
export interface CheckResultsResult {
  /** `done`: the cell read nothing that could be another by now; it changed data, or failed. */
  readonly state: 'unchanged' | 'changed' | 'unknown' | 'done';
  /** What changed, or why it cannot be told: `orders.parquet changed since`. Empty for the others. */
  readonly reason: string;
}

/** Cells of a notebook that are to run, in their order. */
export interface ScheduleCellsParams {
  /** Chosen by the caller; names the schedule in `cellReady`, `cellEnded` and `cancelQuery`, which skips the cells not yet begun. */
  readonly batchId: string;
  readonly sessionId: string;
  readonly cwd?: string;
  readonly cells: readonly ScheduledCell[];
}

export interface ScheduledCell {
  /** How reasons speak of it: `cell 3`. */
  readonly name: string;
  readonly sql: string;
  /** As of `runQuery`. */
  readonly resultName?: string;
}

export interface ReadGraphParams {
  readonly sessionId: string;
  readonly cells: readonly GraphCell[];
}

export interface GraphCell extends ScheduledCell {
  /** What it did when it ran as it stands; it is not analysed then. */
  readonly ran?: Omit<WireEffects, 'defines' | 'settings'>;
}

/** Cell `to` and an earlier one, by position; `reason` is a sentence about `to`. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export interface ReadGraphResult {
  /** Which cells wait for which in a run of all, without what follows from others. */
  readonly edges: readonly GraphEdge[];
  /** All pairs of which the later one uses what the earlier one writes. */
  readonly flows: readonly GraphEdge[];
  /** All pairs of which the later one may give another answer when the earlier one has not run. */
  readonly needs: readonly GraphEdge[];
}

/** For each cell why it was not run; null for those that were. */
export interface ScheduleCellsResult {
  readonly skipped: readonly (string | null)[];
}

/** A cell of a schedule, by its position. */
export interface CellReadyParams {
  readonly batchId: string;
  readonly cell: number;
  /** Its script may run with `apart`. */
  readonly apart: boolean;
}

export interface CellEndedParams {
  readonly batchId: string;
  readonly cell: number;
  /** False: what depends on the cell is not run. */
  readonly ok: boolean;
}

export interface CancelQueryParams {
  readonly runId: string;
}

export interface FetchPageParams {
  readonly resultId: string;
  readonly offset: number;
  readonly limit: number;
  /** Rows are wanted as a column frame, which is smaller and read faster, and has only the beginning of very long values. */
  readonly format?: 'frame';
}

export interface FetchPageResult {
  readonly offset: number;
  /** None when a frame was wanted. */
  readonly rows: readonly WireRow[];
  readonly frame?: WireFrame;
  readonly rowCount: number;
  readonly complete: boolean;
  /** Of a view: where each of these rows stands in its result. */
  readonly positions?: readonly number[];
}

/** What a column is compared with; texts are read as the column's type. */
export type FilterValue = null | boolean | number | string;

/** How many values each operator takes; `in` any number. */
export const FILTER_OPERATORS = {
  equals: 1,
  notEquals: 1,
  less: 1,
  lessOrEqual: 1,
  greater: 1,
  greaterOrEqual: 1,
  between: 2,
  contains: 1,
  startsWith: 1,
  endsWith: 1,
  matches: 1,
  isNull: 0,
  isNotNull: 0,
  in: undefined,
} as const;

/** A condition on the column with this index. `matches` takes a regular expression; `between` includes both its values. */
export interface WireFilter {
  readonly column: number;
  readonly op: keyof typeof FILTER_OPERATORS;
  readonly values?: readonly FilterValue[];
}

export interface WireSortKey {
  readonly column: number;
  readonly descending?: boolean;
  /** Default: NULLs are last. */
  readonly nullsFirst?: boolean;
}

/** A result's rows sorted, filtered and searched, without running the statement again. */
export interface OpenViewParams {
  readonly resultId: string;
  readonly sort?: readonly WireSortKey[];
  readonly filters?: readonly WireFilter[];
  /** Kept are rows in which the text of any column contains this, in upper or lower case. */
  readonly search?: string;
  /** Names the work for `cancelQuery`. */
  readonly runId?: string;
  /** The client shows the view from the start, as after `pinResult`. */
  readonly pinned?: boolean;
}

/** A view has a handle of its own for `fetchPage`, `exportResult`, `pinResult` and `releaseResult`; it goes with its result. */
export interface OpenViewResult {
  readonly resultId: string;
  readonly rowCount: number;
}

export interface ProfileColumnParams {
  /** Of a result, or of one of its views: the statistics are the result's. */
  readonly resultId: string;
  readonly column: number;
  /** Names the work for `cancelQuery`. */
  readonly runId?: string;
}

/** Statistics of one column; long texts are cut. NULL is counted in `nullCount` and nowhere else. */
export interface WireColumnProfile {
  readonly name: string;
  readonly type: string;
  readonly rowCount: number;
  readonly nullCount: number;
  readonly distinctCount: number;
  readonly distinctIsApproximate: boolean;
  readonly minimum?: WireValue;
  readonly maximum?: WireValue;
  /** For numbers and times. */
  readonly quantiles?: {
    readonly p05: WireValue;
    readonly p25: WireValue;
    readonly p50: WireValue;
    readonly p75: WireValue;
    readonly p95: WireValue;
  };
  readonly quantilesAreApproximate: boolean;
  /** At most 20 bins; `to` belongs to the next bin, except to the last. */
  readonly histogram: readonly { readonly from: WireValue; readonly to: WireValue; readonly count: number }[];
  /** The most frequent values, at most ten. */
  readonly top: readonly { readonly value: WireValue; readonly count: number }[];
}

/** What the cells of some columns add up to, in a range of the rows behind a handle. */
export interface SumRowsParams {
  readonly resultId: string;
  readonly offset: number;
  readonly limit: number;
  readonly columns: readonly number[];
  /** Names the work for `cancelQuery`. */
  readonly runId?: string;
}

/** NULL and NaN are in none of the numbers. */
export interface WireColumnSum {
  /** Values that are not NULL. */
  readonly values: number;
  /** For columns of numbers that have any; infinite ones are texts. */
  readonly numbers?: { readonly count: number; readonly sum: WireValue; readonly minimum: WireValue; readonly maximum: WireValue };
}

/** Looks for the next row behind a handle, or the one before, in which the text of any column contains something in any case. */
export interface FindRowParams {
  readonly resultId: string;
  readonly search: string;
  /** The search begins beside this row; -1 and the number of rows are allowed. */
  readonly from: number;
  readonly backwards?: boolean;
  /** Names the work for `cancelQuery`. */
  readonly runId?: string;
}

/** A part of the text of one value; of a BLOB, its bytes in hexadecimal digits. Characters are counted as DuckDB does. */
export interface ReadValueParams {
  readonly resultId: string;
  readonly row: number;
  readonly column: number;
  readonly offset: number;
  /** At most `MAX_VALUE_PART`. */
  readonly length: number;
}

export interface ReadValueResult {
  readonly text: string;
  /** Of the whole. */
  readonly length: number;
  readonly isNull: boolean;
}

/** Characters of a value that are read at once. */
export const MAX_VALUE_PART = 1024 * 1024;

export interface CompareResultsParams {
  /** The one before; a result, not a view of one. */
  readonly left: string;
  readonly right: string;
  /** Names of columns that tell rows apart. Left out: they are guessed; empty: whole rows are compared, each as often as it is there. */
  readonly key?: readonly string[];
  /** Give rows that are the same in both, too. */
  readonly unchanged?: boolean;
  /** Names the work in `queryProgress` and for `cancelQuery`. */
  readonly runId: string;
  /** The client shows the differences from the start, as after `pinResult`. */
  readonly pinned?: boolean;
}

/** What a comparison found. Columns that only one result has, or that have types which cannot be compared, are left out of it. */
export interface WireComparison {
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
  /** Columns of the result with a value and, in the other, the one before. */
  readonly cells: readonly { readonly now: number; readonly before: number }[];
}

/** The differences are a result of their own: `change`, the key, and the values of now and before. They go with the session of `right`. */
export interface CompareResultsResult {
  readonly result: ResultHandle;
  readonly summary: WireComparison;
  readonly elapsedMs: number;
}

/** Writes all rows behind a handle to a file, which appears only when it is whole. */
export interface ExportResultParams {
  /** Of a result, or of a view for its rows in its order. */
  readonly resultId: string;
  /** Absolute. */
  readonly path: string;
  readonly format: 'csv' | 'tsv' | 'parquet' | 'json' | 'jsonl' | 'xlsx';
  /** Default false: a file that exists is an error. */
  readonly overwrite?: boolean;
  /** Names the work in `queryProgress` and for `cancelQuery`. */
  readonly runId: string;
}

export interface ExportResultResult {
  readonly rows: number;
  readonly bytes: number;
}

export interface CatalogTable {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** DuckDB's estimate; absent for views. */
  readonly estimatedRows?: number;
  readonly columns: readonly WireColumn[];
  readonly sql?: string;
}

export interface ReadCatalogResult {
  readonly tables: readonly CatalogTable[];
}

export interface CatalogSchema {
  readonly name: string;
  readonly comment?: string;
  /** Tables, views and macros. */
  readonly objectCount: number;
}

/** An attached database. */
export interface CatalogDatabase {
  readonly name: string;
  /** Its file; absent for one in memory. */
  readonly path?: string;
  readonly readOnly: boolean;
  /** The one that names without a database mean, unless a session chose another by USE. */
  readonly isDefault: boolean;
  readonly comment?: string;
  readonly schemas: readonly CatalogSchema[];
}

export interface ReadDatabasesResult {
  readonly databases: readonly CatalogDatabase[];
  /** The file that the first statement will make: looking at a database does not make one. */
  readonly notMade?: string;
}

/** A table, a view, or one overload of a macro. */
export interface CatalogObject {
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

export interface CatalogColumn extends WireColumn {
  readonly comment?: string;
  readonly primaryKey?: boolean;
  readonly notNull?: boolean;
  /** The expression of DEFAULT. */
  readonly default?: string;
  /** What a foreign key says. */
  readonly references?: { readonly table: string; readonly column: string };
}

/** A table or view by its whole name. */
export interface CatalogTableName {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
}

export interface EngineInfo {
  readonly version: string;
  readonly duckdbVersion: string;
  readonly pid: number;
  /** `:memory:` or an absolute path. */
  readonly database: string;
  /** True when opening made a new, empty database file. */
  readonly created: boolean;
  readonly platform: string;
}

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface CacheEntryInfo {
  /** For `invalidateCacheEntry`. */
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

export const runQuery: RequestDescriptor<RunQueryParams, RunQueryResult> = { method: 'kodiak/runQuery' };
export const explainStatement: RequestDescriptor<ExplainStatementParams, WirePlan> = { method: 'kodiak/explainStatement' };
/** Decides about a run that `runHeld` told of; not found when it was cancelled meanwhile. */
export const answerHeld: RequestDescriptor<AnswerHeldParams, { readonly found: boolean }> = { method: 'kodiak/answerHeld' };
/**
 * Says by `cellReady` when each cell may run with the answers of one after the other: independent ones at the same time. The client runs
 * them, by `runQuery`, and tells each one's end by `cellEnded`. Answers when all have ended or been skipped.
 */
export const scheduleCells: RequestDescriptor<ScheduleCellsParams, ScheduleCellsResult> = { method: 'kodiak/scheduleCells' };
/** What cells depend on, as far as it is known without running them. Opens no database: without one only what has run is known. */
export const readGraph: RequestDescriptor<ReadGraphParams, ReadGraphResult> = { method: 'kodiak/readGraph' };
export const cellEnded: RequestDescriptor<CellEndedParams, null> = { method: 'kodiak/cellEnded' };
export const cancelQuery: RequestDescriptor<CancelQueryParams, { readonly found: boolean }> = { method: 'kodiak/cancelQuery' };
export const fetchPage: RequestDescriptor<FetchPageParams, FetchPageResult> = { method: 'kodiak/fetchPage' };
export const releaseResult: RequestDescriptor<{ readonly resultId: string }, null> = { method: 'kodiak/releaseResult' };
export const openView: RequestDescriptor<OpenViewParams, OpenViewResult> = { method: 'kodiak/openView' };
export const profileColumn: RequestDescriptor<ProfileColumnParams, WireColumnProfile> = { method: 'kodiak/profileColumn' };
export const sumRows: RequestDescriptor<SumRowsParams, { readonly columns: readonly WireColumnSum[] }> = { method: 'kodiak/sumRows' };
export const findRow: RequestDescriptor<FindRowParams, { readonly row?: number }> = { method: 'kodiak/findRow' };
export const readValue: RequestDescriptor<ReadValueParams, ReadValueResult> = { method: 'kodiak/readValue' };
/** What a chart of a result, or of a view's rows, draws. */
export const chartResult: RequestDescriptor<ChartResultParams, WireChart> = { method: 'kodiak/chartResult' };
/** Finds the rows in which two results differ, in their stored rows. */
export const compareResults: RequestDescriptor<CompareResultsParams, CompareResultsResult> = { method: 'kodiak/compareResults' };
/** A digest of a result's columns and rows, in any order of the rows. */
export const digestResult: RequestDescriptor<{ readonly resultId: string; readonly runId?: string }, { readonly digest: string }> = {
  method: 'kodiak/digestResult',
};
export const exportResult: RequestDescriptor<ExportResultParams, ExportResultResult> = { method: 'kodiak/exportResult' };
/** While a client shows a result it is pinned and stays; results that nobody shows are kept only within a budget. */
export const pinResult: RequestDescriptor<{ readonly resultId: string; readonly pinned: boolean }, null> = { method: 'kodiak/pinResult' };
/** The rows of the run of that name can no longer be read under it; nothing happens where there are none. */
export const forgetNamedResult: RequestDescriptor<{ readonly sessionId: string; readonly name: string }, null> = {
  method: 'kodiak/forgetNamedResult',
};
/** The client shows these results and no others. Answers how they are now; `freshnessChanged` tells of what becomes of them. */
export const watchFreshness: RequestDescriptor<
  { readonly resultIds: readonly string[] },
  { readonly results: readonly ResultFreshness[] }
> = { method: 'kodiak/watchFreshness' };
/** Under which names the cells of a notebook are read, for SQL help; it takes the place of what was told before. */
export const nameCells: RequestDescriptor<NameCellsParams, null> = { method: 'kodiak/nameCells' };
/** Answers at once; nothing is kept where the client named no folder, or the setting is 0. */
export const keepResults: RequestDescriptor<KeepResultsParams, null> = { method: 'kodiak/keepResults' };
/** `key` is that of `cellKey`. Runs nothing. */
export const checkResults: RequestDescriptor<{ readonly key: string }, CheckResultsResult> = { method: 'kodiak/checkResults' };
/** What a cell showed is not to be shown again: a person has cleared it. */
export const dropResults: RequestDescriptor<{ readonly keys: readonly string[] }, null> = { method: 'kodiak/dropResults' };
export const forgetResults: RequestDescriptor<null, { readonly cells: number }> = { method: 'kodiak/forgetResults' };
export const closeSession: RequestDescriptor<{ readonly sessionId: string }, null> = { method: 'kodiak/closeSession' };
export const readStats: RequestDescriptor<null, WireStats> = { method: 'kodiak/readStats' };
export const readCatalog: RequestDescriptor<{ readonly sessionId?: string }, ReadCatalogResult> = { method: 'kodiak/readCatalog' };
/** The catalog in parts, for one that is large: databases with their schemas, what is in a schema, the columns of a table. */
export const readDatabases: RequestDescriptor<null, ReadDatabasesResult> = { method: 'kodiak/readDatabases' };
/** Without the temporary tables of sessions. Empty for a schema that is gone. */
export const readSchema: RequestDescriptor<
  { readonly database: string; readonly schema: string },
  { readonly objects: readonly CatalogObject[] }
> = { method: 'kodiak/readSchema' };
/** Without columns for a table that is gone. */
export const readColumns: RequestDescriptor<CatalogTableName, { readonly columns: readonly CatalogColumn[] }> = {
  method: 'kodiak/readColumns',
};
/** The CREATE statement. */
export const readDefinition: RequestDescriptor<CatalogTableName, { readonly sql?: string }> = { method: 'kodiak/readDefinition' };
/** Columns of data files, by an absolute path or pattern; none where files must not be read because the workspace is not trusted. */
export const readFileColumns: RequestDescriptor<{ readonly path: string }, { readonly columns: readonly WireColumn[] }> = {
  method: 'kodiak/readFileColumns',
};
/** Tables and views of a database file, which is not kept open. */
export const readDatabaseFile: RequestDescriptor<{ readonly path: string }, ReadCatalogResult> = { method: 'kodiak/readDatabaseFile' };
/** Attaches a database file read-only, until `leaveDatabase`, and gives the name that its tables are found under. */
export const lookAtDatabase: RequestDescriptor<{ readonly path: string }, { readonly name: string }> = { method: 'kodiak/lookAtDatabase' };
/** To be asked as often as `lookAtDatabase`: other programs can then write the file again. */
export const leaveDatabase: RequestDescriptor<{ readonly path: string }, null> = { method: 'kodiak/leaveDatabase' };
export const readHealth: RequestDescriptor<null, { readonly checks: readonly HealthCheck[] }> = { method: 'kodiak/readHealth' };
export const readCacheEntries: RequestDescriptor<null, { readonly entries: readonly CacheEntryInfo[] }> = {
  method: 'kodiak/readCacheEntries',
};
export const clearCache: RequestDescriptor<null, { readonly removed: number }> = { method: 'kodiak/clearCache' };
export const setCacheEnabled: RequestDescriptor<{ readonly enabled: boolean }, null> = { method: 'kodiak/setCacheEnabled' };
export const freeMemory: RequestDescriptor<null, { readonly freedBytes: number }> = { method: 'kodiak/freeMemory' };
/** Opens the database if it is not open yet, and says which it is. */
export const openDatabase: RequestDescriptor<null, EngineInfo> = { method: 'kodiak/openDatabase' };
/** Where another program can attach to this server: folder-private files, see `socketLocation.ts`. */
export const readSocket: RequestDescriptor<null, { readonly socketFile: string; readonly tokenFile: string }> = {
  method: 'kodiak/readSocket',
};
export interface AuthenticateParams {
  readonly token: string;
  /** Who asks, to be shown to others. A terminal is told of others that come and go, and not of the figures. */
  readonly client?: ClientIdentity;
}

export interface AuthenticateResult {
  readonly accepted: boolean;
  /** Why not, as the end of a sentence. */
  readonly reason?: string;
}

/** First request on the local socket; anything else before it closes the connection. */
export const authenticate: RequestDescriptor<AuthenticateParams, AuthenticateResult> = { method: 'kodiak/authenticate' };

/** A part of an open document: its smallest query around the range, which may be empty. Offsets are UTF-16 code units. */
export interface PeekQueryParams {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** How to run a part of a statement by itself. It only reads. */
export interface PeekQueryResult {
  readonly sql: string;
  /** A name of what it is about. */
  readonly title: string;
  /** Where it stands in the document. */
  readonly start: number;
  readonly end: number;
  /** What of `sql` is text of the document: `length` characters at `at` are those at `start`. */
  readonly pieces: readonly { readonly at: number; readonly start: number; readonly length: number }[];
}

/** Null where nothing gives rows; `refusal` says why a part has none by itself. Known to the language server, not to terminals. */
export const peekQuery: RequestDescriptor<PeekQueryParams, PeekQueryResult | { readonly refusal: string } | null> = {
  method: 'kodiak/peekQuery',
};

export interface QueryProgressParams {
  readonly runId: string;
  readonly elapsedMs: number;
  /** 0 to 100 where DuckDB can tell. */
  readonly percent?: number;
  /** Rows of the statement's result so far. */
  readonly rows: number;
  /** Zero-based index of the running statement. */
  readonly statementIndex: number;
  readonly statementCount: number;
}

export interface ResultOpenedParams {
  readonly runId: string;
  readonly statementIndex: number;
  readonly result: ResultHandle;
}

export interface EngineStateParams {
  readonly state: 'closed' | 'opening' | 'open' | 'failed';
  readonly info?: EngineInfo;
  readonly failure?: WireFailure;
}

export const queryProgress: NotificationDescriptor<QueryProgressParams> = { method: 'kodiak/queryProgress' };
/** A statement waits for `answerHeld`, or for the end of its run by `cancelQuery`. */
export const runHeld: NotificationDescriptor<RunHeldParams> = { method: 'kodiak/runHeld' };
/** The first page of a large result is there while the rest still arrives. */
export const resultOpened: NotificationDescriptor<ResultOpenedParams> = { method: 'kodiak/resultOpened' };
export const statsChanged: NotificationDescriptor<WireStats> = { method: 'kodiak/statsChanged' };
export const engineState: NotificationDescriptor<EngineStateParams> = { method: 'kodiak/engineState' };

export const cellReady: NotificationDescriptor<CellReadyParams> = { method: 'kodiak/cellReady' };

/** Of results that the client watches. */
export const freshnessChanged: NotificationDescriptor<{ readonly results: readonly ResultFreshness[] }> = {
  method: 'kodiak/freshnessChanged',
};

/** A script has ended that may have changed databases, schemas, tables, views, macros, or how many rows there are. */
export const catalogChanged: NotificationDescriptor<null> = { method: 'kodiak/catalogChanged' };

/** Outputs are no longer kept on disk: it is full, or fails. Told once, in words for a person. */
export const keepingStopped: NotificationDescriptor<{ readonly message: string }> = { method: 'kodiak/keepingStopped' };

/** `workspace/executeCommand` for any editor: arguments `[{ sql, uri? }]`, answers `RunSqlResult`. */
export const RUN_SQL_COMMAND = 'kodiak.runSql';

/** Runs the statement at a position of an open document, for its code lens: arguments `[{ uri, start }]`, answers `RunSqlResult`. */
export const RUN_STATEMENT_COMMAND = 'kodiak.runStatement';

/** Gives DuckDB's plan of that statement without running it: the same arguments, and `EXPLAIN`'s columns and rows. */
export const EXPLAIN_STATEMENT_COMMAND = 'kodiak.explainStatement';

export interface RunSqlArguments {
  readonly sql: string;
  /** The document that asks: its session is used, and its folder for relative paths. */
  readonly uri?: string;
}

/** The last statement's result, or the failure. */
export interface RunSqlResult {
  readonly columns?: readonly WireColumn[];
  readonly rows?: readonly WireRow[];
  readonly rowCount?: number;
  readonly rowsChanged?: number;
  readonly provenance?: WireProvenance;
  readonly elapsedMs: number;
  readonly error?: WireFailure;
}
