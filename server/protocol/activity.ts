import type { CacheEntryInfo, NotificationDescriptor, RequestDescriptor } from './requests.ts';

/** How far back the figures go. */
export const ACTIVITY_MS = 15 * 60_000;

/** The figures of one second. Those of the cache count from the start of the server. */
export interface ActivitySample {
  /** Unix milliseconds, a whole second: a later sample of the same second takes its place. */
  readonly at: number;
  readonly hits: number;
  readonly misses: number;
  readonly savedMs: number;
  readonly duckdbBytes: number;
  /** Results that are not in the cache. */
  readonly resultBytes: number;
  readonly cacheBytes: number;
  /** The whole process. */
  readonly processBytes: number;
  /** Connections that are lent, that are idle, and waits for one. */
  readonly active: number;
  readonly idle: number;
  readonly waiting: number;
  /** Statements. */
  readonly running: number;
  readonly queued: number;
}

/** Memory was cleaned up. */
export interface CleanUpMark {
  /** Unix milliseconds. */
  readonly at: number;
  readonly reason: string;
  readonly freedBytes: number;
}

/** A script that runs now, or other work on a result, of whatever client. */
export interface RunningQuery {
  /** For `cancelRunning`. */
  readonly id: number;
  readonly sessionId: string;
  /** What is done, where it is not the running of SQL: `export to orders.csv`. */
  readonly label?: string;
  /** The beginning of it. */
  readonly sql: string;
  readonly elapsedMs: number;
  /** 0 to 100 of the present statement, where DuckDB can tell. */
  readonly percent?: number;
  /** Of the present statement so far. */
  readonly rows: number;
  /** What the server's process has grown by for the present statement, about. */
  readonly grownBytes: number;
  readonly statementIndex: number;
  readonly statementCount: number;
  /** It was cancelled from there and has not ended yet. */
  readonly cancelledFrom?: string;
}

/** All runs of one text since the server started. */
export interface StatementTotal {
  /** The beginning of it. */
  readonly sql: string;
  /** Who ran it last. */
  readonly sessionId: string;
  /** How often it was computed, and the longest time that took. */
  readonly runs: number;
  readonly longestMs: number;
  /** How often the cache answered, and the time that was not spent again. */
  readonly hits: number;
  readonly savedMs: number;
  /** Unix milliseconds. */
  readonly lastAt: number;
}

export interface SpillFileInfo {
  readonly name: string;
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly changedAt: number;
}

/** What changes seldom, in whole. */
export interface ActivityDetails {
  /** The most valuable ones; the figures have the number of all. */
  readonly entries: readonly CacheEntryInfo[];
  readonly slowest: readonly StatementTotal[];
  readonly mostSaved: readonly StatementTotal[];
  readonly spillFiles: readonly SpillFileInfo[];
  readonly spillFolder: string;
}

export interface ActivityNews {
  /** Unix milliseconds; another one means another server, whose figures begin anew. */
  readonly serverStartedAt: number;
  /** The database is open. */
  readonly open: boolean;
  /** Oldest first, since the last news. */
  readonly samples: readonly ActivitySample[];
  /** Those of the time that the samples are from, all of them. */
  readonly cleanUps: readonly CleanUpMark[];
  /** The oldest ones, oldest first. */
  readonly running: readonly RunningQuery[];
  /** Of all. */
  readonly runningCount: number;
  /** When they may have changed. */
  readonly details?: ActivityDetails;
}

/** From now on the client is told what goes on, or no more; answers with all that is known, or nothing. Does not open the database. */
export const watchActivity: RequestDescriptor<{ readonly watching: boolean }, ActivityNews | null> = { method: 'kodiak/watchActivity' };
/** Every second, and sooner when runs begin and end. */
export const activityChanged: NotificationDescriptor<ActivityNews> = { method: 'kodiak/activityChanged' };
/** Cancels a run of any client, which is told from where: `the Kodiak Monitor`. Not found when it has ended. */
export const cancelRunning: RequestDescriptor<{ readonly id: number; readonly from: string }, { readonly found: boolean }> = {
  method: 'kodiak/cancelRunning',
};
/** The next run of that query computes it. Not found when the entry is not there any more. */
export const invalidateCacheEntry: RequestDescriptor<{ readonly id: number }, { readonly found: boolean }> = {
  method: 'kodiak/invalidateCacheEntry',
};
