import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import { KodiakError, messageOf } from '../engine/base/errors.ts';
import { after } from '../engine/base/timers.ts';
import type { RpcConnection } from './client.ts';
import type { Log } from './log.ts';
import { CLIENT_KINDS, type ClientIdentity } from './protocol/attached.ts';
import { isAlive, removeDeadSockets } from './protocol/deadSockets.ts';
import { type AuthenticateResult, authenticate } from './protocol/requests.ts';
import { MAX_SOCKET_PATH_BYTES, type SocketLocation } from './protocol/socketLocation.ts';
import { preparePrivateFolder } from './runtimeFolder.ts';
import { CHANNEL_LIMITS, type ChannelLimits, SocketChannel } from './socketChannel.ts';

const AUTHENTICATE_TIMEOUT_MS = 5_000;
/** For the answer to leave before the connection ends. */
const REFUSE_DELAY_MS = 100;
/** Programs that are attached, and those that have not shown a token yet. */
const MAX_CLIENTS = 500;
const MAX_STRANGERS = 250;

export interface SocketListenerOptions {
  readonly location: SocketLocation;
  readonly log: Log;
  /** Takes a connection that showed the token; gives what is to be done when it ends. */
  readonly attach: (connection: RpcConnection, identity: ClientIdentity) => () => void;
  /** Told after each change with the number of attached clients. */
  readonly onClientCount?: (count: number) => void;
  readonly limits?: ChannelLimits;
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
    this.#server.maxConnections = MAX_CLIENTS + MAX_STRANGERS;
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
    if (this.#sockets.size - this.#clients >= MAX_STRANGERS) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    // A reset connection closes as well; an error without a listener would end the process.
    socket.on('error', () => {});
    let who = 'Somebody without a token';
    const channel = new SocketChannel(socket, this.#options.limits ?? CHANNEL_LIMITS, (why) =>
      this.#options.log(`${who} was disconnected: ${why}.`),
    );
    const connection = createMessageConnection(channel.reader, channel.writer);
    connection.onError(() => {});
    const timeout = after(AUTHENTICATE_TIMEOUT_MS, () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      timeout.dispose();
      connection.dispose();
    });
    const intruders = [connection.onRequest(() => void socket.destroy()), connection.onNotification(() => void socket.destroy())];
    const door = connection.onRequest(
      authenticate.method,
      (params: { readonly token?: unknown; readonly client?: unknown } | null): AuthenticateResult => {
        timeout.dispose();
        door.dispose();
        const identity = readIdentity(params?.client);
        const refusal = this.#refusal(params?.token);
        if (refusal !== undefined) {
          this.#options.log(`${nameOf(identity)} was not let in: ${refusal}.`);
          after(REFUSE_DELAY_MS, () => socket.destroy());
          return { accepted: false, reason: refusal };
        }
        for (const intruder of intruders) intruder.dispose();
        who = nameOf(identity);
        channel.trust();
        this.#letIn(socket, connection, identity);
        return { accepted: true };
      },
    );
    connection.listen();
  }

  #letIn(socket: Socket, connection: MessageConnection, identity: ClientIdentity): void {
    const detach = this.#options.attach(connection, identity);
    this.#options.onClientCount?.(++this.#clients);
    socket.on('close', () => {
      detach();
      this.#options.onClientCount?.(--this.#clients);
    });
  }

  #refusal(token: unknown): string | undefined {
    if (!this.#isToken(token)) return 'its token is not the one of this server';
    return this.#clients >= MAX_CLIENTS ? `${MAX_CLIENTS} programs are attached already` : undefined;
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

/** Believes what a program says of itself: it is only shown. */
function readIdentity(told: unknown): ClientIdentity {
  const { kind, pid } = (typeof told === 'object' && told !== null ? told : {}) as { readonly kind?: unknown; readonly pid?: unknown };
  return {
    kind: CLIENT_KINDS.find((known) => known === kind) ?? 'program',
    pid: typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : 0,
  };
}

function nameOf({ kind, pid }: ClientIdentity): string {
  return `A ${kind === 'terminal' ? 'terminal' : 'program'} (${pid === 0 ? 'unknown process' : `process ${pid}`})`;
}
