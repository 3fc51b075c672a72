import { LRUCache } from 'lru-cache';
import { largestEntry, type Store, type StoreOptions, type Weight, wholeBytes } from './store.ts';
import { SupersededKeys } from './supersededKeys.ts';

interface Slot<V> {
  readonly value: V;
}

/** The store that evicts what was not used for longest, superseded entries before all others. It takes every value that fits. */
export class LruStore<V> implements Store<V> {
  readonly #options: StoreOptions<V>;
  readonly #slots: LRUCache<string, Slot<V>>;
  readonly #superseded = new SupersededKeys();

  constructor(options: StoreOptions<V>) {
    this.#options = options;
    this.#slots = new LRUCache<string, Slot<V>>({
      max: options.maxEntries,
      maxSize: options.maxBytes,
      maxEntrySize: largestEntry(options.maxBytes),
    });
  }

  get size(): number {
    return this.#slots.size;
  }

  get bytes(): number {
    return this.#slots.calculatedSize;
  }

  get(key: string): V | undefined {
    const slot = this.#slots.get(key);
    if (slot) this.#superseded.used(key);
    return slot?.value;
  }

  peek(key: string): V | undefined {
    return this.#slots.peek(key)?.value;
  }

  noteMiss(_key: string): void {
    // Recency alone decides.
  }

  put(key: string, value: V, weight: Weight): boolean {
    this.#remove(key, 'replaced');
    const size = wholeBytes(weight.bytes);
    if (size > largestEntry(this.#options.maxBytes)) return false;
    // Room is made before `set`, which would evict by recency only.
    while (this.size >= this.#options.maxEntries || this.bytes + size > this.#options.maxBytes) this.#evictOne();
    this.#slots.set(key, { value }, { size });
    this.#superseded.stored(key, weight.group);
    return true;
  }

  delete(key: string): boolean {
    return this.#remove(key, 'deleted');
  }

  evictTo(bytes: number): number {
    const before = this.bytes;
    while (this.size > 0 && this.bytes > bytes) this.#evictOne();
    return before - this.bytes;
  }

  clear(): number {
    const values = [...this.#slots.values()];
    this.#slots.clear();
    this.#superseded.clear();
    for (const { value } of values) this.#options.onRemoved(value, 'deleted');
    return values.length;
  }

  *entries(): Iterable<[string, V]> {
    for (const [key, { value }] of this.#slots.entries()) if (!this.#superseded.has(key)) yield [key, value];
    for (const key of this.#superseded.newestFirst()) {
      const slot = this.#slots.peek(key);
      if (slot) yield [key, slot.value];
    }
  }

  #evictOne(): void {
    const key = this.#superseded.oldest ?? this.#slots.rkeys().next().value;
    if (key !== undefined) this.#remove(key, 'evicted');
  }

  #remove(key: string, reason: 'evicted' | 'replaced' | 'deleted'): boolean {
    const slot = this.#slots.peek(key);
    if (!slot) return false;
    this.#slots.delete(key);
    this.#superseded.removed(key);
    this.#options.onRemoved(slot.value, reason);
    return true;
  }
}
