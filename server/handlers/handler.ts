import type { Client } from '../client.ts';
import type { ServerSession } from '../session.ts';

/** Answers one kind of request of one client. Whatever it throws is translated by `guarded`. */
export type Handler<Params, Result> = (
  server: ServerSession,
  client: Client,
  params: Params,
  signal: AbortSignal,
) => Result | Promise<Result>;
