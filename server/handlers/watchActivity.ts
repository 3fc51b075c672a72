import type { ActivityNews } from '../protocol/activity.ts';
import type { Handler } from './handler.ts';

/** Begins or ends the telling of what goes on. Does not open the database. */
export const watchActivity: Handler<{ readonly watching: boolean }, ActivityNews | null> = (server, client, { watching }) => {
  if (watching) return server.activity.watch(client);
  server.activity.unwatch(client);
  return null;
};
