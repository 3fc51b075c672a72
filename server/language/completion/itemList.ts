import type { Completion } from './item.ts';

/** Items of a completion; what is there already is not added again. */
export class ItemList {
  readonly #writesLower: () => boolean;
  readonly #items: Completion[] = [];
  readonly #seen = new Set<string>();

  constructor(writesLower: () => boolean) {
    this.#writesLower = writesLower;
  }

  get all(): readonly Completion[] {
    return this.#items;
  }

  add(item: Completion): void {
    const key = `${item.kind} ${item.insert}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#items.push(item);
  }

  /** Gives up all items but these. */
  keep(items: readonly Completion[]): void {
    this.#items.length = 0;
    this.#seen.clear();
    for (const item of items) this.add(item);
  }

  keywords(words: readonly string[], rank: number): void {
    const lower = this.#writesLower();
    for (const [index, word] of words.entries())
      this.add({ label: word, kind: 'keyword', insert: lower ? word.toLowerCase() : word, rank: rank + index / 100 });
  }

  options(names: readonly string[]): void {
    const lower = this.#writesLower();
    for (const name of names)
      this.add({ label: name, kind: 'variable', insert: lower ? name.toLowerCase() : name, detail: 'option', rank: 10 });
  }

  values(values: readonly string[], detail: string): void {
    for (const value of values) this.add({ label: value, kind: 'variable', insert: value, detail, rank: 10 });
  }
}
