import type { Clock } from '../base/clock.ts';
import { ArrivalQueue } from './arrivalQueue.ts';

export type Outcome<R> =
  | { readonly kind: 'done'; readonly value: R }
  | { readonly kind: 'failed'; readonly failure: unknown }
  | { readonly kind: 'overdue' };

interface Run {
  readonly since: number;
  readonly giveUp: () => void;
}

/**
 * Calls into foreign code that may fail, throw or hang. Nobody waits longer than the limit for one, and what still runs beyond it
 * is counted until it ends. The owner calls `expire` now and then: one timer for all instead of one per call.
 */
export class LimitedRuns {
  readonly #limitMs: number;
  readonly #clock: Clock;
  readonly #running = new ArrivalQueue<Run>();
  #overdue = 0;

  constructor(limitMs: number, clock: Clock) {
    this.#limitMs = limitMs;
    this.#clock = clock;
  }

  /** Calls within their limit. */
  get running(): number {
    return this.#running.size;
  }

  /** Calls that nobody waits for any more, and that have not ended. */
  get overdue(): number {
    return this.#overdue;
  }

  /** `end` is told once how the call ended, or that it is overdue; `late` how a call ended that was overdue. Never throws. */
  run<R>(call: () => Promise<R>, end: (outcome: Outcome<R>) => void, late: (outcome: Outcome<R>) => void): void {
    let overdue = false;
    const giveUp = () => {
      overdue = true;
      this.#running.leave(place);
      this.#overdue++;
      end({ kind: 'overdue' });
    };
    const settle = (outcome: Outcome<R>) => {
      if (overdue) {
        this.#overdue--;
        late(outcome);
      } else {
        this.#running.leave(place);
        end(outcome);
      }
    };
    const place = this.#running.join({ since: this.#clock.monotonic(), giveUp });
    started(call).then(
      (value) => settle({ kind: 'done', value }),
      (failure: unknown) => settle({ kind: 'failed', failure }),
    );
  }

  /** Gives up on the calls that are over their limit. */
  expire(): void {
    const latest = this.#clock.monotonic() - this.#limitMs;
    for (let first = this.#running.first; first && first.since <= latest; first = this.#running.first) first.giveUp();
  }
}

/** What throws before its first promise is a rejection like any other. */
function started<R>(call: () => Promise<R>): Promise<R> {
  try {
    return Promise.resolve(call());
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}
