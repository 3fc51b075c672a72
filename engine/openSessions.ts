import type { Connection } from './duckdb/connection.ts';
import type { ResolvedOptions } from './options.ts';
import type { Lease } from './pool/lease.ts';
import type { LeasePool } from './pool/leasePool.ts';
import type { RunContext } from './queryRun.ts';
import { EngineSession } from './session.ts';
import { type LendConnection, SessionConnection } from './sessionConnection.ts';
import type { ParallelStats, SessionOptions } from './types.ts';

export interface OpenSessionsParts {
  readonly options: Pick<ResolvedOptions, 'clock' | 'parallel'>;
  readonly pool: LeasePool<Connection>;
  readonly context: RunContext;
  isClosed(): boolean;
  /** Called after a statement that may have changed what names mean. */
  onDefined(text: string): void;
}

/** The sessions that are open, and how the pool's connections are divided among them. */
export class OpenSessions {
  readonly #parts: OpenSessionsParts;
  /** Weak, so that a session that its caller forgot gives its connection back. */
  readonly #sessions = new Set<WeakRef<EngineSession>>();
  #nextSession = 1;
  /** Connections for cells that are being made and do not count in the pool yet. */
  #workersToCome = 0;
  #lastRun: ParallelStats['lastRun'];

  constructor(parts: OpenSessionsParts) {
    this.#parts = parts;
  }

  /** The last run of cells, of whichever session. */
  get lastRun(): ParallelStats['lastRun'] {
    return this.#lastRun;
  }

  /** One that has a transaction open; undefined without any. */
  findInTransaction(): EngineSession | undefined {
    return this.#remembered().find(({ inTransaction }) => inTransaction);
  }

  /** See `Engine.openSession`. */
  async open(options: SessionOptions): Promise<EngineSession> {
    const { pool, context, onDefined } = this.#parts;
    const { clock, parallel } = this.#parts.options;
    const id = this.#nextSession++;
    const name = options.name ?? `session ${id}`;
    const lend: LendConnection = async (signal) => {
      const lease = await pool.lease(name, { signal });
      try {
        await lease.resource.setSearchFolder(options.cwd);
        return lease;
      } catch (thrown) {
        await lease.giveBack();
        throw thrown;
      }
    };
    const connection = new SessionConnection(lend, await lend(options.signal));
    const session: EngineSession = new EngineSession({
      id,
      name,
      cwd: options.cwd,
      connection,
      isWanted: () => pool.shortage > 0,
      context,
      clock,
      onClosed: () => this.#sessions.delete(reference),
      cells: {
        max: parallel.enabled ? parallel.threads : 0,
        lease: (cwd) => this.#leaseWorker(`${name}, cells`, cwd),
        onRun: (run) => {
          this.#lastRun = Object.freeze(run);
        },
      },
      onDefined,
    });
    const reference = new WeakRef(session);
    this.#addSession(reference);
    // Those that began to wait while it was made did not find it.
    this.askForConnections(pool.shortage);
    return session;
  }

  /** Has sessions that rest and have nothing of their own give their connections to those who wait, the longest unused first. */
  askForConnections(count: number): void {
    const sessions = this.#remembered();
    let missing = count - sessions.filter(({ yielding }) => yielding).length;
    for (const session of sessions.sort((a, b) => a.lastTurn - b.lastTurn)) {
      if (missing <= 0) return;
      if (session.yieldConnection()) missing--;
    }
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((reference) => reference.deref()?.close()));
  }

  #remembered(): EngineSession[] {
    return [...this.#sessions].flatMap((reference) => reference.deref() ?? []);
  }

  #addSession(reference: WeakRef<EngineSession>): void {
    for (const other of this.#sessions) if (!other.deref()) this.#sessions.delete(other);
    this.#sessions.add(reference);
  }

  /** Leaves one connection free for the next session, and never waits for one. */
  async #leaseWorker(name: string, cwd: string | undefined): Promise<Lease<Connection> | undefined> {
    const { pool } = this.#parts;
    const { active, max, waiting } = pool.stats();
    if (this.#parts.isClosed() || waiting > 0 || active + this.#workersToCome + 1 >= max) return undefined;
    this.#workersToCome++;
    let lease: Lease<Connection> | undefined;
    try {
      lease = await pool.lease(name, { purpose: 'query' });
      await lease.resource.setSearchFolder(cwd);
      return lease;
    } catch {
      // The cell runs on its session's own connection instead.
      await lease?.giveBack();
      return undefined;
    } finally {
      this.#workersToCome--;
    }
  }
}
