import type { ResultFreshness } from '../protocol/freshness.ts';
import type { Handler } from './handler.ts';

/** A client shows these results, and wants to hear when they become stale. */
export const watchFreshness: Handler<{ readonly resultIds: readonly string[] }, { readonly results: readonly ResultFreshness[] }> = async (
  server,
  client,
  { resultIds },
) => ({ results: await server.freshness.watch(client, resultIds) });
