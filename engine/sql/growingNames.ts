/** Names that are known at a place. */
export interface NamesKnown {
  has(name: string): boolean;
}

/** Names that are known at a place, in the order in which they became so. */
export interface NamesListed extends NamesKnown, Iterable<string> {}

/** Names that a script makes known one after another. What was known at a place is a view, so that each place costs nothing. */
export class GrowingNames {
  readonly #since = new Map<string, number>();

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.add(name);
  }

  add(name: string): void {
    if (!this.#since.has(name)) this.#since.set(name, this.#since.size);
  }

  /** The names that are known now. */
  now(): NamesListed {
    const since = this.#since;
    const { size } = since;
    return {
      has: (name) => (since.get(name) ?? size) < size,
      *[Symbol.iterator]() {
        let left = size;
        for (const name of since.keys()) {
          if (left-- === 0) return;
          yield name;
        }
      },
    };
  }
}
