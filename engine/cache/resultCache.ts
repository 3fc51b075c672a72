import { LRUCache } from 'lru-cache';
import type { Clock } from '../base/clock.ts';
import type { CacheEntry, CacheStats } from '../types.ts';

export interface ResultCacheOptions {
  readonly enabled: boolean;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** One entry may take at most this share of the byte budget. */
const MAX_ENTRY_SHARE = 0.1;

/** What a stored value was computed from; it is valid while `isCurrent` says so. */
export interface StoredValue<V> {
  readonly value: V;
  /** For people who look into the cache. */
  readonly sql: string;
  readonly rows: number;
  readonly bytes: number;
  /** Engine time that a hit saves. */
  readonly costMs: number;
  /** Versions of what it was computed from at the time of the run. */
  readonly version: string;
  readonly storedAt: number;
  /** Tables and files it was computed from, by name. */
  readonly sources: readonly string[];
}

interface Slot<V> extends StoredValue<V> {
  hits: number;
}

/** Values by key with least-recently-used eviction, bounded in entries and bytes. It never decides freshness itself. */
export class ResultCache<V> {
  readonly #options: ResultCacheOptions;
  readonly #slots: LRUCache<string, Slot<V>>;
  readonly #clock: Clock;
  readonly #bypassReasons = new Map<string, number>();
  #enabled: boolean;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #invalidations = 0;
  #savedMs = 0;

  constructor(options: ResultCacheOptions, clock: Clock, release: (value: V) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#enabled = options.enabled;
    this.#slots = new LRUCache<string, Slot<V>>({
      max: options.maxEntries,
      maxSize: options.maxBytes,
      maxEntrySize: Math.max(1, Math.floor(options.maxBytes * MAX_ENTRY_SHARE)),
      sizeCalculation: (slot) => Math.max(1, Math.ceil(slot.bytes)),
      dispose: (slot, _key, reason) => {
        if (reason === 'evict') this.#evictions++;
        release(slot.value);
      },
    });
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  get bytes(): number {
    return this.#slots.calculatedSize;
  }

  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
    if (!enabled) this.clear();
  }

  /** The value stored under a key, if its version is still `version`; one of another version is dropped. Counts hit or miss. */
  get(key: string, version: string): StoredValue<V> | undefined {
    const slot = this.#slots.get(key);
    if (slot && slot.version === version) {
      slot.hits++;
      this.#hits++;
      this.#savedMs += slot.costMs;
      return slot;
    }
    if (slot) {
      this.#invalidations++;
      this.#slots.delete(key);
    }
    this.#misses++;
    return undefined;
  }

  /** Stores a value; the cache releases it when it lets go of it. False when it is too large: the caller keeps it. */
  put(key: string, stored: StoredValue<V>): boolean {
    if (!this.#enabled) return false;
    this.#slots.set(key, { ...stored, hits: 0 });
    return this.#slots.peek(key)?.value === stored.value;
  }

  countBypass(reason: string): void {
    this.#bypassReasons.set(reason, (this.#bypassReasons.get(reason) ?? 0) + 1);
  }

  /** Drops least recently used entries until at most `bytes` are left; gives the bytes freed. */
  evictTo(bytes: number): number {
    const before = this.bytes;
    while (this.bytes > bytes && this.#slots.pop() !== undefined) this.#evictions++;
    return before - this.bytes;
  }

  /** Number of entries dropped. */
  clear(): number {
    const entries = this.#slots.size;
    this.#slots.clear();
    return entries;
  }

  entries(): CacheEntry[] {
    const now = this.#clock.now();
    return [...this.#slots.values()].map((slot) => ({
      sql: slot.sql,
      sources: slot.sources,
      rows: slot.rows,
      bytes: slot.bytes,
      ageMs: Math.max(0, now - slot.storedAt),
      hits: slot.hits,
      costMs: slot.costMs,
    }));
  }

  /** `shared` is counted elsewhere. */
  stats(shared: number): CacheStats {
    const bypassReasons = Object.freeze(Object.fromEntries(this.#bypassReasons));
    return Object.freeze({
      enabled: this.#enabled,
      entries: this.#slots.size,
      maxEntries: this.#options.maxEntries,
      bytes: this.bytes,
      maxBytes: this.#options.maxBytes,
      hits: this.#hits,
      misses: this.#misses,
      bypasses: Object.values(bypassReasons).reduce((sum, count) => sum + count, 0),
      bypassReasons,
      evictions: this.#evictions,
      invalidations: this.#invalidations,
      savedMs: this.#savedMs,
      shared,
    });
  }
}
