import type { Running, RunOrigin } from './activity/runningQueries.ts';
import type { Client } from './client.ts';
import type { ServerSession } from './session.ts';

/**
 * Long work of a client on a result: cancelled with its request, and by `cancelQuery` when it has a name. With an `origin` it is among
 * what runs, for everybody to see and to cancel.
 */
export async function namedWork<T>(
  server: ServerSession,
  client: Client,
  runId: string | undefined,
  outer: AbortSignal,
  work: (signal: AbortSignal, running: Running | undefined) => Promise<T>,
  origin?: RunOrigin,
): Promise<T> {
  const own = runId === undefined ? outer : client.beginRun(runId, outer);
  const running = origin && server.activity.running.begin(origin);
  server.stats.runBegan();
  try {
    return await work(running ? AbortSignal.any([own, running.signal]) : own, running);
  } catch (thrown) {
    throw running?.explain(thrown) ?? thrown;
  } finally {
    if (running) server.activity.running.end(running);
    if (runId !== undefined) client.endRun(runId);
    server.stats.runEnded();
  }
}
