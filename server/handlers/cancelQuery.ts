import type { CancelQueryParams } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Interrupts one of the client's own queries; its `runQuery` then answers with a `cancelled` failure. */
export const cancelQuery: Handler<CancelQueryParams, { found: boolean }> = (_server, client, { runId }) => ({
  found: client.cancelRun(runId),
});
