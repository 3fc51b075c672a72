import type { Handler } from './handler.ts';

/** Gives a database file free that the client had looked at. */
export const leaveDatabase: Handler<{ readonly path: string }, null> = async (server, client, { path }) => {
  if (server.lookedAt.remove(client, String(path))) await server.engine?.leave(String(path));
  return null;
};
