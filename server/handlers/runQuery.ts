import type { RunQueryParams, RunQueryResult } from '../protocol/requests.ts';
import { runScript } from '../runScript.ts';
import type { Handler } from './handler.ts';

/** Runs a script in a session of the client's. */
export const runQuery: Handler<RunQueryParams, RunQueryResult> = (server, client, params, signal) =>
  runScript(server, client, params, signal);
