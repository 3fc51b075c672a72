import type { CacheEntryInfo } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** What the cache holds. Does not open the database. */
export const readCacheEntries: Handler<null, { entries: readonly CacheEntryInfo[] }> = (server) => ({
  entries: server.engine?.cacheEntries() ?? [],
});
