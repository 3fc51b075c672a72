import type { Socket } from 'node:net';
import {
  type DataCallback,
  type Disposable,
  Message,
  type MessageReader,
  type MessageWriter,
  type NotificationMessage,
  SocketMessageReader,
} from 'vscode-jsonrpc/node';
import { after, type Timer } from '../engine/base/timers.ts';
import { MessageFrames } from './messageFrames.ts';
import { attachedChanged } from './protocol/attached.ts';
import { catalogChanged, engineState, queryProgress, statsChanged } from './protocol/requests.ts';

/** What one client may have the server keep for it. */
export interface ChannelLimits {
  /** Above so many unread bytes its requests are not read any more, and notifications wait of which only the newest counts. */
  readonly softBytes: number;
  /** Above so many it is disconnected. */
  readonly hardBytes: number;
  /** A client that has more than `softBytes` to read and reads nothing for so long is disconnected. */
  readonly stallMs: number;
  /** Requests under way; further ones stay in the socket until half of them are answered. */
  readonly maxRequests: number;
  readonly maxMessageBytes: number;
  /** The same before the token was shown. */
  readonly maxStrangerBytes: number;
}

const MEBIBYTE = 1024 * 1024;

export const CHANNEL_LIMITS: ChannelLimits = {
  softBytes: MEBIBYTE,
  hardBytes: 64 * MEBIBYTE,
  stallMs: 10 * 60_000,
  maxRequests: 100,
  maxMessageBytes: 256 * MEBIBYTE,
  maxStrangerBytes: 64 * 1024,
};

/** Notifications that a newer one of the same kind makes worthless. */
const NEWEST_COUNTS: ReadonlySet<string> = new Set(
  [statsChanged, catalogChanged, engineState, attachedChanged].map(({ method }) => method),
);

/**
 * A client's socket as JSON-RPC reads and writes it, with bounds: whoever stops reading, floods the server with requests or sends
 * endless messages costs a known amount of memory and nobody else's time.
 */
export class SocketChannel {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  readonly #socket: Socket;
  readonly #limits: ChannelLimits;
  readonly #frames: MessageFrames;
  readonly #onBroken: (why: string) => void;
  /** Notifications that wait for room, the newest of each kind. */
  readonly #waiting = new Map<string, NotificationMessage>();
  #requests = 0;
  #paused = false;
  #stall: Timer | undefined;

  /** `onBroken` is told why the channel ends the connection, when it does. */
  constructor(socket: Socket, limits: ChannelLimits, onBroken: (why: string) => void) {
    this.#socket = socket;
    this.#limits = limits;
    this.#onBroken = onBroken;
    this.#frames = new MessageFrames(limits.maxStrangerBytes);
    // Before the reader's listener, which would keep what comes.
    socket.on('data', (bytes: Buffer) => {
      const wrong = this.#frames.feed(bytes);
      if (wrong !== undefined) this.#break(wrong);
    });
    socket.on('drain', () => this.#drained());
    socket.on('close', () => this.#stall?.dispose());
    this.reader = this.#countRequests(new SocketMessageReader(socket));
    this.writer = this.#makeWriter();
  }

  /** The client has shown the token: it may send large messages. */
  trust(): void {
    this.#frames.maxBytes = this.#limits.maxMessageBytes;
  }

  #countRequests(reader: MessageReader): MessageReader {
    return {
      onError: reader.onError,
      onClose: reader.onClose,
      onPartialMessage: reader.onPartialMessage,
      listen: (callback: DataCallback): Disposable =>
        reader.listen((message) => {
          if (Message.isRequest(message)) {
            this.#requests++;
            this.#regulate();
          }
          callback(message);
        }),
      dispose: () => reader.dispose(),
    };
  }

  #makeWriter(): MessageWriter {
    const nothing = { dispose: () => undefined };
    return {
      // The socket tells of its end and errors by itself.
      onError: () => nothing,
      onClose: () => nothing,
      write: async (message: Message) => {
        if (Message.isNotification(message) && this.#isFull) {
          const key = newestKey(message);
          if (key !== undefined) {
            this.#waiting.delete(key);
            this.#waiting.set(key, message);
            return;
          }
        }
        if (Message.isResponse(message)) this.#requests--;
        this.#send(message);
      },
      end: () => undefined,
      dispose: () => undefined,
    };
  }

  #send(message: Message): void {
    if (this.#socket.destroyed) return;
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text);
    this.#socket.write(`Content-Length: ${bytes}\r\n\r\n${text}`);
    const unread = this.#socket.writableLength;
    // One answer alone may be large: what counts is what waits behind others.
    if (unread - bytes > this.#limits.hardBytes) this.#break(`it does not read its answers: ${unread} bytes wait for it`);
    else this.#regulate();
  }

  get #isFull(): boolean {
    return this.#socket.writableLength > this.#limits.softBytes;
  }

  /** Reads on or not. */
  #regulate(): void {
    const { maxRequests } = this.#limits;
    const tooMany = this.#isFull || this.#requests >= (this.#paused ? maxRequests / 2 : maxRequests);
    if (tooMany !== this.#paused) {
      this.#paused = tooMany;
      if (tooMany) this.#socket.pause();
      else this.#socket.resume();
    }
    if (this.#isFull) this.#watchStall();
  }

  #watchStall(): void {
    if (this.#stall) return;
    const sent = this.#sentBytes;
    this.#stall = after(this.#limits.stallMs, () => {
      this.#stall = undefined;
      if (!this.#isFull) return;
      if (this.#sentBytes === sent) this.#break(`it has read nothing for ${Math.round(this.#limits.stallMs / 1000)} s`);
      else this.#watchStall();
    });
  }

  get #sentBytes(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength;
  }

  #drained(): void {
    this.#stall?.dispose();
    this.#stall = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const message of waiting) this.#send(message);
    this.#regulate();
  }

  #break(why: string): void {
    if (this.#socket.destroyed) return;
    this.#socket.destroy();
    this.#onBroken(why);
  }
}

/** Equal for notifications of which only the newest counts. */
function newestKey({ method, params }: NotificationMessage): string | undefined {
  if (NEWEST_COUNTS.has(method)) return method;
  if (method !== queryProgress.method) return undefined;
  return `${method} ${(params as { readonly runId?: string } | undefined)?.runId}`;
}
