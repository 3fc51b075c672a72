import type { Handler } from './handler.ts';

/** Gives the rows of a result back; an unknown handle is fine. */
export const releaseResult: Handler<{ readonly resultId: string }, null> = (server, _client, { resultId }) => {
  server.results.release(resultId);
  server.stats.changed();
  return null;
};
