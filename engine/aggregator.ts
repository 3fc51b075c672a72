import { runAggregate } from './aggregateRun.ts';
import { UNKNOWN_EFFECT } from './cache/effect.ts';
import type { Versions } from './cache/versions.ts';
import type { Connection } from './duckdb/connection.ts';
import type { ResolvedOptions } from './options.ts';
import type { Admission } from './parallel/admission.ts';
import type { LeasePool } from './pool/leasePool.ts';
import type { AggregateRequest, AggregateResult, ParallelStats } from './types.ts';

export interface AggregatorParts {
  readonly options: Pick<ResolvedOptions, 'clock' | 'parallel'>;
  readonly pool: LeasePool<Connection>;
  readonly admission: Admission;
  readonly versions: Versions;
  /** Aborted when the engine closes. */
  readonly closing: AbortSignal;
  /** Makes a connection that the pool does not count. */
  connect(): Promise<Connection>;
}

/** Runs aggregates, each on a connection that serves nobody else meanwhile. */
export class Aggregator {
  readonly #parts: AggregatorParts;
  #aggregator: Connection | undefined;
  #aggregating: Promise<unknown> | undefined;
  #lastAggregate: ParallelStats['lastAggregate'];

  constructor(parts: AggregatorParts) {
    this.#parts = parts;
  }

  get lastAggregate(): ParallelStats['lastAggregate'] {
    return this.#lastAggregate;
  }

  /** See `Engine.parallel`. */
  async aggregate(request: AggregateRequest): Promise<AggregateResult> {
    const { options, admission, versions, closing } = this.#parts;
    const { clock, parallel } = options;
    const started = clock.monotonic();
    const { signal } = request;
    const stoppable = { ...request, signal: signal ? AbortSignal.any([signal, closing]) : closing };
    const result = await this.#onAggregator(request.query !== undefined, (connection) => {
      const run = () => runAggregate(connection, stoppable, parallel.threads);
      const author = { session: 'an aggregate', origin: undefined, sql: request.query ?? '' };
      // A table is only read. What a query does beside that is not known, so it counts as a write, as a session's does.
      const task = request.query === undefined ? run : () => versions.around({ effect: UNKNOWN_EFFECT, author }, run);
      return admission.submit(task, { signal: stoppable.signal });
    });
    const elapsedMs = clock.monotonic() - started;
    this.#lastAggregate = Object.freeze({ strategy: result.strategy, reason: result.reason, elapsedMs });
    return Object.freeze({ ...result, elapsedMs });
  }

  /** Waits for the aggregate on the connection that is kept, and closes that. */
  async close(): Promise<void> {
    await this.#aggregating;
    await this.#aggregator?.close();
  }

  /**
   * Lends a connection for an aggregate. To make one takes longer than small aggregates do, so one is kept, for tables: a query
   * could leave something behind in it.
   */
  async #onAggregator<T>(fresh: boolean, use: (connection: Connection) => Promise<T>): Promise<T> {
    if (fresh || this.#aggregating !== undefined) {
      const lease = await this.#parts.pool.lease('aggregate', { purpose: 'query' });
      lease.running = 'aggregate';
      try {
        return await use(lease.resource);
      } finally {
        await lease.giveBack();
      }
    }
    const turn = this.#connectAggregator().then(use);
    this.#aggregating = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#aggregating = undefined;
    }
  }

  async #connectAggregator(): Promise<Connection> {
    this.#aggregator ??= await this.#parts.connect();
    return this.#aggregator;
  }
}
