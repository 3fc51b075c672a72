import type { RunQueryParams, RunQueryResult } from '../protocol/requests.ts';
import { runAndTell } from '../runOutcome.ts';
import type { Handler } from './handler.ts';

/** Runs a script in a session of the client's. */
export const runQuery: Handler<RunQueryParams, RunQueryResult> = (server, client, params, signal) =>
  runAndTell(server, client, params, signal);
