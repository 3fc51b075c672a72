import { KodiakError } from '../base/errors.ts';
import type { Place } from './arrivalQueue.ts';

/** `session`: held for as long as a notebook or REPL lives. `query`: should be given back soon. */
export type LeasePurpose = 'session' | 'query';

export interface GiveBackOptions {
  /** True only when the borrower knows that it left no state behind: the resource may then be lent again. Default: destroyed. */
  readonly reuse?: boolean;
  /** The borrower also knows that it works: whoever waits gets it without a check. */
  readonly sound?: boolean;
}

/** A resource lent to one borrower. */
export interface Lease<T> {
  readonly resource: T;
  /** The statement that the borrower runs on it, for the pool's statistics; undefined while it runs none. */
  running: string | undefined;
  /** Ends the loan, and resolves when the resource is closed or kept. A second call rejects with `bug`. */
  giveBack(options?: GiveBackOptions): Promise<void>;
}

export interface Held<T> {
  readonly resource: T;
}

/** The pool's side of a lease. */
export interface Loan<T> {
  readonly held: Held<T>;
  readonly name: string;
  readonly purpose: LeasePurpose;
  readonly since: number;
  /** Where it was borrowed. A string: an Error object keeps the frames' receivers alive, and with them the lease. */
  readonly stack: string;
  state: 'held' | 'returned' | 'reclaimed';
  statement: string | undefined;
  statementSince: number;
  reported: boolean;
  /**
   * Its lease until the pool's next look at it. From then on nothing here leads to the lease, so that a forgotten one is found; to
   * watch each from its first moment would cost more than all else in a short loan.
   */
  lease: Lease<T> | undefined;
  /** Among the pool's loans. */
  place: Place<Loan<T>> | undefined;
}

/** What a lease does to its pool. */
export interface Lender<T> {
  now(): number;
  giveBack(loan: Loan<T>, reuse: boolean, sound: boolean): Promise<void>;
}

/** What the borrower holds. When nobody holds it any more, its loan was forgotten. */
export class LeaseHandle<T> implements Lease<T> {
  readonly #loan: Loan<T>;
  readonly #lender: Lender<T>;

  constructor(loan: Loan<T>, lender: Lender<T>) {
    this.#loan = loan;
    this.#lender = lender;
  }

  get resource(): T {
    return this.#loan.held.resource;
  }

  get running(): string | undefined {
    return this.#loan.statement;
  }

  set running(statement: string | undefined) {
    this.#loan.statement = statement;
    this.#loan.statementSince = this.#lender.now();
  }

  giveBack(options?: GiveBackOptions): Promise<void> {
    const loan = this.#loan;
    if (loan.state === 'returned')
      return Promise.reject(new KodiakError('bug', `The connection lent to "${loan.name}" was given back twice.`));
    return this.#lender.giveBack(loan, options?.reuse === true, options?.sound === true);
  }
}

/** Formatting a stack takes longer than all else in a loan; in a rush, loans to the same name share one. */
const STACK_INTERVAL_MS = 0.5;

/** Where borrowers stand when they borrow, as text. */
export class BorrowerStacks {
  #name = '';
  #stack = '';
  #at = Number.NEGATIVE_INFINITY;

  /** The caller's stack, or the one taken up to 0.5 ms earlier for a loan of the same name that is not a session's. */
  take(name: string, purpose: LeasePurpose, now: number): string {
    if (purpose === 'query' && name === this.#name && now - this.#at < STACK_INTERVAL_MS) return this.#stack;
    this.#name = name;
    this.#at = now;
    this.#stack = new Error().stack ?? '';
    return this.#stack;
  }
}

/** A stack in one line, without its head and the frames of the pool itself. */
export function oneLineStack(stack: string): string {
  const frames = stack.split('\n').slice(1);
  const outside = frames.filter((frame) => !/\bat (?:async )?(?:LeasePool|BorrowerStacks)\./.test(frame));
  return outside.map((frame) => frame.trim().replace(/^at /, '')).join(' < ');
}
