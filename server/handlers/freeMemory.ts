import type { Handler } from './handler.ts';

/** Drops what is kept only for later. Does not open the database. */
export const freeMemory: Handler<null, { freedBytes: number }> = async (server) => {
  const freedBytes = (await server.engine?.freeMemory()) ?? 0;
  server.stats.changed();
  return { freedBytes };
};
