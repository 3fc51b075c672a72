import { setImmediate } from 'node:timers/promises';
import { type HistoryEntry, historyCondition, MAX_HISTORY_PAGE, type ReadHistoryParams, readHistoryLine } from '../protocol/history.ts';

/** So many lines are read before others have their turn. */
const LINES_PER_TURN = 500;

/**
 * The newest entries that match, in the order of their ends. `texts` are the files' contents, the newest first; older ones are read only
 * as far as they are needed. Torn lines are left out.
 */
export async function searchHistory(
  texts: AsyncIterable<string>,
  params: ReadHistoryParams,
): Promise<{ readonly entries: readonly HistoryEntry[]; readonly next?: string }> {
  const limit = Math.max(1, Math.min(MAX_HISTORY_PAGE, Math.floor(params.limit) || 1));
  const matches = historyCondition(params);
  const isWanted = (entry: HistoryEntry) => (params.before === undefined || entry.id < params.before) && matches(entry);
  const found: HistoryEntry[] = [];
  // One more than the page tells whether there is a next one.
  for await (const text of texts) {
    if (found.length > limit) break;
    found.push(...(await newestOf(text, isWanted, limit + 1 - found.length)));
  }
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, ...(found.length > limit && last && { next: last.id }) };
}

/** Several processes write into one file, each a little after a statement's end: the order of the lines is not quite that of the ids. */
async function newestOf(text: string, isWanted: (entry: HistoryEntry) => boolean, limit: number): Promise<HistoryEntry[]> {
  const found: HistoryEntry[] = [];
  const lines = text.split('\n');
  for (let at = lines.length - 1; at >= 0; at--) {
    const entry = readHistoryLine(lines[at] ?? '');
    if (entry && isWanted(entry)) found.push(entry);
    if ((lines.length - at) % LINES_PER_TURN === 0) await setImmediate();
  }
  return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
}
