import type { RunningQuery, SpillFileInfo, StatementTotal } from '../../server/protocol/activity.ts';
import type { CacheEntryInfo } from '../../server/protocol/requests.ts';
import { clockTime, formatBytes, formatCount, formatDuration } from './statsText.ts';
import { timeLeftText } from './timeLeft.ts';

/** A row of a table of the monitor, in words. */
export interface ActivityRow {
  readonly key: string;
  readonly cells: readonly string[];
  readonly bar?: { readonly cell: number; readonly share: number };
  readonly faded?: boolean;
}

type Names = Readonly<Record<string, string>>;

const MAX_SOURCES = 3;
/** Less is noise. */
const MIN_GROWN_BYTES = 1024 * 1024;

export const RUNNING_COLUMNS = ['Who', 'Query', 'Time', 'Progress', 'Rows', 'Memory'] as const;
export const STATEMENT_COLUMNS = ['Query', 'Longest', 'Runs', 'Hits', 'Saved', 'Last by'] as const;
export const ENTRY_COLUMNS = ['Query', 'Proof', 'From', 'Hits', 'Rows', 'Size', 'Cost', 'Age'] as const;
export const SPILL_COLUMNS = ['File', 'Size', 'Changed'] as const;

/** `leftMs` says how long each will take yet, by its id. */
export function runningRows(
  running: readonly RunningQuery[],
  names: Names,
  leftMs: (query: RunningQuery) => number | undefined,
): ActivityRow[] {
  return running.map((query) => {
    const { id, sessionId, label, sql, elapsedMs, percent, rows, grownBytes, cancelledFrom } = query;
    // Before the first percent DuckDB often knows nothing yet.
    const share = percent === undefined || percent < 1 ? undefined : Math.min(1, percent / 100);
    return {
      key: String(id),
      cells: [
        names[sessionId] ?? sessionId,
        [label, sql].filter((part) => part !== undefined && part !== '').join(': '),
        formatDuration(Math.floor(elapsedMs / 100) * 100),
        cancelledFrom === undefined ? progressOf(query, leftMs(query)) : `cancelled from ${cancelledFrom}`,
        rows > 0 ? formatCount(rows) : '',
        grownBytes >= MIN_GROWN_BYTES ? `about ${formatBytes(grownBytes)}` : '',
      ],
      ...(share !== undefined && cancelledFrom === undefined && { bar: { cell: 3, share } }),
      ...(cancelledFrom !== undefined && { faded: true }),
    };
  });
}

function progressOf({ percent, statementIndex, statementCount }: RunningQuery, leftMs: number | undefined): string {
  const parts = statementCount > 1 ? [`statement ${statementIndex + 1} of ${statementCount}`] : [];
  if (percent !== undefined && percent >= 1) parts.push(`${Math.floor(percent)} %`);
  if (leftMs !== undefined) parts.push(timeLeftText(leftMs));
  return parts.join(' · ');
}

export function statementRows(totals: readonly StatementTotal[], names: Names): ActivityRow[] {
  return totals.map(({ sql, sessionId, runs, longestMs, hits, savedMs }) => ({
    key: sql,
    cells: [
      sql,
      runs === 0 ? '–' : formatDuration(longestMs),
      formatCount(runs),
      formatCount(hits),
      savedMs === 0 ? '–' : formatDuration(savedMs),
      names[sessionId] ?? sessionId,
    ],
  }));
}

/** `sinceMs` is how old the entries are themselves: their ages are of the moment when they were read. */
export function entryRows(entries: readonly CacheEntryInfo[], sinceMs: number): ActivityRow[] {
  return entries.map(({ id, sql, proof, sources, hits, rows, bytes, costMs, ageMs, outdated }) => ({
    key: String(id),
    cells: [
      sql,
      proof,
      sourcesText(sources),
      formatCount(hits),
      formatCount(rows),
      formatBytes(bytes),
      formatDuration(costMs),
      ageText(ageMs + sinceMs),
    ],
    ...(outdated && { faded: true }),
  }));
}

export function spillRows(files: readonly SpillFileInfo[]): ActivityRow[] {
  return files.map(({ name, bytes, changedAt }) => ({
    key: name,
    cells: [name, formatBytes(bytes), clockTime(changedAt)],
  }));
}

/** `3 files, 1.2 GiB in /tmp/…`; `listed` of them are in the table. */
export function spillText(count: number, bytes: number, listed: number, folder: string): string {
  if (count === 0) return 'Nothing is on disk: what runs and what is kept fits into memory.';
  const files = count === 1 ? '1 file' : `${formatCount(count)} files`;
  const shown = listed < count ? `, the largest ${formatCount(listed)} of them here` : '';
  return `${files}, ${formatBytes(bytes)} in ${folder}${shown}`;
}

/** Whole units, which change seldom: `8 s`, `3 min`, `2 h`. */
export function ageText(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

function sourcesText(sources: readonly string[]): string {
  const named = sources.slice(0, MAX_SOURCES).join(', ');
  return sources.length > MAX_SOURCES ? `${named} and ${formatCount(sources.length - MAX_SOURCES)} more` : named || '–';
}
