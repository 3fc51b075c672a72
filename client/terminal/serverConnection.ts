import { lstatSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import type { ClientKind } from '../../server/protocol/attached.ts';
import { authenticate, type NotificationDescriptor, type RequestDescriptor } from '../../server/protocol/requests.ts';
import type { SocketLocation } from '../../server/protocol/socketLocation.ts';
import type { WireFailure } from '../../server/protocol/values.ts';

const CONNECT_TIMEOUT_MS = 3_000;

/** The server answered a request with a failure. */
export class RequestFailed extends Error {
  readonly failure: WireFailure;

  constructor(failure: WireFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The connection ended before the answer came. */
export class ServerLost extends Error {}

/** A connection to a server that accepted our token. */
export class ServerConnection {
  readonly #socket: Socket;
  readonly #messages: MessageConnection;
  readonly #handlers = new Map<string, Set<(params: unknown) => void>>();
  /** Settles when the connection ends, whoever ends it. */
  readonly ended: Promise<void>;
  #open = true;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#messages = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    this.ended = new Promise((resolve) => {
      const end = () => {
        if (!this.#open) return;
        this.#open = false;
        socket.destroy();
        // Rejects the requests that wait for an answer.
        this.#messages.dispose();
        resolve();
      };
      this.#messages.onClose(end);
      this.#messages.onError(() => undefined);
      socket.on('error', end);
      socket.on('close', end);
    });
    this.#messages.listen();
  }

  get open(): boolean {
    return this.#open;
  }

  /** Rejects with `RequestFailed`, or with `ServerLost`. */
  async request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result> {
    if (!this.#open) throw new ServerLost('The connection to the server has ended.');
    try {
      return await this.#messages.sendRequest<Result>(descriptor.method, params);
    } catch (error) {
      if (!this.#open) throw new ServerLost('The connection to the server has ended.', { cause: error });
      throw error instanceof ResponseError ? new RequestFailed(failureOf(error)) : error;
    }
  }

  /** Gives a function that takes the handler away. */
  on<Params>(descriptor: NotificationDescriptor<Params>, handler: (params: Params) => void): () => void {
    const { method } = descriptor;
    const known = this.#handlers.get(method);
    const handlers = known ?? new Set();
    if (!known) {
      this.#handlers.set(method, handlers);
      this.#messages.onNotification(method, (params: unknown) => {
        for (const each of [...handlers]) each(params);
      });
    }
    const untyped = handler as (params: unknown) => void;
    handlers.add(untyped);
    return () => handlers.delete(untyped);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Connects and authenticates; undefined where no server listens. Rejects when one listens and refuses, or is another user's. */
export async function attach(
  location: Pick<SocketLocation, 'socketFile' | 'tokenFile'>,
  kind: ClientKind = 'program',
): Promise<ServerConnection | undefined> {
  const token = readToken(location.tokenFile);
  const socket = token === undefined || !mayListen(location.socketFile) ? undefined : await openSocket(location.socketFile);
  if (token === undefined || !socket) return undefined;
  const connection = new ServerConnection(socket);
  let refusal: string | undefined;
  try {
    const { accepted, reason } = await connection.request(authenticate, { token, client: { kind, pid: process.pid } });
    if (accepted) return connection;
    refusal = reason;
  } catch (error) {
    connection.close();
    if (error instanceof ServerLost) return undefined;
    throw error;
  }
  connection.close();
  throw new Error(
    `The server at ${location.socketFile} refused the token in ${location.tokenFile}${refusal === undefined ? '' : `: ${refusal}`}.`,
  );
}

/** The token would be told, and our SQL sent, to whoever owns the files: they must be ours alone. */
function readToken(tokenFile: string): string | undefined {
  const status = lstatSync(tokenFile, { throwIfNoEntry: false });
  if (!status) return undefined;
  const user = process.getuid?.();
  if (!status.isFile() || (user !== undefined && (status.uid !== user || (status.mode & 0o077) !== 0))) {
    throw new Error(`${tokenFile} must be a file that belongs to you and that nobody else can read; remove it if you did not make it.`);
  }
  return readFileSync(tokenFile, 'utf8').trim() || undefined;
}

/** False where no socket is: a file or a link there is what is left of something else. Rejects one of another user. */
function mayListen(socketFile: string): boolean {
  if (process.platform === 'win32') return true;
  const status = lstatSync(socketFile, { throwIfNoEntry: false });
  if (!status?.isSocket()) return false;
  if (status.uid !== process.getuid?.()) throw new Error(`The socket ${socketFile} belongs to another user (${status.uid}).`);
  return true;
}

function openSocket(socketFile: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketFile);
    const timer = setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS);
    const settle = (connected: Socket | undefined) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      if (!connected) socket.on('error', () => undefined);
      resolve(connected);
    };
    socket.once('connect', () => settle(socket));
    socket.once('error', () => settle(undefined));
    socket.once('close', () => settle(undefined));
  });
}

function failureOf(error: ResponseError<unknown>): WireFailure {
  const data = error.data;
  if (typeof data === 'object' && data !== null && 'code' in data && 'message' in data) return data as WireFailure;
  return { code: 'bug', message: error.message };
}
