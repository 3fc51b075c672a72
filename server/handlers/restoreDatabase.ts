import { recordedWork } from '../history/recordedWork.ts';
import { namedWork } from '../namedWork.ts';
import type { RestoreDatabaseParams, RestoreDatabaseResult } from '../protocol/backup.ts';
import { queryProgress } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Replaces the contents of the open database by those of a file. */
export const restoreDatabase: Handler<RestoreDatabaseParams, RestoreDatabaseResult> = async (server, client, params, outer) => {
  const { path, runId } = params;
  const startedAt = server.clock.monotonic();
  const noted = { runId, sessionId: 'restore', sql: `-- Restore the database from ${path}` };
  const origin = { sessionId: 'restore', sql: noted.sql, label: 'restore' };
  return await recordedWork(server, client, noted, { kind: 'RESTORE', reason: 'it replaces the database' }, () =>
    namedWork(
      server,
      client,
      runId,
      outer,
      async (signal) => {
        const engine = await server.open();
        const restored = await engine.restore(path, {
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
        // Whoever shows the catalog, or results, hears of it as of a script.
        server.ran({ sessionId: 'restore', sql: 'IMPORT DATABASE' });
        return restored;
      },
      origin,
    ),
  );
};
