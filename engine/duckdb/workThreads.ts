/**
 * The threads of a DuckDB instance whose short queries are read fastest in one: long work has all of them while it runs. Getting them takes
 * half a millisecond; giving them back waits for what they still do, and everybody else with it, so that is done when nothing runs.
 */
export class WorkThreads {
  readonly #most: number;
  readonly #set: (threads: number) => Promise<unknown>;
  #spread = 0;
  #running = 0;
  #now = 1;
  #turn: Promise<void> = Promise.resolve();

  /** `set` changes their number, and is called once at a time. */
  constructor(most: number, set: (threads: number) => Promise<unknown>) {
    this.#most = most;
    this.#set = set;
  }

  /** Runs work in as many threads as there are. Rejects with its failure only, as `spread` does. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      // Nobody waits for it: the next query runs with either number.
      void this.#adjust();
    }
  }

  /** Runs work in all threads. */
  async spread<T>(work: () => Promise<T>): Promise<T> {
    return await this.hold(async () => {
      this.#spread++;
      try {
        await this.#adjust();
        return await work();
      } finally {
        this.#spread--;
      }
    });
  }

  #adjust(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const wanted = this.#spread > 0 ? this.#most : this.#running > 0 ? this.#now : 1;
      if (wanted === this.#now) return;
      try {
        await this.#set(wanted);
        this.#now = wanted;
      } catch {
        // With fewer threads the work takes longer. An instance that closes needs none.
      }
    });
    return this.#turn;
  }
}
