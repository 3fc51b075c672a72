import { KodiakError } from './base/errors.ts';
import type { Connection } from './duckdb/connection.ts';
import type { Lease } from './pool/lease.ts';

/** Lends a connection to a session, with the session's folder for relative paths. */
export type LendConnection = (signal: AbortSignal | undefined) => Promise<Lease<Connection>>;

/**
 * The connection of a session, which the session can do without between two scripts as long as nothing belongs to it alone: it then
 * gives it back for others, and takes whichever is free when it needs one again.
 */
export class SessionConnection {
  readonly #lend: LendConnection;
  #lease: Lease<Connection> | undefined;
  #running: string | undefined;

  constructor(lend: LendConnection, lease: Lease<Connection>) {
    this.#lend = lend;
    this.#lease = lease;
  }

  get held(): boolean {
    return this.#lease !== undefined;
  }

  get resource(): Connection {
    if (!this.#lease) throw new KodiakError('bug', 'The session has no connection now.');
    return this.#lease.resource;
  }

  get running(): string | undefined {
    return this.#running;
  }

  /** The statement that runs, for the pool's statistics. */
  set running(statement: string | undefined) {
    this.#running = statement;
    if (this.#lease) this.#lease.running = statement;
  }

  /** Waits for a connection where the session has none. Rejects as the pool does. */
  async hold(signal: AbortSignal | undefined): Promise<void> {
    this.#lease ??= await this.#lend(signal);
  }

  /** The next borrower gets it as it is. */
  async lendOut(): Promise<void> {
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.giveBack({ reuse: true, sound: true });
  }

  /** For good: it may carry anything, so it is closed. */
  async giveBack(): Promise<void> {
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.giveBack();
  }
}
