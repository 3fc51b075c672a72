/** Calls a function at most once per interval, and always after the last request. */
export class Throttled {
  readonly #intervalMs: number;
  readonly #call: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number, call: () => void) {
    this.#intervalMs = intervalMs;
    this.#call = call;
  }

  request(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#call();
    }, this.#intervalMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
