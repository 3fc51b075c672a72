import type { Handler } from './handler.ts';

/** Drops one entry of the cache. Does not open the database. */
export const invalidateCacheEntry: Handler<{ readonly id: number }, { readonly found: boolean }> = (server, _client, { id }) => {
  const found = server.engine?.invalidateCacheEntry(id) ?? false;
  server.stats.changed();
  return { found };
};
