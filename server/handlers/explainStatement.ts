import { abortable } from '../abortable.ts';
import type { Client } from '../client.ts';
import { namedWork } from '../namedWork.ts';
import type { WirePlan } from '../protocol/plan.ts';
import { type ExplainStatementParams, queryProgress } from '../protocol/requests.ts';
import type { ServerSession } from '../session.ts';
import { toWireFailure, toWirePlan, toWireProgress } from '../wire.ts';
import type { Handler } from './handler.ts';

/** The plan of one statement in a session of the client's; one that is run to be measured counts as a script that ran. */
export const explainStatement: Handler<ExplainStatementParams, WirePlan> = async (server, client, params, outer) => {
  const { runId, sessionId, sql, analyze, cwd, values } = params;
  const explain = () =>
    namedWork(
      server,
      client,
      runId,
      outer,
      async (signal, running) => {
        const session = await abortable(server.openSession(client, sessionId, cwd), signal);
        try {
          const onProgress = (progress: Parameters<typeof toWireProgress>[1]) => {
            running?.progress(progress);
            client.notify(queryProgress, toWireProgress(runId, progress));
          };
          return toWirePlan(await session.explain(sql, { analyze, signal, onProgress, ...(values && { values }) }));
        } finally {
          if (analyze) server.ran({ sessionId, sql });
        }
      },
      { sessionId, sql, label: analyze ? 'profile' : 'explain' },
    );
  return await (analyze ? recorded(server, client, params, explain) : explain());
};

/** A statement that is run to be measured is a part of the history. */
async function recorded<T>(server: ServerSession, client: Client, params: ExplainStatementParams, run: () => Promise<T>): Promise<T> {
  const sql = /^\s*explain\b/i.test(params.sql) ? params.sql : `EXPLAIN ANALYZE ${params.sql}`;
  const ended = server.history.begin(client, { ...params, sql });
  const startedAt = server.clock.monotonic();
  try {
    const answer = await run();
    const elapsedMs = server.clock.monotonic() - startedAt;
    const provenance = { kind: 'bypass', reason: 'it was run to be measured' } as const;
    const result = { resultId: '', columns: [], rowCount: 0, complete: true, truncated: false, preview: [], provenance };
    ended({ statements: [{ start: 0, end: sql.length, kind: 'EXPLAIN', elapsedMs, result }], elapsedMs });
    return answer;
  } catch (thrown) {
    ended({ statements: [], failure: toWireFailure(thrown), elapsedMs: server.clock.monotonic() - startedAt });
    throw thrown;
  }
}
