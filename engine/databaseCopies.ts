import { OUR_DATABASES } from './attachedFiles.ts';
import { backupDatabase, beforeRestorePath, restoreDatabase } from './backup.ts';
import { KodiakError } from './base/errors.ts';
import type { Connection } from './duckdb/connection.ts';
import type { OpenSessions } from './openSessions.ts';
import type { LeasePool } from './pool/leasePool.ts';
import type { BackupOptions, BackupSummary, Engine, RestoreSummary } from './types.ts';

export interface DatabaseCopiesParts {
  readonly engine: Pick<Engine, 'database' | 'checkExportTarget' | 'backup' | 'lookAt' | 'leave' | 'openSession'>;
  readonly readOnly: boolean;
  readonly pool: LeasePool<Connection>;
  readonly sessions: OpenSessions;
}

/** Copies of the whole database, and the way back, on connections of the pool. */
export class DatabaseCopies {
  readonly #parts: DatabaseCopiesParts;
  #nextCopy = 1;

  constructor(parts: DatabaseCopiesParts) {
    this.#parts = parts;
  }

  /** See `Engine.backup`. */
  async backup(path: string, options: BackupOptions): Promise<BackupSummary> {
    const { engine, pool } = this.#parts;
    await engine.checkExportTarget(path);
    return await pool.withLease(
      'backup',
      (connection) => backupDatabase(connection, `${OUR_DATABASES}backup_${this.#nextCopy++}`, path, options),
      // As long as a session's: it is not forgotten because it takes minutes.
      { purpose: 'session', signal: options.signal },
    );
  }

  /** See `Engine.restore`. */
  async restore(path: string, options: Omit<BackupOptions, 'overwrite'>): Promise<RestoreSummary> {
    const { engine, readOnly, pool, sessions } = this.#parts;
    if (readOnly) throw new KodiakError('unavailable', 'The database is open read-only: nothing can be restored into it.');
    const busy = sessions.findInTransaction();
    if (busy) {
      throw new KodiakError('unavailable', `Nothing was restored: ${busy.name} has an open transaction. COMMIT or ROLLBACK it first.`);
    }
    const backup = await engine.lookAt(path);
    const session = await engine.openSession({ name: 'restore', ...(options.signal && { signal: options.signal }) });
    try {
      const before = engine.database === ':memory:' ? undefined : beforeRestorePath(engine.database);
      const { signal } = options;
      if (before !== undefined) await engine.backup(before, { ...(signal && { signal }) });
      const restored = await pool.withLease(
        'restore',
        async (connection) => {
          const database = String((await connection.rows('select current_database()'))[0]?.[0]);
          if (database === backup) throw new KodiakError('unavailable', `${path} is the database that is open.`);
          return await restoreDatabase({ connection, database, backup, session }, options);
        },
        { purpose: 'session', signal },
      );
      return { ...restored, ...(before !== undefined && { before }) };
    } finally {
      await session.close();
      await engine.leave(path);
    }
  }
}
