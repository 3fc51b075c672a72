export interface HistoryMatch {
  readonly entry: string;
  /** Where the words that are looked for stand in it. */
  readonly start: number;
  readonly end: number;
}

/** An incremental search backwards through what was typed before, as Ctrl+R does it. Upper case in the query means upper case. */
export class HistorySearch {
  readonly #entries: readonly string[];
  #query = '';
  #matches: readonly HistoryMatch[] = [];
  #at = 0;

  /** `entries` is oldest first; what was typed twice is found once. */
  constructor(entries: readonly string[]) {
    this.#entries = [...new Set([...entries].reverse())];
  }

  get query(): string {
    return this.#query;
  }

  get match(): HistoryMatch | undefined {
    return this.#matches[this.#at];
  }

  /** `2 of 7`: which match is shown; empty without one. */
  get position(): string {
    return this.#matches.length === 0 ? '' : `${this.#at + 1} of ${this.#matches.length}`;
  }

  /** Looks for another text; the entry that is shown stays if it fits. */
  look(query: string): void {
    const shown = this.match?.entry;
    this.#query = query;
    const isExact = query !== query.toLowerCase();
    this.#matches =
      query === ''
        ? []
        : this.#entries.flatMap((entry) => {
            const start = (isExact ? entry : entry.toLowerCase()).lastIndexOf(query);
            return start < 0 ? [] : [{ entry, start, end: start + query.length }];
          });
    this.#at = Math.max(
      0,
      this.#matches.findIndex(({ entry }) => entry === shown),
    );
  }

  /** Goes to the next match; false when there is none. */
  step(direction: 'older' | 'newer'): boolean {
    const next = this.#at + (direction === 'older' ? 1 : -1);
    if (next < 0 || next >= this.#matches.length) return false;
    this.#at = next;
    return true;
  }
}
