import type { Clock } from '../base/clock.ts';
import type { CacheEntry, CacheStats } from '../types.ts';
import { CostAwareStore } from './costAwareStore.ts';
import { LruStore } from './lruStore.ts';
import type { Store, StoreOptions } from './store.ts';
import type { Dependencies } from './versions.ts';

export interface ResultCacheOptions {
  readonly enabled: boolean;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly policy: CacheStats['policy'];
}

/** What a stored value was computed from; it is valid while `isCurrent` says so. */
export interface StoredValue<V> {
  readonly value: V;
  /** For people who look into the cache. */
  readonly sql: string;
  /** Same for versions of one question: the same text with the same parameters. A newer one supersedes the others. */
  readonly group: string;
  readonly rows: number;
  readonly bytes: number;
  /** Engine time that a hit saves. */
  readonly costMs: number;
  /** Versions of what it was computed from at the time of the run. */
  readonly version: string;
  readonly storedAt: number;
  /** Tables and files it was computed from, by name. */
  readonly sources: readonly string[];
  /** For people who look into the cache: how the value is proved to be current. */
  readonly reads: StoredReads;
}

/** What has to be as it was for a stored value to be used. */
export interface StoredReads {
  readonly proof: 'plan' | 'text';
  readonly dependencies: Dependencies;
  readonly fileCount: number;
}

/** Whether a stored value would be used now, and why, in a sentence. */
export type EntryProof = Pick<CacheEntry, 'proof' | 'outdated'>;

interface Slot<V> extends StoredValue<V> {
  readonly id: number;
  hits: number;
}

/** Values by key, bounded in entries and bytes; its policy says which go first. It never decides freshness itself. */
export class ResultCache<V> {
  readonly #options: ResultCacheOptions;
  readonly #slots: Store<Slot<V>>;
  readonly #clock: Clock;
  readonly #bypassReasons = new Map<string, number>();
  #enabled: boolean;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #invalidations = 0;
  #savedMs = 0;
  #nextId = 1;

  constructor(options: ResultCacheOptions, clock: Clock, release: (value: V) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#enabled = options.enabled;
    const storeOptions: StoreOptions<Slot<V>> = {
      maxEntries: options.maxEntries,
      maxBytes: options.maxBytes,
      onRemoved: (slot, reason) => {
        if (reason === 'evicted') this.#evictions++;
        release(slot.value);
      },
    };
    this.#slots = options.policy === 'lru' ? new LruStore(storeOptions) : new CostAwareStore(storeOptions);
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  get bytes(): number {
    return this.#slots.bytes;
  }

  setEnabled(enabled: boolean): void {
    this.#enabled = enabled;
    if (!enabled) this.clear();
  }

  /** The value stored under a key, if its version is still `version`; one of another version is dropped. Counts hit or miss. */
  get(key: string, version: string): StoredValue<V> | undefined {
    const slot = this.#slots.peek(key);
    if (slot && slot.version === version) {
      this.#slots.get(key);
      slot.hits++;
      this.#hits++;
      this.#savedMs += slot.costMs;
      return slot;
    }
    if (slot) {
      this.#invalidations++;
      this.#slots.delete(key);
    }
    this.#slots.noteMiss(key);
    this.#misses++;
    return undefined;
  }

  /** Stores a value; the cache releases it when it lets go of it. False when it is too large or worth too little: the caller keeps it. */
  put(key: string, stored: StoredValue<V>): boolean {
    if (!this.#enabled) return false;
    return this.#slots.put(
      key,
      { ...stored, id: this.#nextId++, hits: 0 },
      { bytes: stored.bytes, costMs: stored.costMs, group: stored.group },
    );
  }

  countBypass(reason: string): void {
    this.#bypassReasons.set(reason, (this.#bypassReasons.get(reason) ?? 0) + 1);
  }

  /** Drops the least valuable entries until at most `bytes` are left; gives the bytes freed. */
  evictTo(bytes: number): number {
    return this.#slots.evictTo(bytes);
  }

  /** Number of entries dropped. */
  clear(): number {
    return this.#slots.clear();
  }

  /** Drops an entry, as if something that it reads had changed. False when it is not there any more. */
  invalidate(id: number): boolean {
    for (const [key, slot] of this.#slots.entries()) {
      if (slot.id !== id) continue;
      this.#invalidations++;
      return this.#slots.delete(key);
    }
    return false;
  }

  /** Most valuable first; `prove` says of each how it stands. */
  entries(prove: (stored: StoredValue<V>) => EntryProof): CacheEntry[] {
    const now = this.#clock.now();
    return [...this.#slots.entries()].map(([, slot]) => ({
      id: slot.id,
      sql: slot.sql,
      sources: slot.sources,
      rows: slot.rows,
      bytes: slot.bytes,
      ageMs: Math.max(0, now - slot.storedAt),
      hits: slot.hits,
      costMs: slot.costMs,
      ...prove(slot),
    }));
  }

  /** `shared` is counted elsewhere. */
  stats(shared: number): CacheStats {
    const bypassReasons = Object.freeze(Object.fromEntries(this.#bypassReasons));
    return Object.freeze({
      enabled: this.#enabled,
      policy: this.#options.policy,
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
