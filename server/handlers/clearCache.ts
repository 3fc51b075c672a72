import type { Handler } from './handler.ts';

/** Empties the cache. Does not open the database. */
export const clearCache: Handler<null, { removed: number }> = (server) => {
  const removed = server.engine?.clearCache() ?? 0;
  server.stats.changed();
  return { removed };
};
