import type { Clock } from './base/clock.ts';

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
    /** DuckDB's `memory_limit`; default: 40 % of the machine's memory. */
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
  };
  /** Folder for spill files; default: a private one in the system's temporary folder, removed by `close`. */
  readonly temporaryFolder?: string;
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

/** Values that can be bound. `number` becomes INTEGER or DOUBLE, `bigint` BIGINT or HUGEINT, `Date` TIMESTAMP, `Uint8Array` BLOB. */
export type ParameterValue = null | boolean | number | bigint | string | Date | Uint8Array;

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
}

export interface Progress {
  readonly elapsedMs: number;
  /** 0 to 100 where DuckDB can tell. */
  readonly percent?: number;
  /** Rows of the running statement's result so far. */
  readonly rows: number;
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
  /** UTF-16 offsets of the statement in the text given to `run`. */
  readonly range: { readonly start: number; readonly end: number };
  /**
   * Rows `offset` to `offset + limit` (fewer at the end, none beyond it). While rows still arrive it waits for those asked for.
   * Rejects with `unavailable` after `release`.
   */
  page(offset: number, limit: number): Promise<Row[]>;
  /** Gives the rows back. A second call does nothing. */
  release(): void;
}

export interface Session {
  readonly name: string;
  /**
   * Runs one or several statements in order and gives the last one's result; the others are released.
   * Rejects with a `KodiakError` (`sql` with its position in the text, `cancelled`, `limit`, …); statements before it stay done.
   */
  run(sql: string, params?: Parameters, options?: RunOptions): Promise<Result>;
  /** As `run`, with one result per statement. Rejects with a `ScriptError`, whose `results` are those of the statements before it. */
  runAll(sql: string, params?: Parameters, options?: RunOptions): Promise<Result[]>;
  /** Interrupts what runs, waits for it, gives the connection back; temporary objects are gone. */
  close(): Promise<void>;
}

export interface CatalogEntry {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly estimatedRows: number | undefined;
  readonly columns: readonly Column[];
  readonly sql: string | undefined;
}

export interface CacheEntry {
  readonly sql: string;
  /** Tables (`database.schema.table`) and files that it was computed from. */
  readonly sources: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly ageMs: number;
  readonly hits: number;
  readonly costMs: number;
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

export interface MemoryStats {
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly duckdbBytes: number;
  readonly resultBytes: number;
  readonly spillBytes: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly thresholdBytes: number;
  readonly keptBytes: number;
  readonly sampleIntervalMs: number;
  readonly sampledAt: number;
  readonly cleanUps: number;
  readonly freedBytes: number;
}

export interface ParallelStats {
  readonly enabled: boolean;
  readonly threads: number;
  readonly running: number;
  readonly queued: number;
  readonly maxRunning: number;
  readonly completed: number;
  readonly peakRunning: number;
}

export interface EngineStats {
  readonly database: string;
  readonly cache: CacheStats;
  readonly pool: PoolStats;
  readonly memory: MemoryStats;
  readonly parallel: ParallelStats;
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
  cacheEntries(): CacheEntry[];
  /** Number of entries removed. */
  clearCache(): number;
  setCacheEnabled(enabled: boolean): void;
  /** Drops all that is kept only for later, and gives the bytes freed. */
  freeMemory(): Promise<number>;
  /** Ends sessions (interrupting their queries), closes the database and removes spill files. */
  close(): Promise<void>;
}
