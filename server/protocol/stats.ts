/** One frozen snapshot of the four subsystems. Sizes in bytes, times in milliseconds, `At` fields in Unix milliseconds. */
export interface WireStats {
  readonly database: string;
  readonly cache: WireCacheStats;
  readonly pool: WirePoolStats;
  readonly memory: WireMemoryStats;
  readonly parallel: WireParallelStats;
}

export interface WireCacheStats {
  readonly enabled: boolean;
  /** What is evicted first: what saves least engine time for its size, or what was not used for longest. */
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
  /** Entries dropped because what they read may have changed. */
  readonly invalidations: number;
  /** Engine time that hits did not spend again. */
  readonly savedMs: number;
  /** Runs that several sessions asked for at once and shared. */
  readonly shared: number;
}

export interface WirePoolStats {
  /** Connections lent to sessions and internal work. */
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
  readonly holders: readonly WirePoolHolder[];
}

export interface WirePoolHolder {
  readonly name: string;
  /** A session holds its connection for its life; a query should give it back soon. */
  readonly purpose: 'session' | 'query';
  readonly heldMs: number;
  readonly running: boolean;
  /** The first 80 characters of what runs. */
  readonly statement?: string;
  readonly runningMs?: number;
}

export interface WireMemoryStats {
  /** DuckDB's buffers plus results held outside of them: what `limitBytes` is about. */
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
  readonly spillFiles: { readonly count: number; readonly bytes: number; readonly folder: string };
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly arrayBufferBytes: number;
  /** What of the process is none of these: code, stacks, and what allocators hold. */
  readonly otherBytes: number;
  /** How short of memory the machine is, and who says so. */
  readonly pressure: { readonly level: 'none' | 'some' | 'high'; readonly source: string };
  /** Clean-up starts when what Kodiak keeps for later (cache, results) is above this. */
  readonly thresholdBytes: number;
  readonly keptBytes: number;
  readonly sampleIntervalMs: number;
  readonly sampledAt: number;
  readonly cleanUps: number;
  readonly freedBytes: number;
  readonly lastCleanUp?: {
    readonly at: number;
    readonly reason: string;
    /** Those that ran, in their order. */
    readonly steps: readonly { readonly name: string; readonly freedBytes: number }[];
  };
}

export interface WireParallelStats {
  readonly enabled: boolean;
  readonly threads: number;
  readonly running: number;
  readonly queued: number;
  readonly maxRunning: number;
  readonly completed: number;
  readonly peakRunning: number;
  /** Slots beyond `maxRunning` for statements that must not wait behind long ones. */
  readonly shortSlots: number;
  readonly shortCompleted: number;
  readonly longestShortWaitMs: number;
  /** The last run of several cells: `sumMs` is the time of its cells one by one. */
  readonly lastRun: { readonly cells: number; readonly elapsedMs: number; readonly sumMs: number; readonly speedUp: number } | undefined;
  readonly lastAggregate: { readonly strategy: 'duckdb' | 'chunks'; readonly reason: string; readonly elapsedMs: number } | undefined;
}
