/** The last measurements, for percentiles. Holds at most `capacity` numbers. */
export class Percentiles {
  readonly #capacity: number;
  readonly #values: number[] = [];
  #next = 0;

  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#capacity;
  }

  /** The smallest measurement that at least `share` (0 to 1) of all do not exceed (nearest rank); 0 without measurements. */
  at(share: number): number {
    const sorted = [...this.#values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  }
}
