/**
 * The threads of a DuckDB instance whose short queries are read fastest in one: long work has all of them while it runs. Changing the
 * number takes about half a millisecond, also while queries run.
 */
export class WorkThreads {
  readonly #most: number;
  readonly #set: (threads: number) => Promise<unknown>;
  #working = 0;
  #now = 1;
  #turn: Promise<void> = Promise.resolve();

  /** `set` changes their number, and is called once at a time. */
  constructor(most: number, set: (threads: number) => Promise<unknown>) {
    this.#most = most;
    this.#set = set;
  }

  /** Rejects with the work's failure only. */
  async spread<T>(work: () => Promise<T>): Promise<T> {
    this.#working++;
    await this.#adjust();
    try {
      return await work();
    } finally {
      this.#working--;
      // Nobody waits for it: the next query runs with either number.
      void this.#adjust();
    }
  }

  #adjust(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const wanted = this.#working > 0 ? this.#most : 1;
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
