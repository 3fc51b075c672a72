import type { Client } from './client.ts';
import type { RunQueryParams, RunQueryResult } from './protocol/requests.ts';
import { runScript } from './runScript.ts';
import type { ServerSession } from './session.ts';

/** A script that has ended, with what became of its statements. */
export interface EndedRun {
  readonly sessionId: string;
  readonly sql: string;
  readonly result: RunQueryResult;
}

/** Runs a script as `runScript` does, and tells the server's listeners how it ended. */
export async function runAndTell(
  server: ServerSession,
  client: Client,
  params: RunQueryParams,
  signal: AbortSignal,
): Promise<RunQueryResult> {
  const ended = server.history.begin(client, params);
  const result = await runScript(server, client, params, signal);
  ended(result);
  for (const listener of server.outcomeListeners) listener({ sessionId: params.sessionId, sql: params.sql, result });
  return result;
}
