import type { Client } from './client.ts';
import type { ServerSession } from './session.ts';

/** Long work of a client on a result: cancelled with its request, and by `cancelQuery` when it has a name. */
export async function namedWork<T>(
  server: ServerSession,
  client: Client,
  runId: string | undefined,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = runId === undefined ? outer : client.beginRun(runId, outer);
  server.stats.runBegan();
  try {
    return await work(signal);
  } finally {
    if (runId !== undefined) client.endRun(runId);
    server.stats.runEnded();
  }
}
