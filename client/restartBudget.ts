/** How often something may be restarted by itself: `count` times within any `windowMs`. */
export class RestartBudget {
  readonly #count: number;
  readonly #windowMs: number;
  #restarts: number[] = [];

  constructor(count: number, windowMs: number) {
    this.#count = count;
    this.#windowMs = windowMs;
  }

  /** Takes one restart, if one is left. */
  take(nowMs: number): boolean {
    this.#restarts = this.#restarts.filter((at) => nowMs - at < this.#windowMs);
    if (this.#restarts.length >= this.#count) return false;
    this.#restarts.push(nowMs);
    return true;
  }

  clear(): void {
    this.#restarts = [];
  }
}
