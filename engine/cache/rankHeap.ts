/** What a heap holds: it writes down in each item where the item stands, so that one in the middle can be moved or taken out. */
export interface Ranked {
  rank: number;
  /** Index in the heap, −1 outside of it. Written by the heap only. */
  position: number;
}

/** A binary heap with the lowest rank on top. `push`, `remove` and `moved` are O(log n). */
export class RankHeap<T extends Ranked> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  get lowest(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  remove(item: T): void {
    const { position } = item;
    const last = this.#items.pop();
    item.position = -1;
    if (!last || last === item) return;
    this.#place(last, position);
    this.moved(last);
  }

  /** To be called after a rank was changed. */
  moved(item: T): void {
    const { position } = item;
    this.#rise(item, position);
    if (item.position === position) this.#sink(item, position);
  }

  clear(): void {
    for (const item of this.#items) item.position = -1;
    this.#items.length = 0;
  }

  /** The items below a rank, in no particular order: only these and their children are looked at. */
  *below(rank: number): Iterable<T> {
    const open = [0];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const item = this.#items[index];
      if (!item || item.rank >= rank) continue;
      yield item;
      open.push(2 * index + 1, 2 * index + 2);
    }
  }

  *[Symbol.iterator](): Iterator<T> {
    yield* this.#items;
  }

  #rise(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#items[above];
      if (!parent || parent.rank <= item.rank) break;
      this.#place(parent, index);
      index = above;
    }
    this.#place(item, index);
  }

  #sink(item: T, from: number): void {
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      let lower = this.#items[child];
      const right = this.#items[child + 1];
      if (lower && right && right.rank < lower.rank) {
        lower = right;
        child++;
      }
      if (!lower || lower.rank >= item.rank) break;
      this.#place(lower, index);
      index = child;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.position = index;
  }
}
