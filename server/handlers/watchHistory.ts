import type { Handler } from './handler.ts';

/** Tells the client of statements as they end, or no longer. */
export const watchHistory: Handler<{ readonly watch: boolean }, null> = (server, client, { watch }) => {
  server.history.watch(client, watch);
  return null;
};
