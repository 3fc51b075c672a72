import { attachClient } from './attachClient.ts';
import { type SocketLocation, socketLocation } from './protocol/socketLocation.ts';
import type { ServerSession } from './session.ts';
import { SocketListener } from './socket.ts';
import { toWireFailure } from './wire.ts';

/** Lets terminals into a server: opens its socket, and attaches and detaches who comes through it. */
export class SocketDoor {
  readonly #server: ServerSession;
  readonly #onClientCount: ((count: number) => void) | undefined;
  #listener: SocketListener | undefined;
  #closed = false;

  constructor(server: ServerSession, onClientCount?: (count: number) => void) {
    this.#server = server;
    this.#onClientCount = onClientCount;
  }

  /** False when the socket belongs to another living server, or was not opened. */
  get isOurs(): boolean {
    return this.#listener !== undefined;
  }

  /** Gives the place where the database's server listens: this one, or the one that was there before. */
  async open(database: string): Promise<SocketLocation> {
    const location = socketLocation(database);
    const server = this.#server;
    this.#listener = await SocketListener.listen({
      location,
      log: (line) => server.log(line),
      attach: (connection, identity) => {
        const client = attachClient(connection, server, identity);
        return () => {
          server.detach(client).catch((thrown: unknown) => server.log(`A terminal left: ${toWireFailure(thrown).message}`));
        };
      },
      ...(this.#onClientCount && { onClientCount: this.#onClientCount }),
    });
    if (this.#closed) this.close();
    return location;
  }

  close(): void {
    this.#closed = true;
    this.#listener?.close();
    this.#listener = undefined;
  }
}
