import { type HistoryEntry, type HistoryFilter, historyCondition, type ReadHistoryResult } from '../../server/protocol/history.ts';

/** What people choose to see. */
export interface HistoryChoice {
  readonly search: string;
  readonly onlyFailed: boolean;
  /** Names of `ASKER_GROUPS`; empty for all. */
  readonly who: readonly string[];
}

export const EVERYTHING: HistoryChoice = { search: '', onlyFailed: false, who: [] };

/** Who asked, as people tell them apart. */
export const ASKER_GROUPS: Readonly<Record<string, NonNullable<HistoryFilter['who']>>> = {
  Notebooks: ['notebook'],
  'SQL files': ['sqlFile'],
  Terminals: ['terminal'],
  'Tests, explorer and others': ['test', 'viewer', 'explorer', 'history', 'editor'],
};

/** How many are kept at most while they come live; older ones are read again when they are asked for. */
const MAX_LIVE = 2_000;

export function isFiltered({ search, onlyFailed, who }: HistoryChoice): boolean {
  return search.trim() !== '' || onlyFailed || who.length > 0;
}

export function filterOf({ search, onlyFailed, who }: HistoryChoice): HistoryFilter {
  return {
    search,
    onlyFailed,
    ...(who.length > 0 && { who: who.flatMap((name) => ASKER_GROUPS[name] ?? []) }),
  };
}

/** The choice in words: `failed · Terminals · “orders”`; empty for everything. */
export function choiceText({ search, onlyFailed, who }: HistoryChoice): string {
  return [onlyFailed ? 'failed and cancelled' : '', who.join(', '), search.trim() === '' ? '' : `“${search.trim()}”`]
    .filter((text) => text !== '')
    .join(' · ');
}

/** The entries that a view shows, newest first: pages that were read and what came since. */
export class HistoryList {
  #entries: readonly HistoryEntry[] = [];
  #next: string | undefined;

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  /** Where older ones begin; undefined where there are none. */
  get next(): string | undefined {
    return this.#next;
  }

  /** Takes the newest page. */
  restart({ entries, next }: Pick<ReadHistoryResult, 'entries' | 'next'>): void {
    this.#entries = entries;
    this.#next = next;
  }

  /** Takes the page behind `next`. */
  append({ entries, next }: Pick<ReadHistoryResult, 'entries' | 'next'>): void {
    this.#entries = merged(this.#entries, entries);
    this.#next = next;
  }

  /** Takes what has just been run; false where nothing of it is to be shown. */
  grow(entries: readonly HistoryEntry[], choice: HistoryChoice): boolean {
    const wanted = entries.filter(historyCondition(filterOf(choice)));
    if (wanted.length === 0) return false;
    const all = merged(wanted, this.#entries);
    this.#entries = all.slice(0, MAX_LIVE);
    if (all.length > MAX_LIVE) this.#next = this.#entries.at(-1)?.id;
    return true;
  }
}

/** Each once, the newest first. */
function merged(some: readonly HistoryEntry[], others: readonly HistoryEntry[]): HistoryEntry[] {
  const byId = new Map([...others, ...some].map((entry) => [entry.id, entry]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}
