import type { NotificationDescriptor, RequestDescriptor } from './requests.ts';
import type { FailureCode, WireProvenance } from './values.ts';

/**
 * The query history: every statement of every session, as it is kept on disk and as it travels. On disk it is one line of JSON, a
 * `HistoryEntry` with the field `v` in front, in the file `statements.jsonl` of a private folder; older lines are in
 * `statements-<time>-<process>.jsonl` beside it.
 */

const HISTORY_VERSION = 1;

/** What asked: a notebook, a `.sql` file, a terminal, a run of the Testing view, the data viewer, the explorer, the history, or another editor. */
export const HISTORY_ASKERS = ['notebook', 'sqlFile', 'terminal', 'test', 'viewer', 'explorer', 'history', 'editor'] as const;

export interface HistoryWho {
  readonly kind: (typeof HISTORY_ASKERS)[number];
  /** The name of the notebook or file, where there is one. */
  readonly name?: string;
}

export interface HistoryEntry {
  /** Unique; in the order in which statements ended. */
  readonly id: string;
  /** When it began: ISO 8601 in UTC. */
  readonly at: string;
  readonly who: HistoryWho;
  /** The session, as the client named it: the URI of a notebook, `terminal-<process>`. */
  readonly session: string;
  /** `:memory:` or the file's absolute path. */
  readonly database: string;
  /** Very long texts end with `…`. */
  readonly sql: string;
  /** Secrets were taken out: `'***'` stands in their places. */
  readonly redacted?: boolean;
  /** Characters of the whole text, where it was cut. */
  readonly length?: number;
  /** DuckDB's kind: `SELECT`, `INSERT` …; none where it did not run. */
  readonly kind?: string;
  readonly ms: number;
  readonly rows?: number;
  /** Rows inserted, updated or deleted. */
  readonly changed?: number;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  /** Whether it ran or was proved, or why the cache had no say. */
  readonly how?: Pick<WireProvenance, 'kind' | 'reason'>;
  readonly error?: { readonly code: FailureCode; readonly message: string };
  /** The bound parameters; their values are null unless the setting asks for them. */
  readonly parameters?: Readonly<Record<string, string | null>>;
}

/** Which entries are wanted. */
export interface HistoryFilter {
  /** Words that must all occur in the text, the error, the name of who asked or the database, in any case. */
  readonly search?: string;
  /** Only these kinds of asker. */
  readonly who?: readonly HistoryWho['kind'][];
  /** Only these sessions. */
  readonly sessions?: readonly string[];
  /** Without those that ended well. */
  readonly onlyFailed?: boolean;
}

export interface ReadHistoryParams extends HistoryFilter {
  /** At most `MAX_HISTORY_PAGE`. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly before?: string;
}

export const MAX_HISTORY_PAGE = 1_000;

export interface ReadHistoryResult {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** There are older ones, which follow `before` this. */
  readonly next?: string;
  /** `off`: the setting says so. `stopped`: the folder cannot be written. */
  readonly state: 'on' | 'off' | 'stopped';
  /** Why it is stopped, in words for a person. */
  readonly problem?: string;
  /** Where the files are; none when the history was never on. */
  readonly folder?: string;
}

/** Reads from disk: also what other servers wrote into the folder. */
export const readHistory: RequestDescriptor<ReadHistoryParams, ReadHistoryResult> = { method: 'kodiak/readHistory' };
/** Asks for `historyGrew`, or no longer. */
export const watchHistory: RequestDescriptor<{ readonly watch: boolean }, null> = { method: 'kodiak/watchHistory' };
/** Removes all files of the history. */
export const clearHistory: RequestDescriptor<null, { readonly files: number }> = { method: 'kodiak/clearHistory' };

/** Statements of this server, newest first; at most `MAX_HISTORY_PAGE` of those since the last time. */
export const historyGrew: NotificationDescriptor<{ readonly entries: readonly HistoryEntry[] }> = { method: 'kodiak/historyGrew' };
/** The history cannot be written. Told once, in words for a person. */
export const historyStopped: NotificationDescriptor<{ readonly message: string }> = { method: 'kodiak/historyStopped' };

/** Judges entries as a filter says. */
export function historyCondition({ search, who, sessions, onlyFailed = false }: HistoryFilter): (entry: HistoryEntry) => boolean {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => {
    if (onlyFailed && entry.outcome === 'done') return false;
    if (who && !who.includes(entry.who.kind)) return false;
    if (sessions && !sessions.includes(entry.session)) return false;
    if (words.length === 0) return true;
    const text = `${entry.sql}\n${entry.error?.message ?? ''}\n${entry.who.name ?? ''}\n${entry.database}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** One line of a history file; undefined for what is torn, damaged, or written by another version. */
export function readHistoryLine(line: string): HistoryEntry | undefined {
  if (!line.startsWith(`{"v":${HISTORY_VERSION},`)) return undefined;
  try {
    const { v, ...entry } = JSON.parse(line) as HistoryEntry & { readonly v: number };
    return v === HISTORY_VERSION && isEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** With its line feed. */
export function historyLine(entry: HistoryEntry): string {
  return `${JSON.stringify({ v: HISTORY_VERSION, ...entry })}\n`;
}

function isEntry(entry: HistoryEntry): boolean {
  const texts = [entry.id, entry.at, entry.session, entry.database, entry.sql, entry.outcome, entry.who?.kind];
  return texts.every((text) => typeof text === 'string') && typeof entry.ms === 'number';
}
