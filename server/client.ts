import { KodiakError } from '../engine/base/errors.ts';
import { abortable } from './abortable.ts';
import type { ClientIdentity } from './protocol/attached.ts';
import type { NotificationDescriptor } from './protocol/requests.ts';

/** What both transports offer: the language server's connection and a plain JSON-RPC one. */
export interface RpcConnection {
  // biome-ignore lint/suspicious/noExplicitAny: the two transports spell their generic handlers differently.
  onRequest(method: string, handler: (...args: any[]) => unknown): unknown;
  sendNotification(method: string, params: unknown): Promise<void>;
}

/** One program that is connected: an editor or a terminal. Owns its running queries. */
export class Client {
  readonly identity: ClientIdentity;
  readonly #connection: RpcConnection;
  readonly #runs = new Map<string, AbortController>();
  /** Cells that it runs for a schedule, by batch and position. */
  readonly #cells = new Map<string, (ok: boolean) => void>();
  /** Takes the decision about each run that waits for one. */
  readonly #held = new Map<string, (run: boolean) => void>();

  constructor(connection: RpcConnection, identity: ClientIdentity = { kind: 'program', pid: 0 }) {
    this.#connection = connection;
    this.identity = identity;
  }

  /** An editor, or any other program at the socket. */
  get kind(): 'editor' | 'terminal' {
    return this.identity.kind === 'vscode' || this.identity.kind === 'editor' ? 'editor' : 'terminal';
  }

  /** Never throws: a client that is gone misses nothing. */
  notify<Params>(descriptor: NotificationDescriptor<Params>, params: Params): void {
    try {
      this.#connection.sendNotification(descriptor.method, params).catch(() => {});
    } catch {
      // A closed connection throws instead of rejecting.
    }
  }

  /** Makes a run known to `cancelRun`; the signal aborts with it or with `signal`. */
  beginRun(runId: string, signal: AbortSignal): AbortSignal {
    if (this.#runs.has(runId)) throw new KodiakError('bug', `A query named ${JSON.stringify(runId)} is running already.`);
    const controller = new AbortController();
    this.#runs.set(runId, controller);
    return AbortSignal.any([controller.signal, signal]);
  }

  endRun(runId: string): void {
    this.#runs.delete(runId);
  }

  /** False when no such query runs. */
  cancelRun(runId: string): boolean {
    const controller = this.#runs.get(runId);
    controller?.abort();
    return controller !== undefined;
  }

  /** Waits for `answerHeld`. Rejects when the run is aborted. */
  async held(runId: string, signal: AbortSignal): Promise<boolean> {
    const answer = new Promise<boolean>((resolve) => this.#held.set(runId, resolve));
    try {
      return await abortable(answer, signal);
    } finally {
      this.#held.delete(runId);
    }
  }

  /** False when no such run waits. */
  answerHeld(runId: string, run: boolean): boolean {
    const answer = this.#held.get(runId);
    answer?.(run);
    return answer !== undefined;
  }

  /** Waits until the client says how the cell ended; one that goes away has failed in all. */
  cellEnd(batchId: string, cell: number): Promise<boolean> {
    return new Promise((resolve) => this.#cells.set(`${batchId} ${cell}`, resolve));
  }

  /** False when no such cell runs. */
  endCell(batchId: string, cell: number, ok: boolean): boolean {
    const key = `${batchId} ${cell}`;
    const resolve = this.#cells.get(key);
    this.#cells.delete(key);
    resolve?.(ok);
    return resolve !== undefined;
  }

  cancelAll(): void {
    for (const resolve of this.#cells.values()) resolve(false);
    this.#cells.clear();
    for (const controller of this.#runs.values()) controller.abort();
  }
}
