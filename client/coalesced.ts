/**
 * An action of which at most one runs and at most one waits. Who asks while it runs gets the one that waits, because the running
 * one may have begun before the reason to ask.
 */
export class Coalesced {
  readonly #action: () => Promise<void>;
  #running: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  constructor(action: () => Promise<void>) {
    this.#action = action;
  }

  /** Settles as the run that answers this request does. */
  request(): Promise<void> {
    if (this.#running === undefined) return this.#run();
    this.#waiting ??= this.#running.then(
      () => this.#runWaiting(),
      () => this.#runWaiting(),
    );
    return this.#waiting;
  }

  #runWaiting(): Promise<void> {
    this.#waiting = undefined;
    return this.#run();
  }

  #run(): Promise<void> {
    const run = this.#action().finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    this.#running = run;
    return run;
  }
}
