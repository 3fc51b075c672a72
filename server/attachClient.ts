import { Client, type ClientKind, type RpcConnection } from './client.ts';
import { registerHandlers } from './registerHandlers.ts';
import type { ServerSession } from './session.ts';

/** Lets a connection use the server. */
export function attachClient(connection: RpcConnection, server: ServerSession, kind: ClientKind): Client {
  const client = new Client(connection, kind);
  server.attach(client);
  registerHandlers(connection, server, client);
  return client;
}
