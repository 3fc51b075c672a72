/**
 * The version of everything that statements of this process can change. It moves before a write starts and again when it ended,
 * so that a result which overlaps a write can be told from one that does not.
 */
export class WriteGate {
  #version = 0;
  #pending = 0;
  #changedAt: number;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#changedAt = now();
  }

  get version(): number {
    return this.#version;
  }

  /** True while a write runs: nothing may be looked up or stored. */
  get busy(): boolean {
    return this.#pending > 0;
  }

  /** Unix milliseconds of the last change of version. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** Runs what may write. The version moves on failure as on success: a script can write before it fails. */
  async around<T>(write: () => Promise<T>): Promise<T> {
    this.#pending++;
    this.#move();
    try {
      return await write();
    } finally {
      this.#move();
      this.#pending--;
    }
  }

  #move(): void {
    this.#version++;
    this.#changedAt = this.#now();
  }
}
