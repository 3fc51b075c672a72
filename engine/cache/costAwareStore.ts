import { GhostFrequencies } from './ghostFrequencies.ts';
import { type Ranked, RankHeap } from './rankHeap.ts';
import { largestEntry, type RemovalReason, type Store, type StoreOptions, type Weight, wholeBytes } from './store.ts';
import { SupersededKeys } from './supersededKeys.ts';

/** What an earlier request for a key counts when it is stored, beside 1 for the request that stores it. */
const PAST_WEIGHT = 0.5;

interface Node<V> extends Ranked {
  readonly key: string;
  readonly value: V;
  readonly bytes: number;
  /** Milliseconds that one hit saves, per share of the budgets that the entry takes. */
  readonly density: number;
  frequency: number;
}

/**
 * The store that keeps what saves most engine time per byte. Takes a value only if it is worth more than what would have to go.
 *
 * The policy is GDSF, greedy dual size frequency (L. Cherkasova, "Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency
 * Caching Policy", HP Labs 1998; after P. Cao and S. Irani, "Cost-Aware WWW Proxy Caching Algorithms", 1997). An entry's rank is
 *
 *     L + frequency × cost / size
 *
 * and the lowest rank goes first. L is the rank of the last entry that was evicted, so it only ever grows: an entry gets a new rank,
 * and with it today's L, when it is used, and one that is not used is overtaken some day, however precious it once was. That is all
 * the ageing there is: no entry is visited for it, and there is no window to tune.
 *
 * Three things are not in the paper:
 * - Size is the entry's share of both budgets, `bytes / maxBytes + 1 / maxEntries`. By bytes alone, a budget of few entries fills up
 *   with tiny ones that save nothing.
 * - Ghosts: how often a key was asked for survives its entry, and is counted before there is one. Half of that past counts: of the
 *   weights tried on the traces of `bench/traces.mjs`, full weight saved less on dashboards and none saved less on notebooks.
 * - Admission: at the budget's limit a value must rank above every entry that it would displace, or it is refused. What is
 *   seen once then no longer drives out what is used; being refused leaves a ghost, so a second or third time it may well win.
 *
 * Superseded entries are no longer in the heap: they are displaced first and for nothing. `get` and `delete` are O(log n), as is each
 * eviction; a refused `put` looks at no more than the entries ranked below the value, and at their children.
 */
export class CostAwareStore<V> implements Store<V> {
  readonly #options: StoreOptions<V>;
  readonly #nodes = new Map<string, Node<V>>();
  /** All nodes but the superseded ones. */
  readonly #heap = new RankHeap<Node<V>>();
  readonly #superseded = new SupersededKeys();
  readonly #ghosts = new GhostFrequencies();
  #bytes = 0;
  #supersededBytes = 0;
  /** L: the rank of the last entry that was evicted. */
  #inflation = 0;

  constructor(options: StoreOptions<V>) {
    this.#options = options;
  }

  get size(): number {
    return this.#nodes.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): V | undefined {
    const node = this.#nodes.get(key);
    if (!node) return undefined;
    node.frequency++;
    node.rank = this.#rankOf(node);
    if (this.#superseded.used(key)) {
      this.#supersededBytes -= node.bytes;
      this.#heap.push(node);
    } else {
      this.#heap.moved(node);
    }
    return node.value;
  }

  peek(key: string): V | undefined {
    return this.#nodes.get(key)?.value;
  }

  noteMiss(key: string): void {
    if (!this.#nodes.has(key)) this.#ghosts.add(key, 1);
  }

  put(key: string, value: V, weight: Weight): boolean {
    this.#remove(key, 'replaced');
    const bytes = wholeBytes(weight.bytes);
    if (bytes > largestEntry(this.#options.maxBytes)) return false;
    const { maxBytes, maxEntries } = this.#options;
    const cost = Number.isFinite(weight.costMs) ? Math.max(0, weight.costMs) : 0;
    const density = cost / (bytes / maxBytes + 1 / maxEntries);
    const frequency = 1 + Math.max(0, this.#ghosts.frequency(key) - 1) * PAST_WEIGHT;
    const node: Node<V> = { key, value, bytes, density, frequency, rank: 0, position: -1 };
    node.rank = this.#rankOf(node);
    if (!this.#beatsVictims(node)) return false;
    while (this.size >= maxEntries || this.#bytes + bytes > maxBytes) this.#evictOne();
    node.rank = this.#rankOf(node);
    this.#ghosts.forget(key);
    this.#nodes.set(key, node);
    this.#heap.push(node);
    this.#bytes += bytes;
    const superseded = this.#superseded.stored(key, weight.group);
    const older = superseded === undefined ? undefined : this.#nodes.get(superseded);
    if (older) {
      this.#heap.remove(older);
      this.#supersededBytes += older.bytes;
    }
    return true;
  }

  delete(key: string): boolean {
    return this.#remove(key, 'deleted');
  }

  evictTo(bytes: number): number {
    const before = this.#bytes;
    while (this.size > 0 && this.#bytes > bytes) this.#evictOne();
    return before - this.#bytes;
  }

  clear(): number {
    const nodes = [...this.#nodes.values()];
    this.#nodes.clear();
    this.#heap.clear();
    this.#superseded.clear();
    this.#ghosts.clear();
    this.#bytes = 0;
    this.#supersededBytes = 0;
    this.#inflation = 0;
    for (const node of nodes) this.#options.onRemoved(node.value, 'deleted');
    return nodes.length;
  }

  *entries(): Iterable<[string, V]> {
    for (const node of [...this.#heap].sort((a, b) => b.rank - a.rank)) yield [node.key, node.value];
    for (const key of this.#superseded.newestFirst()) {
      const node = this.#nodes.get(key);
      if (node) yield [key, node.value];
    }
  }

  #rankOf(node: Node<V>): number {
    return this.#inflation + node.frequency * node.density;
  }

  /** Whether entries of a lower rank make enough room, superseded ones first. */
  #beatsVictims(candidate: Node<V>): boolean {
    let bytes = this.#bytes - this.#supersededBytes + candidate.bytes;
    let entries = this.size - this.#superseded.size + 1;
    const { maxBytes, maxEntries } = this.#options;
    if (bytes <= maxBytes && entries <= maxEntries) return true;
    for (const victim of this.#heap.below(candidate.rank)) {
      bytes -= victim.bytes;
      entries--;
      if (bytes <= maxBytes && entries <= maxEntries) return true;
    }
    return false;
  }

  #evictOne(): void {
    const key = this.#superseded.oldest ?? this.#heap.lowest?.key;
    if (key === undefined) return;
    const node = this.#nodes.get(key);
    if (node && node.position >= 0) this.#inflation = node.rank;
    this.#remove(key, 'evicted');
  }

  #remove(key: string, reason: RemovalReason): boolean {
    const node = this.#nodes.get(key);
    if (!node) return false;
    this.#nodes.delete(key);
    this.#bytes -= node.bytes;
    if (node.position >= 0) this.#heap.remove(node);
    else this.#supersededBytes -= node.bytes;
    this.#superseded.removed(key);
    this.#ghosts.add(key, node.frequency);
    this.#options.onRemoved(node.value, reason);
    return true;
  }
}
