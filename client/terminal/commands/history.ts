import { type HistoryEntry, MAX_HISTORY_PAGE, readHistory } from '../../../server/protocol/history.ts';
import { notRunnable, outcomeText, statementLine, stateText, whenText, whoText } from '../../monitor/historyText.ts';
import { formatDuration } from '../../monitor/statsText.ts';
import { cutToWidth, visible, visibleLines } from '../../text/displayText.ts';
import type { Shell } from '../shell.ts';
import { type CommandGroup, type CommandOutcome, say, WrongUsage } from './dotCommand.ts';

const USUAL_COUNT = 20;
/** Where there is no terminal to be as wide as. */
const WIDE = 200;
const NARROWEST_TEXT = 20;

/** What `.history run` counts in: the statements that were listed last. */
const listed = new WeakMap<Shell, readonly HistoryEntry[]>();

export const HISTORY: CommandGroup = {
  title: 'History',
  commands: [
    {
      name: 'history',
      usage: '[N|TEXT|failed|run N]',
      summary: 'list the last statements of all, or run one again',
      explanation:
        'Lists what was run by all who use this engine, the newest last, with time, duration, rows and who asked: notebooks, files and terminals. A number says how many, ' +
        'words are searched for, failed lists what failed or was cancelled. run 3 runs number 3 of that list again.',
      example: ['.history', '.history 50', '.history orders 2024', '.history failed', '.history run 1'],
      takes: 'rest',
      run: async (shell, [words = ''], signal) => {
        const typed = words.replace(/\s*;$/, '');
        const again = /^run(?:\s+(\S+))?$/i.exec(typed);
        if (again) return await runAgain(shell, again[1], signal);
        return await list(shell, typed);
      },
    },
  ],
};

async function list(shell: Shell, typed: string): Promise<CommandOutcome> {
  const count = /^\d+$/.test(typed) ? Math.min(Number(typed), MAX_HISTORY_PAGE) : USUAL_COUNT;
  if (count === 0) throw new WrongUsage();
  const onlyFailed = /^failed$/i.test(typed);
  const search = onlyFailed || /^\d*$/.test(typed) ? '' : typed;
  const answer = await shell.link.request(readHistory, { limit: count, search, onlyFailed });
  const { entries } = answer;
  listed.set(shell, entries);
  const note = stateText(answer, true);
  if (note !== undefined) await shell.errors.writeLines([visibleLines(note)]);
  if (entries.length === 0 && note === undefined)
    return say(shell, onlyFailed ? 'Nothing failed.' : search === '' ? 'Nothing was run yet.' : 'Nothing of that was run.');
  return say(shell, ...entryLines(shell, entries));
}

async function runAgain(shell: Shell, typed: string | undefined, signal: AbortSignal): Promise<CommandOutcome> {
  const number = Number(typed);
  if (!Number.isInteger(number) || number < 1) throw new WrongUsage('Usage: .history run N, with a number of the list that .history shows');
  const entries = listed.get(shell) ?? (await shell.link.request(readHistory, { limit: Math.min(number, MAX_HISTORY_PAGE) })).entries;
  const entry = entries[number - 1];
  if (!entry) throw new Error(`There is no number ${number} in the list; .history shows it.`);
  const obstacle = notRunnable(entry);
  if (obstacle !== undefined) throw new Error(`${obstacle} It cannot be run again.`);
  await shell.errors.writeLines([shell.errors.style.dim(visibleLines(entry.sql))]);
  const outcome = await shell.runText({ text: entry.sql }, signal);
  return outcome === 'gone' ? 'exit' : outcome;
}

/** The newest last, which is number 1 and stands next to the prompt. */
function entryLines(shell: Shell, entries: readonly HistoryEntry[]): string[] {
  const now = new Date();
  const rows = entries.map((entry, index) => [
    String(index + 1),
    whenText(entry.at, now),
    formatDuration(entry.ms),
    outcomeText(entry),
    visible(whoText(entry.who)),
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const { style, width = WIDE } = shell.output;
  return entries
    .map((entry, index) => {
      const cells = (rows[index] ?? []).map((cell, column) =>
        column === 4 ? cell.padEnd(widths[4] ?? 0) : cell.padStart(widths[column] ?? 0),
      );
      const facts = cells.join('  ');
      const text = cutToWidth(visible(statementLine(entry)), Math.max(NARROWEST_TEXT, width - facts.length - 2));
      return `${entry.outcome === 'done' ? style.dim(facts) : style.red(facts)}  ${text}`;
    })
    .reverse();
}
