import { abortable } from '../abortable.ts';
import { recordedWork } from '../history/recordedWork.ts';
import { namedWork } from '../namedWork.ts';
import type { WirePlan } from '../protocol/plan.ts';
import { type ExplainStatementParams, queryProgress } from '../protocol/requests.ts';
import { toWirePlan, toWireProgress } from '../wire.ts';
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
  if (!analyze) return await explain();
  // A statement that is run to be measured is a part of the history.
  const text = /^\s*explain\b/i.test(sql) ? sql : `EXPLAIN ANALYZE ${sql}`;
  const how = { kind: 'EXPLAIN', reason: 'it was run to be measured' };
  return await recordedWork(server, client, { ...params, sql: text }, how, explain);
};
