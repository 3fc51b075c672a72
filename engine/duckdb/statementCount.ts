/**
 * Counts the statements that this process submits to one DuckDB instance, beside DuckDB's own count (`current_query_id()`). When
 * the two drift apart, a statement ran that did not pass the gate in which writes are noticed.
 */
export class StatementCount {
  #submitted = 0;
  #running = 0;
  /** DuckDB's count less ours; unknown at first and after a failure, of which DuckDB counts some and not others. */
  #offset: number | undefined;

  /** Runs one statement. */
  async around<T>(run: () => Promise<T>): Promise<T> {
    this.#submitted++;
    this.#running++;
    try {
      return await run();
    } catch (thrown) {
      this.#offset = undefined;
      throw thrown;
    } finally {
      this.#running--;
    }
  }

  /** Runs what DuckDB counts in its own way: an appender, whose number of statements nobody knows. */
  async uncounted<T>(run: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await run();
    } finally {
      this.#running--;
      this.#offset = undefined;
    }
  }

  /** True when DuckDB ran more than was submitted. `read` asks for DuckDB's count, as a statement through `around`. */
  async isExceeded(read: () => Promise<number>): Promise<boolean> {
    if (this.#running > 0) return false;
    const submitted = this.#submitted + 1;
    const counted = await read();
    if (this.#submitted !== submitted) return false;
    const exceeded = this.#offset !== undefined && counted - submitted !== this.#offset;
    this.#offset = counted - submitted;
    return exceeded;
  }
}
