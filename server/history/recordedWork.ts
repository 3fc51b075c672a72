import type { Client } from '../client.ts';
import type { RunQueryParams } from '../protocol/requests.ts';
import type { ServerSession } from '../session.ts';
import { toWireFailure } from '../wire.ts';

/** Does work that is a part of the history though no script runs: `sql` is how it is written down. */
export async function recordedWork<T>(
  server: ServerSession,
  client: Client,
  params: Pick<RunQueryParams, 'runId' | 'sessionId' | 'sql' | 'values'>,
  { kind, reason }: { readonly kind: string; readonly reason: string },
  work: () => Promise<T>,
): Promise<T> {
  const ended = server.history.begin(client, params);
  const startedAt = server.clock.monotonic();
  try {
    const answer = await work();
    const elapsedMs = server.clock.monotonic() - startedAt;
    const provenance = { kind: 'bypass', reason } as const;
    const result = { resultId: '', columns: [], rowCount: 0, complete: true, truncated: false, preview: [], provenance };
    ended({ statements: [{ start: 0, end: params.sql.length, kind, elapsedMs, result }], elapsedMs });
    return answer;
  } catch (thrown) {
    ended({ statements: [], failure: toWireFailure(thrown), elapsedMs: server.clock.monotonic() - startedAt });
    throw thrown;
  }
}
