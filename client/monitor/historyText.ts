import type { HistoryEntry, HistoryWho, ReadHistoryResult } from '../../server/protocol/history.ts';
import { formatCount, formatDuration, formatRows, provenanceText } from './statsText.ts';

const WHO: Readonly<Record<HistoryWho['kind'], string>> = {
  notebook: 'notebook',
  sqlFile: 'SQL file',
  terminal: 'terminal',
  test: 'test',
  viewer: 'data viewer',
  explorer: 'explorer',
  history: 'history',
  editor: 'editor',
};

/** `notebook sales.kodiak.sql`, `terminal`. */
export function whoText({ kind, name }: HistoryWho): string {
  const what = Object.hasOwn(WHO, kind) ? WHO[kind] : kind;
  return name === undefined ? what : `${what} ${name}`;
}

/** `14:03:12` for a time of today, else with its date, in the reader's time zone. */
export function whenText(at: string, now: Date): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return date.toDateString() === now.toDateString() ? time : `${dayText(date)} ${time}`;
}

/** What came of it in a few words: `1,000 rows`, `3 rows changed`, `failed`, `cancelled`; empty for a statement that gives no rows. */
export function outcomeText({ outcome, rows, changed }: HistoryEntry): string {
  if (outcome !== 'done') return outcome;
  if (changed !== undefined) return `${formatRows(changed)} changed`;
  return rows === undefined ? 'done' : formatRows(rows);
}

/** The text in one line. */
export function statementLine({ sql }: HistoryEntry): string {
  return sql.replaceAll(/\s+/g, ' ').trim();
}

/** All that is known of an entry beside its text, as labels and values. */
export function entryDetails(entry: HistoryEntry, now: Date): readonly (readonly [label: string, value: string])[] {
  const { who, session, database, how, error, parameters, length, redacted } = entry;
  return [
    ['When', whenText(entry.at, now)],
    ['Who', whoText(who)],
    ['Session', session],
    ['Database', database === ':memory:' ? 'in memory' : database],
    ['Took', formatDuration(entry.ms)],
    ['Outcome', outcomeText(entry)],
    ...(how ? [['Cache', provenanceText(how)] as const] : []),
    ...(error ? [['Error', `${error.code}: ${error.message.replaceAll(/\s+/g, ' ')}`] as const] : []),
    ...(parameters ? [['Parameters', parametersText(parameters)] as const] : []),
    ...(length === undefined ? [] : [['Text', `cut off: it had ${formatCount(length)} characters`] as const]),
    ...(redacted === true ? [['Secrets', "not recorded; '***' stands in their places"] as const] : []),
  ];
}

/** Why an entry's text cannot be run again as it stands. */
export function notRunnable({ length, redacted }: HistoryEntry): string | undefined {
  if (length !== undefined) return 'The history has only the beginning of this statement.';
  return redacted === true ? "The history does not have the secrets of this statement; '***' stands in their places." : undefined;
}

/** What is to be said of the history as a whole, if anything. */
export function stateText({ state, problem }: Pick<ReadHistoryResult, 'state' | 'problem'>, isTerminal: boolean): string | undefined {
  if (state === 'stopped') return problem ?? 'Statements are not recorded at present.';
  if (state === 'on') return undefined;
  const remedy = isTerminal
    ? 'the server was started with KODIAK_STATEMENT_HISTORY=off, or the setting kodiak.history.enabled is off.'
    : 'switch the setting kodiak.history.enabled on.';
  return isTerminal ? `The history is off: ${remedy}` : `The history is off. To record statements, ${remedy}`;
}

function parametersText(parameters: Readonly<Record<string, string | null>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => (value === null ? `$${name}` : `$${name} = ${value}`))
    .join(', ');
}

function dayText(date: Date): string {
  return [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join('-');
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
