import { setImmediate } from 'node:timers/promises';
import { type HistoryEntry, historyCondition, MAX_HISTORY_PAGE, type ReadHistoryParams, readHistoryLine } from '../protocol/history.ts';

/** So many lines are read before others have their turn. */
const LINES_PER_TURN = 500;
/** Several processes write a little after the ends of their statements: lines are out of order by less than this. */
const DISORDER_LINES = 200;

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
  // One more than the page tells whether there is a next one.
  let found: HistoryEntry[] = [];
  let isEnough = false;
  for await (const text of texts) {
    const oldest = isEnough ? found.at(-1)?.id : undefined;
    found = [...found, ...(await entriesOf(text, isWanted, oldest))].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit + 1);
    // The file before may end with lines that belong between those of the last one: its end is looked at, too.
    if (isEnough) break;
    isEnough = found.length > limit;
  }
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, ...(found.length > limit && last && { next: last.id }) };
}

/** From the last line to the first; with `oldest` only as far as there may be newer ones. */
async function entriesOf(text: string, isWanted: (entry: HistoryEntry) => boolean, oldest: string | undefined): Promise<HistoryEntry[]> {
  const found: HistoryEntry[] = [];
  const lines = text.split('\n');
  let older = 0;
  for (let at = lines.length - 1; at >= 0 && older <= DISORDER_LINES; at--) {
    const entry = readHistoryLine(lines[at] ?? '');
    if (entry && oldest !== undefined && entry.id < oldest) older++;
    else if (entry && isWanted(entry)) found.push(entry);
    if ((lines.length - at) % LINES_PER_TURN === 0) await setImmediate();
  }
  return found;
}
