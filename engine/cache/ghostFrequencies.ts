/** Keys remembered after their entries are gone, or before there were any. */
const MAX_GHOSTS = 4096;

/** How often keys that are not stored were asked for. The key touched longest ago is forgotten beyond 4,096 of them. */
export class GhostFrequencies {
  readonly #frequencies = new Map<string, number>();

  get size(): number {
    return this.#frequencies.size;
  }

  /** 0 for an unknown key. */
  frequency(key: string): number {
    return this.#frequencies.get(key) ?? 0;
  }

  add(key: string, times: number): void {
    const frequency = this.frequency(key) + times;
    this.#frequencies.delete(key);
    this.#frequencies.set(key, frequency);
    if (this.#frequencies.size <= MAX_GHOSTS) return;
    const oldest = this.#frequencies.keys().next().value;
    if (oldest !== undefined) this.#frequencies.delete(oldest);
  }

  forget(key: string): void {
    this.#frequencies.delete(key);
  }

  clear(): void {
    this.#frequencies.clear();
  }
}
