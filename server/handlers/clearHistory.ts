import type { Handler } from './handler.ts';

/** Removes all that is recorded. */
export const clearHistory: Handler<null, { readonly files: number }> = async (server) => ({ files: await server.history.clear() });
