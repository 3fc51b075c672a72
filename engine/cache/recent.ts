import { LRUCache } from 'lru-cache';

const MAX_REMEMBERED = 1000;

/** What was found out lately, by key: at most a thousand things, the least recently asked for goes first. */
export class Recent<V extends object> {
  readonly #known = new LRUCache<string, V>({ max: MAX_REMEMBERED });

  get(key: string): V | undefined {
    return this.#known.get(key);
  }

  set(key: string, value: V): void {
    this.#known.set(key, value);
  }
}
