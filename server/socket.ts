import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createMessageConnection, type MessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-languageserver/node';
import { KodiakError, messageOf } from '../engine/base/errors.ts';
import { after } from '../engine/base/timers.ts';
import type { RpcConnection } from './client.ts';
import type { Log } from './log.ts';
import { authenticate } from './protocol/requests.ts';
import type { SocketLocation } from './protocol/socketLocation.ts';
import { preparePrivateFolder } from './runtimeFolder.ts';

const AUTHENTICATE_TIMEOUT_MS = 5_000;
/** For the answer to leave before the connection ends. */
const REFUSE_DELAY_MS = 100;
const MAX_CONNECTIONS = 64;
/** What macOS allows, with its final zero byte. */
const MAX_SOCKET_PATH_BYTES = 103;

export interface SocketListenerOptions {
  readonly location: SocketLocation;
  readonly log: Log;
  /** Takes a connection that showed the token; gives what is to be done when it ends. */
  readonly attach: (connection: RpcConnection) => () => void;
  /** Told after each change with the number of attached clients. */
  readonly onClientCount?: (count: number) => void;
}

/**
 * The local socket through which terminals reach this server. Only the same user gets in: the files lie in a private folder, and
 * the first request must show the token that lies beside the socket.
 */
export class SocketListener {
  readonly #options: SocketListenerOptions;
  readonly #server: Server;
  readonly #token = randomBytes(32).toString('hex');
  readonly #sockets = new Set<Socket>();
  readonly #removeFilesAtExit = () => this.#removeFiles();
  #clients = 0;

  /** Gives undefined when a living server has the socket: it is left alone. Throws `unavailable` where no socket can be had. */
  static async listen(options: SocketListenerOptions): Promise<SocketListener | undefined> {
    const { folder, socketFile, tokenFile } = options.location;
    preparePrivateFolder(folder);
    if (Buffer.byteLength(socketFile) > MAX_SOCKET_PATH_BYTES) {
      throw new KodiakError(
        'unavailable',
        `The socket's path is too long for this system: ${socketFile}. KODIAK_RUNTIME_DIR can name a shorter one.`,
      );
    }
    await removeDeadSockets(folder);
    if (await isAlive(socketFile)) {
      options.log(`Another Kodiak server listens at ${socketFile}; terminals attach to that one.`);
      return undefined;
    }
    // What a killed server left behind. The token goes first: nobody then shows an old one to the new socket.
    rmSync(tokenFile, { force: true });
    if (process.platform !== 'win32') rmSync(socketFile, { force: true });
    const listener = new SocketListener(options);
    try {
      await listener.#open();
    } catch (thrown) {
      throw new KodiakError('unavailable', `No socket for terminals at ${socketFile}: ${messageOf(thrown)}`, { cause: thrown });
    }
    return listener;
  }

  private constructor(options: SocketListenerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Ends the connections and removes the files. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#removeFiles();
    this.#server.close();
    process.off('exit', this.#removeFilesAtExit);
  }

  async #open(): Promise<void> {
    const { socketFile, tokenFile } = this.#options.location;
    this.#server.listen(socketFile);
    await once(this.#server, 'listening');
    this.#server.on('error', (error) => this.#options.log(`The socket for terminals failed: ${error.message}`));
    process.once('exit', this.#removeFilesAtExit);
    const unfinished = `${tokenFile}.${process.pid}`;
    writeFileSync(unfinished, this.#token, { mode: 0o600 });
    renameSync(unfinished, tokenFile);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A reset connection closes as well; an error without a listener would end the process.
    socket.on('error', () => {});
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connection.onError(() => {});
    const timeout = after(AUTHENTICATE_TIMEOUT_MS, () => socket.destroy());
    socket.on('close', () => {
      timeout.dispose();
      connection.dispose();
    });
    const intruders = [connection.onRequest(() => void socket.destroy()), connection.onNotification(() => void socket.destroy())];
    const door = connection.onRequest(authenticate.method, (params: { readonly token?: unknown } | null) => {
      timeout.dispose();
      door.dispose();
      if (!this.#isToken(params?.token)) {
        after(REFUSE_DELAY_MS, () => socket.destroy());
        return { accepted: false };
      }
      for (const intruder of intruders) intruder.dispose();
      this.#letIn(socket, connection);
      return { accepted: true };
    });
    connection.listen();
  }

  #letIn(socket: Socket, connection: MessageConnection): void {
    const detach = this.#options.attach(connection);
    this.#options.onClientCount?.(++this.#clients);
    socket.on('close', () => {
      detach();
      this.#options.onClientCount?.(--this.#clients);
    });
  }

  #isToken(shown: unknown): boolean {
    if (typeof shown !== 'string') return false;
    const expected = Buffer.from(this.#token);
    const given = Buffer.from(shown);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** Leaves files alone that another server has put in their place. */
  #removeFiles(): void {
    const { socketFile, tokenFile } = this.#options.location;
    try {
      if (readFileSync(tokenFile, 'utf8') !== this.#token) return;
      rmSync(tokenFile, { force: true });
      if (process.platform !== 'win32') rmSync(socketFile, { force: true });
    } catch {
      // Gone already.
    }
  }
}

/** Removes what killed servers left: the name of a database in memory is never used again, and nobody else would. */
async function removeDeadSockets(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.sock') || (await isAlive(join(folder, name)))) continue;
    rmSync(join(folder, `${name.slice(0, -'.sock'.length)}.token`), { force: true });
    rmSync(join(folder, name), { force: true });
  }
}

/** True when a process listens there. Doubts count as life: a socket is never taken from a living server. */
export async function isAlive(socketFile: string): Promise<boolean> {
  const socket = connect(socketFile);
  try {
    await once(socket, 'connect');
    return true;
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    return code !== 'ENOENT' && code !== 'ECONNREFUSED' && code !== 'ENOTSOCK';
  } finally {
    socket.destroy();
  }
}
