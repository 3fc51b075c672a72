import type { Handler } from './handler.ts';

/** Attaches a database file for a client, which leaves it again at its end at the latest. */
export const lookAtDatabase: Handler<{ readonly path: string }, { readonly name: string }> = async (server, client, { path }) => {
  const engine = await server.open();
  const name = await engine.lookAt(String(path));
  server.lookedAt.add(client, String(path));
  return { name };
};
