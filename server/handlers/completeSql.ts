import { TerminalCompletion } from '../language/terminalCompletion.ts';
import type { CompleteSqlParams, CompleteSqlResult } from '../protocol/completion.ts';
import type { ServerSession } from '../session.ts';
import type { Handler } from './handler.ts';

const completions = new WeakMap<ServerSession, TerminalCompletion>();

/** One snapshot of the database serves all terminals. */
export const completeSql: Handler<CompleteSqlParams, CompleteSqlResult> = (server, _client, params) => {
  const completion = completions.get(server) ?? new TerminalCompletion(server);
  completions.set(server, completion);
  return completion.complete(params);
};
