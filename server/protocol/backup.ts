import type { RequestDescriptor } from './requests.ts';

export interface BackupDatabaseParams {
  /** Absolute. */
  readonly path: string;
  /** Default false: a file that exists is an error. */
  readonly overwrite?: boolean;
  /** Names the work in `queryProgress` and for `cancelQuery`. */
  readonly runId: string;
}

export interface BackupDatabaseResult {
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface RestoreDatabaseParams {
  /** Absolute; of a database file. */
  readonly path: string;
  /** Names the work in `queryProgress` and for `cancelQuery`. */
  readonly runId: string;
}

export interface RestoreDatabaseResult {
  readonly tables: number;
  readonly rows: number;
  /** Where a copy of what was there before lies; none for a database in memory. */
  readonly before?: string;
}

/** Writes a copy of the open database, as it is at one moment, that was read again and compared. */
export const backupDatabase: RequestDescriptor<BackupDatabaseParams, BackupDatabaseResult> = { method: 'kodiak/backupDatabase' };
/** Replaces the contents of the open database by those of a file: all, or nothing. Refused while a transaction is open. */
export const restoreDatabase: RequestDescriptor<RestoreDatabaseParams, RestoreDatabaseResult> = { method: 'kodiak/restoreDatabase' };
