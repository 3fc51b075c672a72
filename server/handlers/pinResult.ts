import type { Handler } from './handler.ts';

/** A client begins or ceases to show a result; a pin goes with its client. */
export const pinResult: Handler<{ readonly resultId: string; readonly pinned: boolean }, null> = (server, client, { resultId, pinned }) => {
  if (pinned) server.results.pin(resultId, client);
  else server.results.unpin(resultId, client);
  return null;
};
