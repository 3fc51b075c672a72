import { createPool, type Pool } from 'generic-pool';
import type { Clock } from '../base/clock.ts';
import { KodiakError, messageOf } from '../base/errors.ts';
import { Percentiles } from '../base/percentiles.ts';
import { after } from '../base/timers.ts';
import type { PoolStats } from '../types.ts';

export interface LeasePoolOptions {
  readonly maxConnections: number;
  readonly acquireTimeoutMs: number;
  readonly maxWaiting: number;
}

export interface PooledFactory<T> {
  create(): Promise<T>;
  /** Must end what the resource still does. A failure is logged, never passed on. */
  destroy(resource: T): Promise<void>;
}

/** A resource lent to one borrower. It is destroyed when given back, because a connection carries its borrower's state. */
export interface Lease<T> {
  readonly resource: T;
  /** Shown in the pool's statistics while the borrower works. */
  running: boolean;
  /** Ends the loan; a second call throws `bug`. */
  giveBack(): Promise<void>;
}

const CREATE_TIMEOUT_MS = 30_000;

/**
 * What generic-pool holds. A creation that fails resolves to a holder with the cause: generic-pool would retry it for ever and
 * let the waiter time out without one.
 */
interface Holder<T> {
  readonly resource?: T;
  readonly failure?: unknown;
}

/** Lends at most `maxConnections` resources at a time, first come first served, with a bounded queue and a bounded wait. */
export class LeasePool<T> {
  readonly #pool: Pool<Holder<T>>;
  readonly #options: LeasePoolOptions;
  readonly #clock: Clock;
  readonly #loans = new Map<Lease<T>, { readonly name: string; readonly since: number }>();
  readonly #waits = new Percentiles();
  #acquired = 0;
  #refused = 0;

  constructor(factory: PooledFactory<T>, options: LeasePoolOptions, clock: Clock, log: (line: string) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#pool = createPool<Holder<T>>(
      {
        create: () => createHolder(factory),
        destroy: async (holder) => {
          try {
            if (holder.resource !== undefined) await factory.destroy(holder.resource);
          } catch (thrown) {
            log(`A connection could not be closed: ${messageOf(thrown)}`);
          }
        },
      },
      {
        min: 0,
        max: options.maxConnections,
        acquireTimeoutMillis: options.acquireTimeoutMs,
        maxWaitingClients: options.maxWaiting,
        fifo: true,
      },
    );
  }

  /** Waits for a resource. Rejects with `limit` when the queue is full or the wait too long, or with what made creation fail. */
  async lease(name: string): Promise<Lease<T>> {
    const since = this.#clock.monotonic();
    const holder = await this.#acquire();
    this.#waits.add(this.#clock.monotonic() - since);
    const { resource } = holder;
    if (resource === undefined) {
      await this.#pool.destroy(holder);
      throw holder.failure;
    }
    this.#acquired++;
    const lease: Lease<T> = {
      resource,
      running: false,
      giveBack: async () => {
        if (!this.#loans.delete(lease)) throw new KodiakError('bug', `The connection lent to "${name}" was given back twice.`);
        await this.#pool.destroy(holder);
      },
    };
    this.#loans.set(lease, { name, since: this.#clock.monotonic() });
    return lease;
  }

  stats(): PoolStats {
    const now = this.#clock.monotonic();
    return Object.freeze({
      active: this.#loans.size,
      idle: this.#pool.available,
      waiting: this.#pool.pending,
      max: this.#options.maxConnections,
      acquired: this.#acquired,
      refused: this.#refused,
      waitP50Ms: this.#waits.at(0.5),
      waitP99Ms: this.#waits.at(0.99),
      holders: [...this.#loans].map(([lease, loan]) => ({ name: loan.name, heldMs: now - loan.since, running: lease.running })),
    });
  }

  /** Refuses new loans and waits until all are given back. */
  async drain(): Promise<void> {
    await this.#pool.drain();
    await this.#pool.clear();
  }

  async #acquire(): Promise<Holder<T>> {
    try {
      return await this.#pool.acquire();
    } catch (thrown) {
      this.#refused++;
      throw this.#explain(thrown);
    }
  }

  #explain(thrown: unknown): KodiakError {
    const { maxConnections, maxWaiting, acquireTimeoutMs } = this.#options;
    const message = messageOf(thrown);
    if (/max waitingClients/.test(message)) {
      return new KodiakError(
        'limit',
        `All ${maxConnections} connections are in use and ${maxWaiting} more wait already. Close a notebook or a REPL, or raise kodiak.pool.maxWaiting.`,
        { setting: 'kodiak.pool.maxWaiting', cause: thrown },
      );
    }
    if (/timed out/.test(message)) {
      return new KodiakError(
        'limit',
        `No connection became free within ${acquireTimeoutMs} ms: all ${maxConnections} are in use. Close a notebook or a REPL, or raise kodiak.pool.maxConnections.`,
        { setting: 'kodiak.pool.maxConnections', cause: thrown },
      );
    }
    return new KodiakError('unavailable', 'The engine is closing.', { cause: thrown });
  }
}

async function createHolder<T>(factory: PooledFactory<T>): Promise<Holder<T>> {
  const creation = factory.create();
  let timer: { dispose(): void } | undefined;
  const timeout = new Promise<Holder<T>>((resolve) => {
    const failure = new KodiakError('timeout', `A connection was not made within ${CREATE_TIMEOUT_MS} ms.`);
    timer = after(CREATE_TIMEOUT_MS, () => resolve({ failure }));
  });
  try {
    return await Promise.race([creation.then((resource): Holder<T> => ({ resource })), timeout]);
  } catch (failure) {
    return { failure };
  } finally {
    timer?.dispose();
  }
}
