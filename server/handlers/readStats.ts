import type { WireStats } from '../protocol/stats.ts';
import type { Handler } from './handler.ts';

/** The figures with memory measured now. Does not open the database. */
export const readStats: Handler<null, WireStats> = async (server) => {
  await server.engine?.sampleMemory();
  return server.readStats();
};
