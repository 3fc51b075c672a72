import { namedWork } from '../namedWork.ts';
import type { Handler } from './handler.ts';

/** Sums up a result's rows to a digest. */
export const digestResult: Handler<{ readonly resultId: string; readonly runId?: string }, { readonly digest: string }> = async (
  server,
  client,
  { resultId, runId },
  signal,
) => {
  const { result } = server.results.get(resultId);
  return { digest: await namedWork(server, client, runId, signal, (either) => result.digest({ signal: either })) };
};
