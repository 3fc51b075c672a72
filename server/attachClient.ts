import { Client, type RpcConnection } from './client.ts';
import type { ClientIdentity } from './protocol/attached.ts';
import { registerHandlers } from './registerHandlers.ts';
import type { ServerSession } from './session.ts';

/** Lets a connection use the server. */
export function attachClient(connection: RpcConnection, server: ServerSession, identity?: ClientIdentity): Client {
  const client = new Client(connection, identity);
  server.attach(client);
  registerHandlers(connection, server, client);
  return client;
}
