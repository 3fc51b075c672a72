import type { Handler } from './handler.ts';

/** Cancels a run of any client. */
export const cancelRunning: Handler<{ readonly id: number; readonly from: string }, { readonly found: boolean }> = (
  server,
  _client,
  { id, from },
) => ({ found: server.activity.cancel(id, from) });
