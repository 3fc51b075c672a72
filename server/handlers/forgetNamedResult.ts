import type { Handler } from './handler.ts';

/** For a cell that is gone or has another name now. */
export const forgetNamedResult: Handler<{ readonly sessionId: string; readonly name: string }, null> = async (
  server,
  _client,
  { sessionId, name },
) => {
  const session = await server.findSession(sessionId);
  await session?.forgetResult(name);
  return null;
};
