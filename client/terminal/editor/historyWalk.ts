/**
 * A walk through what was typed before, newest first, along the entries that begin with what stood before the cursor. The text that
 * the walk began with is where it ends. `entries` is oldest first.
 */
export class HistoryWalk {
  readonly #found: readonly string[];
  readonly #draft: string;
  #at = -1;

  constructor(entries: readonly string[], draft: string, prefix: string) {
    this.#draft = draft;
    const found = new Set<string>();
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index] as string;
      if (entry.startsWith(prefix) && entry !== draft) found.add(entry);
    }
    this.#found = [...found];
  }

  /** The text to show after a step; undefined at the end of the walk. */
  step(direction: 'older' | 'newer'): string | undefined {
    const next = this.#at + (direction === 'older' ? 1 : -1);
    if (next < -1 || next >= this.#found.length) return undefined;
    this.#at = next;
    return next < 0 ? this.#draft : this.#found[next];
  }
}

/** The rest of the newest entry that begins with the text; empty without one. */
export function historyHint(entries: readonly string[], text: string): string {
  if (text.trim() === '') return '';
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index] as string;
    if (entry.length > text.length && entry.startsWith(text)) return entry.slice(text.length);
  }
  return '';
}
