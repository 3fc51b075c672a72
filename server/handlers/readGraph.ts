import type { ReadGraphParams, ReadGraphResult } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Says which cells of a notebook depend on which. */
export const readGraph: Handler<ReadGraphParams, ReadGraphResult> = async (server, _client, { sessionId, cells }) => {
  // Looking never makes or opens a database.
  const { engine } = server;
  if (!engine) return { edges: [], flows: [], needs: [] };
  const session = await server.findSession(sessionId);
  const { edges, flows, needs } = await engine.graph(
    cells.map((cell, index) => ({ ...cell, id: String(index) })),
    session,
  );
  return { edges, flows, needs };
};
