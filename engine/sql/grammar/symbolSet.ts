/** A set of small whole numbers, the symbols of a grammar. */
export class SymbolSet {
  readonly #bits: Uint32Array;

  constructor(size: number) {
    this.#bits = new Uint32Array((size + 31) >> 5);
  }

  has(symbol: number): boolean {
    return (((this.#bits[symbol >> 5] as number) >>> (symbol & 31)) & 1) === 1;
  }

  add(symbol: number): void {
    this.#bits[symbol >> 5] = (this.#bits[symbol >> 5] as number) | (1 << (symbol & 31));
  }

  /** Adds all of another; true when that changed something. */
  addAll(other: SymbolSet): boolean {
    let changed = false;
    for (let at = 0; at < this.#bits.length; at++) {
      const before = this.#bits[at] as number;
      const after = (before | (other.#bits[at] as number)) >>> 0;
      if (after !== before) changed = true;
      this.#bits[at] = after;
    }
    return changed;
  }
}
