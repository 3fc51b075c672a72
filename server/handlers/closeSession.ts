import type { Handler } from './handler.ts';

/** Ends a session with its temporary objects and results; an unknown one is fine. */
export const closeSession: Handler<{ readonly sessionId: string }, null> = async (server, _client, { sessionId }) => {
  await server.closeSession(sessionId);
  return null;
};
