/** With at most this much jitter on top: nine attempts a second at the most. */
const GAP_MS = 110;
const JITTER_MS = 90;

/** Failures in a row after which nobody is kept waiting for the next attempt. */
const OPENS_AFTER = 3;

/**
 * The pace of attempts while creations fail: one at a time, with a gap that every failure makes longer by one step, so that ten
 * failures at once cost a second and a resource that is back is found within 200 ms.
 */
export class CreationBackoff {
  #failures = 0;
  #retryAt = 0;
  #cause: unknown;

  /** What made the last creation fail; only while they fail. */
  get cause(): unknown {
    return this.#cause;
  }

  /** True when it is better to fail at once with `cause` than to wait. */
  get open(): boolean {
    return this.#failures >= OPENS_AFTER;
  }

  /** `creating`: attempts under way. */
  mayTry(now: number, creating: number): boolean {
    return this.#failures === 0 || (creating === 0 && now >= this.#retryAt);
  }

  waitMs(now: number): number {
    return Math.max(0, this.#retryAt - now);
  }

  failed(cause: unknown, now: number): void {
    this.#failures++;
    this.#cause = cause;
    this.#retryAt = Math.max(this.#retryAt, now) + GAP_MS + Math.random() * JITTER_MS;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#cause = undefined;
  }
}
