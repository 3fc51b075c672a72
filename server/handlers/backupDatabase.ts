import { recordedWork } from '../history/recordedWork.ts';
import { namedWork } from '../namedWork.ts';
import type { BackupDatabaseParams, BackupDatabaseResult } from '../protocol/backup.ts';
import { queryProgress } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Writes a copy of the open database. */
export const backupDatabase: Handler<BackupDatabaseParams, BackupDatabaseResult> = async (server, client, params, outer) => {
  const { path, overwrite = false, runId } = params;
  const startedAt = server.clock.monotonic();
  const noted = { runId, sessionId: 'backup', sql: `-- Back up the database into ${path}` };
  const origin = { sessionId: 'backup', sql: noted.sql, label: 'backup' };
  return await recordedWork(server, client, noted, { kind: 'BACKUP', reason: 'it copies the database' }, () =>
    namedWork(
      server,
      client,
      runId,
      outer,
      async (signal) => {
        const engine = await server.open();
        return await engine.backup(path, {
          overwrite,
          signal,
          onProgress: ({ rows, percent }) =>
            client.notify(queryProgress, {
              runId,
              elapsedMs: server.clock.monotonic() - startedAt,
              percent,
              rows,
              statementIndex: 0,
              statementCount: 1,
            }),
        });
      },
      origin,
    ),
  );
};
