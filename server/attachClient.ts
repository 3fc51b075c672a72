import { Client, type RpcConnection } from './client.ts';
import { registerHandlers } from './registerHandlers.ts';
import type { ServerSession } from './session.ts';

/** Lets a connection use the server. */
export function attachClient(connection: RpcConnection, server: ServerSession): Client {
  const client = new Client(connection);
  server.attach(client);
  registerHandlers(connection, server, client);
  return client;
}
