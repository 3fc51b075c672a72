import { createPool, type Pool } from 'generic-pool';
import type { Clock } from '../base/clock.ts';
import { collectGarbage } from '../base/collectGarbage.ts';
import { KodiakError, messageOf } from '../base/errors.ts';
import { Percentiles } from '../base/percentiles.ts';
import { after, every, type Timer } from '../base/timers.ts';
import type { PoolStats } from '../types.ts';
import { ArrivalQueue, type Place } from './arrivalQueue.ts';
import { CreationBackoff } from './creationBackoff.ts';
import { BorrowerStacks, type Held, type Lease, LeaseHandle, type LeasePurpose, type Loan, oneLineStack } from './lease.ts';
import { LimitedRuns, type Outcome } from './limitedRuns.ts';

export interface LeasePoolOptions {
  readonly maxConnections: number;
  readonly acquireTimeoutMs: number;
  readonly maxWaiting: number;
  /** Default 30,000. */
  readonly createTimeoutMs?: number;
  /** Default 10,000. */
  readonly destroyTimeoutMs?: number;
  /** Default 30,000. */
  readonly idleTimeoutMs?: number;
  /** A `query` loan held longer is logged; default 30,000. */
  readonly leakAfterMs?: number;
  /** How long `drain` waits for loans before it takes them back; default 10,000. */
  readonly drainTimeoutMs?: number;
}

export interface PooledFactory<T> {
  create(): Promise<T>;
  /** Must end what the resource still does. A failure is logged, never passed on. */
  destroy(resource: T): Promise<void>;
  /** Asked before a resource is lent again. False, a failure or no answer within `CHECK_TIMEOUT_MS`: it is destroyed. */
  check?(resource: T): Promise<boolean>;
  /** So many wait for which there is nothing to lend; somebody may have a loan that is not needed now. */
  onShortage?(count: number): void;
}

export interface LeaseOptions {
  /** Default `session`. */
  readonly purpose?: LeasePurpose;
  /** Aborting ends the wait with `cancelled`; it does nothing to a lease already made. */
  readonly signal?: AbortSignal | undefined;
}

const CREATE_TIMEOUT_MS = 30_000;
const DESTROY_TIMEOUT_MS = 10_000;
const CHECK_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
const LEAK_AFTER_MS = 30_000;
const DRAIN_TIMEOUT_MS = 10_000;

/** Between two looks at what should have ended, and at idle resources and long loans; only while there are any. */
const WATCH_INTERVAL_MS = 250;

/** Between two searches for forgotten leases, which stop the process for some milliseconds each. */
const SEARCH_INTERVAL_MS = 1_000;

const STATEMENT_CHARACTERS = 80;

/** What generic-pool keeps. It would retry a creation that rejects for ever, and its waiter would never learn the cause. */
type Holder<T> = Held<T> | { readonly failure: unknown };

interface Waiter<T> {
  readonly name: string;
  readonly purpose: LeasePurpose;
  readonly stack: string;
  readonly since: number;
  readonly resolve: (lease: Lease<T>) => void;
  readonly reject: (thrown: unknown) => void;
  stopListening: (() => void) | undefined;
}

/**
 * Lends at most `maxConnections` resources at a time, first come first served, with a bounded queue and bounded waits.
 *
 * generic-pool makes the resources and keeps the count of those that exist. Waiters, idle resources, health checks and eviction
 * are kept here in front of it, because its own versions hang, spin or throw where nobody can catch when a factory misbehaves.
 * To it, an idle resource is one that is lent.
 */
export class LeasePool<T> {
  readonly #factory: PooledFactory<T>;
  readonly #options: LeasePoolOptions;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #pool: Pool<Holder<T>>;
  readonly #lender = {
    now: () => this.#clock.monotonic(),
    giveBack: (loan: Loan<T>, reuse: boolean, sound: boolean) => this.#giveBack(loan, reuse, sound),
  };
  readonly #waiters = new ArrivalQueue<Waiter<T>>();
  /** Clean ones that nobody uses, the last used at the end. */
  readonly #idle: { readonly held: Held<T>; readonly since: number }[] = [];
  readonly #loans = new ArrivalQueue<Loan<T>>();
  readonly #forgotten = new FinalizationRegistry<Loan<T>>((loan) => this.#reclaimForgotten(loan));
  readonly #stacks = new BorrowerStacks();
  readonly #creations: LimitedRuns;
  readonly #closings: LimitedRuns;
  readonly #checks: LimitedRuns;
  readonly #backoff = new CreationBackoff();
  readonly #waits = new Percentiles();
  /** Slots taken, of `maxConnections`: being created, lent, idle, being checked or closing. */
  #open = 0;
  /** Creations under way until they are offered to a waiter. */
  #creating = 0;
  #checking = 0;
  #acquired = 0;
  #refused = 0;
  #failedCreations = 0;
  #leaks = 0;
  #searchedAt = Number.NEGATIVE_INFINITY;
  #watch: Timer | undefined;
  #retry: Timer | undefined;
  #waitTimer: Timer | undefined;
  #draining = false;
  #drained: Promise<void> | undefined;
  #onQuiet: (() => void) | undefined;

  constructor(factory: PooledFactory<T>, options: LeasePoolOptions, clock: Clock, log: (line: string) => void) {
    this.#factory = factory;
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#creations = new LimitedRuns(options.createTimeoutMs ?? CREATE_TIMEOUT_MS, clock);
    this.#closings = new LimitedRuns(options.destroyTimeoutMs ?? DESTROY_TIMEOUT_MS, clock);
    this.#checks = new LimitedRuns(CHECK_TIMEOUT_MS, clock);
    // Its `destroy` has nothing to do: a resource leaves generic-pool when it is closed, not before, so that its slot is not free early.
    this.#pool = createPool<Holder<T>>(
      { create: () => this.#makeHolder(), destroy: () => Promise.resolve() },
      { min: 0, max: options.maxConnections },
    );
  }

  /**
   * Waits for a resource. Rejects with what made creation fail, with `limit` naming the setting when the queue is full or the wait
   * too long, with `cancelled` when the signal is aborted, and with `unavailable` once the pool drains.
   */
  lease(name: string, options: LeaseOptions = {}): Promise<Lease<T>> {
    const { purpose = 'session', signal } = options;
    const since = this.#clock.monotonic();
    const stack = this.#stacks.take(name, purpose, since);
    // The executor turns whatever throws into a rejection.
    return new Promise((resolve, reject) => {
      if (this.#draining) throw closingError();
      if (signal?.aborted) throw cancelledError(signal);
      const waiter: Waiter<T> = { name, purpose, stack, since, resolve, reject, stopListening: undefined };
      // Nobody waits while there are idle ones, unless those have to be checked.
      if (!this.#factory.check) {
        const idle = this.#idle.pop();
        if (idle) return this.#lend(waiter, idle.held);
      }
      this.#refuseIfFull(since);
      const place = this.#waiters.join(waiter);
      if (signal) this.#listen(place, signal);
      this.#serve();
      this.#watchWaiters();
    });
  }

  /** Lends a resource for the length of `use`. By default it is a `query` loan and is destroyed afterwards. */
  async withLease<R>(
    name: string,
    use: (resource: T) => Promise<R>,
    options: LeaseOptions & { readonly reuse?: boolean } = {},
  ): Promise<R> {
    const lease = await this.lease(name, { purpose: 'query', ...options });
    let reuse = false;
    try {
      const result = await use(lease.resource);
      reuse = options.reuse === true;
      return result;
    } finally {
      await lease.giveBack({ reuse });
    }
  }

  /** How many wait for a loan to be given back. */
  get shortage(): number {
    return Math.max(0, this.#waiters.size - this.#creating - this.#checking);
  }

  stats(): PoolStats {
    const now = this.#clock.monotonic();
    return Object.freeze({
      active: this.#loans.size,
      idle: this.#idle.length,
      creating: this.#creations.running,
      closing: this.#closings.running,
      stuck: this.#creations.overdue + this.#closings.overdue,
      waiting: this.#waiters.size,
      max: this.#options.maxConnections,
      acquired: this.#acquired,
      refused: this.#refused,
      failedCreations: this.#failedCreations,
      leaks: this.#leaks,
      waitP50Ms: this.#waits.at(0.5),
      waitP99Ms: this.#waits.at(0.99),
      holders: [...this.#loans].map((loan) => ({
        name: loan.name,
        purpose: loan.purpose,
        heldMs: now - loan.since,
        running: loan.statement !== undefined,
        ...(loan.statement !== undefined && {
          statement: loan.statement.slice(0, STATEMENT_CHARACTERS),
          runningMs: now - loan.statementSince,
        }),
      })),
    });
  }

  /**
   * Refuses waiters and new loans, waits until all loans are given back, and takes back those that are not within the limit, which
   * closes their resources. Resolves in any case; what does not close is logged.
   */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let waiter = this.#waiters.next(); waiter; waiter = this.#waiters.next()) this.#turnAway(waiter, closingError());
    for (const { held } of this.#idle.splice(0)) void this.#end(held);
    const limitMs = this.#options.drainTimeoutMs ?? DRAIN_TIMEOUT_MS;
    if (!(await this.#quietWithin(limitMs))) {
      for (const loan of [...this.#loans]) {
        this.#log(`The connection lent to "${loan.name}" was not given back within ${limitMs} ms of closing; it is closed now.`);
        this.#reclaim(loan);
      }
      if (!(await this.#quietWithin(limitMs))) this.#log(`Connections that neither open nor close, and are left behind: ${this.#open}.`);
    }
    for (const timer of [this.#watch, this.#retry, this.#waitTimer]) timer?.dispose();
    if (this.#open > 0) return;
    await this.#pool.drain();
    await this.#pool.clear();
  }

  async #quietWithin(limitMs: number): Promise<boolean> {
    if (this.#open === 0) return true;
    let timer: Timer | undefined;
    const quiet = await new Promise<boolean>((resolve) => {
      timer = after(limitMs, () => resolve(false));
      this.#onQuiet = () => resolve(true);
    });
    timer?.dispose();
    return quiet;
  }

  /** Gives the waiters what there is: idle resources first, then new ones as far as there are slots. */
  #serve(): void {
    while (this.#waiters.size > this.#creating + this.#checking) {
      const idle = this.#idle.pop();
      if (idle) {
        this.#examine(idle.held);
      } else if (this.#open >= this.#options.maxConnections) {
        this.#factory.onShortage?.(this.shortage);
        return;
      } else if (this.#mayCreate(this.#clock.monotonic())) {
        this.#create();
      } else {
        this.#retryLater();
        return;
      }
    }
  }

  #mayCreate(now: number): boolean {
    return this.#backoff.mayTry(now, this.#creating);
  }

  #retryLater(): void {
    if (this.#creating > 0 || this.#retry) return;
    this.#retry = after(Math.ceil(this.#backoff.waitMs(this.#clock.monotonic())), () => {
      this.#retry = undefined;
      this.#serve();
    });
  }

  #create(): void {
    this.#open++;
    this.#creating++;
    this.#pool.acquire().then(
      (holder) => {
        this.#creating--;
        if ('failure' in holder) {
          void this.#pool.destroy(holder);
          this.#creationFailed(holder.failure);
        } else {
          this.#backoff.succeeded();
          this.#offer(holder);
        }
      },
      (thrown: unknown) => {
        this.#creating--;
        this.#creationFailed(thrown);
      },
    );
    this.#startWatch();
  }

  /** generic-pool's `create`: always resolves, and in time. */
  #makeHolder(): Promise<Holder<T>> {
    return new Promise((resolve) => {
      this.#creations.run(
        () => this.#factory.create(),
        (outcome) => resolve(outcome.kind === 'done' ? { resource: outcome.value } : { failure: this.#creationFailure(outcome) }),
        (late) => {
          if (late.kind === 'done') void this.#close(late.value);
        },
      );
    });
  }

  #creationFailure(outcome: Exclude<Outcome<T>, { kind: 'done' }>): unknown {
    if (outcome.kind === 'overdue') {
      return new KodiakError('timeout', `A connection was not made within ${this.#options.createTimeoutMs ?? CREATE_TIMEOUT_MS} ms.`);
    }
    return outcome.failure ?? new KodiakError('unavailable', 'A connection could not be made.');
  }

  #creationFailed(cause: unknown): void {
    this.#open--;
    this.#failedCreations++;
    this.#backoff.failed(cause, this.#clock.monotonic());
    const oldest = this.#waiters.next();
    if (oldest) this.#turnAway(oldest, cause);
    if (this.#backoff.open) {
      for (let waiter = this.#waiters.next(); waiter; waiter = this.#waiters.next()) this.#turnAway(waiter, cause);
    }
    this.#slotFreed();
  }

  /** A resource without a borrower goes to the one who waited longest, or is kept. */
  #offer(held: Held<T>): void {
    if (this.#draining) {
      void this.#end(held);
      return;
    }
    const waiter = this.#waiters.next();
    if (waiter) {
      this.#lend(waiter, held);
    } else {
      this.#idle.push({ held, since: this.#clock.monotonic() });
      this.#startWatch();
    }
  }

  #lend(waiter: Waiter<T>, held: Held<T>): void {
    waiter.stopListening?.();
    const now = this.#clock.monotonic();
    this.#waits.add(now - waiter.since);
    this.#acquired++;
    const loan: Loan<T> = {
      held,
      name: waiter.name,
      purpose: waiter.purpose,
      since: now,
      stack: waiter.stack,
      state: 'held',
      statement: undefined,
      statementSince: now,
      reported: false,
      lease: undefined,
      place: undefined,
    };
    loan.lease = new LeaseHandle(loan, this.#lender);
    loan.place = this.#loans.join(loan);
    this.#startWatch();
    waiter.resolve(loan.lease);
  }

  #giveBack(loan: Loan<T>, reuse: boolean, sound: boolean): Promise<void> {
    // Taken back at the end of `drain`: closed already.
    if (loan.state !== 'held') return Promise.resolve();
    loan.state = 'returned';
    if (loan.place) this.#loans.leave(loan.place);
    if (!loan.lease) this.#forgotten.unregister(loan);
    if (!reuse) return this.#end(loan.held);
    if (this.#waiters.size > 0 && !sound) this.#examine(loan.held);
    else this.#offer(loan.held);
    return Promise.resolve();
  }

  /** Offers a used resource once it is known to work. */
  #examine(held: Held<T>): void {
    const { check } = this.#factory;
    if (!check) {
      this.#offer(held);
      return;
    }
    this.#checking++;
    this.#startWatch();
    const end = (outcome: Outcome<boolean>) => {
      this.#checking--;
      if (outcome.kind === 'done' && outcome.value) this.#offer(held);
      else void this.#end(held);
      this.#serve();
    };
    this.#checks.run(
      () => check.call(this.#factory, held.resource),
      end,
      () => undefined,
    );
  }

  /** Closes a resource and then frees its slot. Resolves when it is closed or at the limit. */
  #end(held: Held<T>): Promise<void> {
    return this.#close(held.resource, () => this.#free(held));
  }

  /**
   * Calls `closed` when the resource is closed, or at the limit: nobody should wait for ever for a slot whose resource hangs. That
   * is done for at most `maxConnections` of them; beyond, `closed` has to wait. So there are never more than twice as many.
   */
  #close(resource: T, closed: () => void = () => undefined): Promise<void> {
    this.#startWatch();
    return new Promise((resolve) => {
      let waits = false;
      const end = (outcome: Outcome<void>) => {
        if (outcome.kind === 'failed') this.#logClosing(outcome.failure);
        if (outcome.kind === 'overdue') waits = this.#tooManyHang();
        if (!waits) closed();
        resolve();
      };
      const late = (outcome: Outcome<void>) => {
        if (outcome.kind === 'failed') this.#logClosing(outcome.failure);
        if (waits) closed();
      };
      this.#closings.run(() => this.#factory.destroy(resource), end, late);
    });
  }

  #tooManyHang(): boolean {
    const limitMs = this.#options.destroyTimeoutMs ?? DESTROY_TIMEOUT_MS;
    this.#log(`A connection was not closed within ${limitMs} ms; there are ${this.#closings.overdue} of that kind.`);
    return this.#closings.overdue > this.#options.maxConnections;
  }

  #logClosing(failure: unknown): void {
    this.#log(`A connection could not be closed: ${messageOf(failure)}`);
  }

  #free(holder: Held<T>): void {
    void this.#pool.destroy(holder);
    this.#open--;
    this.#slotFreed();
  }

  #slotFreed(): void {
    this.#serve();
    if (this.#open === 0) this.#onQuiet?.();
  }

  #reclaimForgotten(loan: Loan<T>): void {
    if (loan.state !== 'held') return;
    this.#leaks++;
    this.#log(`A connection lent to "${loan.name}" was forgotten, and is taken back. It was borrowed at ${oneLineStack(loan.stack)}`);
    this.#reclaim(loan);
  }

  #reclaim(loan: Loan<T>): void {
    loan.state = 'reclaimed';
    if (loan.place) this.#loans.leave(loan.place);
    this.#forgotten.unregister(loan);
    void this.#end(loan.held);
  }

  #listen(place: Place<Waiter<T>>, signal: AbortSignal): void {
    const waiter = place.who;
    const abort = () => {
      this.#waiters.leave(place);
      waiter.reject(cancelledError(signal));
    };
    signal.addEventListener('abort', abort, { once: true });
    waiter.stopListening = () => signal.removeEventListener('abort', abort);
  }

  /** For a waiter that has left the queue. */
  #turnAway(waiter: Waiter<T>, thrown: unknown): void {
    waiter.stopListening?.();
    waiter.reject(thrown);
  }

  #refuseIfFull(now: number): void {
    if (this.#idle.length > 0) return;
    const { maxConnections, maxWaiting } = this.#options;
    const hasSlot = this.#open < maxConnections;
    if (hasSlot && this.#mayCreate(now)) return;
    if (hasSlot && this.#backoff.open && this.#creating === 0) throw this.#backoff.cause;
    if (this.#waiters.size - this.#creating - this.#checking < maxWaiting) return;
    if (hasSlot && this.#backoff.cause !== undefined) throw this.#backoff.cause;
    this.#refused++;
    throw new KodiakError(
      'limit',
      `All ${maxConnections} connections are in use and ${maxWaiting} more wait already. Close a notebook or a REPL, or raise kodiak.pool.maxWaiting.`,
      { setting: 'kodiak.pool.maxWaiting' },
    );
  }

  /** One timer for the whole queue: all wait equally long, so the first is always the next to give up. */
  #watchWaiters(): void {
    const first = this.#waiters.first;
    if (!first || this.#waitTimer) return;
    const now = this.#clock.monotonic();
    const half = first.since + this.#options.acquireTimeoutMs / 2;
    const due = now < half ? half : first.since + this.#options.acquireTimeoutMs;
    this.#waitTimer = after(Math.ceil(Math.max(1, due - now)), () => {
      this.#waitTimer = undefined;
      this.#refuseOverdue();
      this.#watchWaiters();
    });
  }

  #refuseOverdue(): void {
    const now = this.#clock.monotonic();
    const { acquireTimeoutMs } = this.#options;
    for (let first = this.#waiters.first; first && now - first.since >= acquireTimeoutMs; first = this.#waiters.first) {
      this.#waiters.next();
      this.#refused++;
      this.#turnAway(first, this.#overdueError());
    }
    // Those who wait for half of their time may wait for a lease that nobody holds: V8 alone would not look for it in time.
    const stuck = this.#waiters.first;
    if (!stuck || this.#loans.size === 0 || now - stuck.since < acquireTimeoutMs / 2) return;
    if (now - this.#searchedAt < SEARCH_INTERVAL_MS) return;
    this.#searchedAt = now;
    collectGarbage();
  }

  #overdueError(): unknown {
    const { maxConnections, acquireTimeoutMs } = this.#options;
    const lent = this.#loans.size;
    if (lent >= maxConnections) {
      return new KodiakError(
        'limit',
        `No connection became free within ${acquireTimeoutMs} ms: all ${maxConnections} are in use or keep the temporary objects, settings or transaction of their session. Close a notebook or a REPL, or raise kodiak.pool.maxConnections.`,
        { setting: 'kodiak.pool.maxConnections' },
      );
    }
    if (this.#backoff.cause !== undefined) return this.#backoff.cause;
    const [count, what] =
      this.#creating > 0
        ? [this.#creating, 'being opened']
        : this.#checking > 0
          ? [this.#checking, 'being checked']
          : [this.#closings.running + this.#closings.overdue, 'being closed'];
    return new KodiakError(
      'limit',
      `No connection was ready within ${acquireTimeoutMs} ms: ${count} ${count === 1 ? 'is' : 'are'} still ${what}, and ${lent} of at most ${maxConnections} are in use. Try again when the machine is less busy, or raise kodiak.pool.acquireTimeoutMs.`,
      { setting: 'kodiak.pool.acquireTimeoutMs' },
    );
  }

  #startWatch(): void {
    this.#watch ??= every(WATCH_INTERVAL_MS, () => this.#look());
  }

  #look(): void {
    this.#creations.expire();
    this.#closings.expire();
    this.#checks.expire();
    const now = this.#clock.monotonic();
    this.#evictIdle(now);
    const shortLoans = this.#lookAtLoans(now);
    const runs = this.#creations.running + this.#closings.running + this.#checks.running;
    if (runs + this.#idle.length + shortLoans > 0) return;
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  #evictIdle(now: number): void {
    const latest = now - (this.#options.idleTimeoutMs ?? IDLE_TIMEOUT_MS);
    const fresh = this.#idle.findIndex(({ since }) => since > latest);
    for (const { held } of this.#idle.splice(0, fresh < 0 ? this.#idle.length : fresh)) void this.#end(held);
  }

  /** Gives the number of loans that are still to be looked at. */
  #lookAtLoans(now: number): number {
    const leakAfterMs = this.#options.leakAfterMs ?? LEAK_AFTER_MS;
    let unreported = 0;
    for (const loan of this.#loans) {
      if (loan.lease) {
        this.#forgotten.register(loan.lease, loan, loan);
        loan.lease = undefined;
      }
      if (loan.purpose === 'session' || loan.reported) continue;
      if (now - loan.since < leakAfterMs) {
        unreported++;
        continue;
      }
      loan.reported = true;
      this.#log(
        `The connection lent to "${loan.name}" is held for longer than ${leakAfterMs} ms. It was borrowed at ${oneLineStack(loan.stack)}`,
      );
    }
    return unreported;
  }
}

function closingError(): KodiakError {
  return new KodiakError('unavailable', 'The engine is closing.');
}

function cancelledError(signal: AbortSignal): KodiakError {
  return new KodiakError('cancelled', 'The wait for a connection was cancelled.', { cause: signal.reason });
}
