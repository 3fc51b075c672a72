import { after, every, type Timer } from '../engine/base/timers.ts';
import type { Reading } from '../engine/types.ts';
import type { Client } from './client.ts';
import type { ResultFreshness, WireFreshness } from './protocol/freshness.ts';
import { freshnessChanged } from './protocol/requests.ts';

/** What a statement read is kept for so many results; of the others nothing is known. */
const MAX_READINGS = 5000;
/** Changes come in crowds: a script's statements, or the files of a folder. */
const GATHER_MS = 50;
/** How often files are looked at that a watched result was read from. */
const POLL_MS = 2000;

/** What is known of a statement that ran before this server did. */
export type EarlierReading = Pick<Reading, 'freshness' | 'readsFiles'>;

interface Entry {
  readonly owner: string;
  readonly reading: Reading;
}

const FORGOTTEN: WireFreshness = { state: 'unknown', reason: 'what it read is not kept any more' };

/**
 * Tells clients when results that they show become stale. It looks when a statement of the engine has changed something, and every
 * two seconds at files, as long as a client watches a result that was read from some.
 */
export class FreshnessFeed {
  /** Oldest first. They outlive the rows: a result that was given back may still be on the screen. */
  readonly #readings = new Map<string, Entry>();
  /** Per client the results that it watches, with what it was told last. */
  readonly #watched = new Map<Client, Map<string, string>>();
  readonly #news = new Map<Client, Map<string, WireFreshness>>();
  readonly #intervals: { readonly pollMs: number };
  readonly #earlier: (resultId: string) => EarlierReading | undefined;
  #gathering: Timer | undefined;
  #sending: Timer | undefined;
  #polling: Timer | undefined;

  /** `earlier` gives what is known of results of earlier runs. */
  constructor(intervals = { pollMs: POLL_MS }, earlier: (resultId: string) => EarlierReading | undefined = () => undefined) {
    this.#intervals = intervals;
    this.#earlier = earlier;
  }

  /** What a statement read, for results that were added. */
  find(resultId: string): Reading | undefined {
    return this.#readings.get(resultId)?.reading;
  }

  /** From now on the result can be watched. */
  add(resultId: string, owner: string, reading: Reading): void {
    this.#readings.set(resultId, { owner, reading });
    for (const oldest of this.#readings.keys()) {
      if (this.#readings.size <= MAX_READINGS) break;
      this.#readings.delete(oldest);
    }
  }

  forgetOwner(owner: string): void {
    for (const [resultId, entry] of this.#readings) if (entry.owner === owner) this.#readings.delete(resultId);
    this.changed();
  }

  /** The client watches these results and no others. Gives how they are now. */
  async watch(client: Client, resultIds: readonly string[]): Promise<ResultFreshness[]> {
    const told = this.#watched.get(client);
    const watched = new Map(resultIds.map((resultId) => [resultId, told?.get(resultId) ?? '']));
    if (watched.size > 0) this.#watched.set(client, watched);
    else this.#watched.delete(client);
    this.#poll();
    return await Promise.all(
      resultIds.map(async (resultId) => {
        const freshness = await this.#freshnessOf(resultId);
        if (watched.has(resultId)) watched.set(resultId, JSON.stringify(freshness));
        return { resultId, freshness };
      }),
    );
  }

  unwatch(client: Client): void {
    this.#watched.delete(client);
    this.#news.delete(client);
    this.#poll();
  }

  /** Something may have changed, or something that was not known may be known now. */
  changed(): void {
    if (this.#watched.size === 0) return;
    this.#gathering ??= after(GATHER_MS, () => {
      this.#gathering = undefined;
      this.#look(() => true);
    });
  }

  dispose(): void {
    this.#watched.clear();
    this.#gathering?.dispose();
    this.#sending?.dispose();
    this.#polling?.dispose();
  }

  #readingOf(resultId: string): EarlierReading | undefined {
    return this.#readings.get(resultId)?.reading ?? this.#earlier(resultId);
  }

  #look(which: (reading: EarlierReading | undefined) => boolean): void {
    for (const [client, watched] of this.#watched) {
      for (const resultId of watched.keys()) {
        if (which(this.#readingOf(resultId))) void this.#lookAt(client, watched, resultId);
      }
    }
  }

  async #lookAt(client: Client, watched: Map<string, string>, resultId: string): Promise<void> {
    const freshness = await this.#freshnessOf(resultId);
    const text = JSON.stringify(freshness);
    // Watched anew meanwhile, or told already.
    if (this.#watched.get(client) !== watched || watched.get(resultId) === text) return;
    watched.set(resultId, text);
    const news = this.#news.get(client) ?? new Map<string, WireFreshness>();
    this.#news.set(client, news.set(resultId, freshness));
    this.#sending ??= after(0, () => this.#send());
  }

  #send(): void {
    this.#sending = undefined;
    for (const [client, news] of this.#news) {
      client.notify(freshnessChanged, { results: [...news].map(([resultId, freshness]) => ({ resultId, freshness })) });
    }
    this.#news.clear();
  }

  async #freshnessOf(resultId: string): Promise<WireFreshness> {
    return (await this.#readingOf(resultId)?.freshness()) ?? FORGOTTEN;
  }

  /** Nobody tells of files. */
  #poll(): void {
    if (this.#watched.size > 0) {
      this.#polling ??= every(this.#intervals.pollMs, () => this.#look((reading) => reading?.readsFiles === true));
      return;
    }
    this.#polling?.dispose();
    this.#polling = undefined;
  }
}
