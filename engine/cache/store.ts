/** What a store knows of a value besides its key. */
export interface Weight {
  /** Memory that the value takes. */
  readonly bytes: number;
  /** Engine time that a hit saves. */
  readonly costMs: number;
  /** Values of one group under different keys are versions of one another: a newer one supersedes the older ones. */
  readonly group: string;
}

export type RemovalReason = 'evicted' | 'replaced' | 'deleted';

export interface StoreOptions<V> {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Told once of every value that `put` took, when the store lets go of it. Must not call the store. */
  readonly onRemoved: (value: V, reason: RemovalReason) => void;
}

/** One entry may take at most this share of the byte budget. */
const MAX_ENTRY_SHARE = 0.1;

/** The largest entry that a byte budget takes. */
export function largestEntry(maxBytes: number): number {
  return Math.max(1, Math.floor(maxBytes * MAX_ENTRY_SHARE));
}

/** Whole bytes, at least one, so that sums stay exact; a size that is no number fits nowhere. */
export function wholeBytes(bytes: number): number {
  return Number.isNaN(bytes) ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(bytes));
}

/**
 * Values by key under a budget of bytes and one of entries, neither of which is ever exceeded. An implementation is a policy: it says
 * which value goes first. Values themselves are never looked into, and freshness is not decided here.
 */
export interface Store<V> {
  /** Number of entries. */
  readonly size: number;
  readonly bytes: number;
  /** The value, which counts as a use of it. */
  get(key: string): V | undefined;
  /** The value, without counting a use. */
  peek(key: string): V | undefined;
  /** Says that a key was asked for and will have to be computed. */
  noteMiss(key: string): void;
  /**
   * Takes a value, evicting others as needed. False when it is refused: the caller keeps it. Whether taken or refused, an older
   * value of the same key is removed as `replaced`.
   */
  put(key: string, value: V, weight: Weight): boolean;
  delete(key: string): boolean;
  /** Evicts the least valuable entries until at most `bytes` are left; gives the bytes freed. */
  evictTo(bytes: number): number;
  /** Deletes all, and gives their number. */
  clear(): number;
  /** Most valuable first. */
  entries(): Iterable<[key: string, value: V]>;
}
