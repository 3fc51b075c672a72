import { redactMessage, redactSecrets } from '../../engine/sql/redactSecrets.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import type { HistoryEntry, HistoryWho } from '../protocol/history.ts';
import type { RunQueryParams, RunQueryResult, StatementOutcome } from '../protocol/requests.ts';
import type { WireFailure } from '../protocol/values.ts';

/** A script that has ended. */
export interface EndedScript {
  readonly who: HistoryWho;
  readonly database: string;
  /** Unix milliseconds. */
  readonly beganAt: number;
  readonly params: Pick<RunQueryParams, 'sessionId' | 'sql' | 'values'>;
  readonly result: RunQueryResult;
}

/** Longer texts are cut. */
export const MAX_HISTORY_SQL = 20_000;
const MAX_MESSAGE = 2_000;
const MAX_VALUE = 200;

const SECRET_PARAMETER = /pass|pwd|secret|token|key|credential/i;

/**
 * What the history keeps of a script: an entry for each statement that ended well, and one for that at which it stopped. The statements
 * behind it did not run. `idAt` names an entry by the time of its statement's end.
 */
export function historyEntries(script: EndedScript, storesValues: boolean, idAt: (endedAt: number) => string): HistoryEntry[] {
  const { params, result, beganAt } = script;
  const common = {
    who: script.who,
    session: params.sessionId.slice(0, MAX_MESSAGE),
    database: script.database,
    ...parametersOf(params.values, storesValues),
  };
  let elapsedMs = 0;
  const entries = result.statements.map((statement): HistoryEntry => {
    const at = new Date(beganAt + elapsedMs).toISOString();
    elapsedMs += statement.elapsedMs;
    const { shown } = shownSql(params.sql.slice(statement.start, statement.end));
    return { id: idAt(beganAt + elapsedMs), at, ...common, ...shown, ...outcomeOf(statement) };
  });
  if (!result.failure) return entries;
  const { shown, secrets } = shownSql(stoppedAt(params.sql, result.statements));
  entries.push({
    id: idAt(beganAt + result.elapsedMs),
    at: new Date(beganAt + Math.min(elapsedMs, result.elapsedMs)).toISOString(),
    ...common,
    ...shown,
    ms: rounded(Math.max(0, result.elapsedMs - elapsedMs)),
    outcome: result.failure.code === 'cancelled' ? 'cancelled' : 'failed',
    error: shownError(result.failure, secrets, storesValues ? undefined : params.values),
  });
  return entries;
}

function outcomeOf(statement: StatementOutcome): Pick<HistoryEntry, 'kind' | 'ms' | 'rows' | 'changed' | 'outcome' | 'how'> {
  const { kind, reason } = statement.result.provenance;
  return {
    kind: statement.kind,
    ms: rounded(statement.elapsedMs),
    ...(statement.rowsChanged !== undefined && { changed: statement.rowsChanged }),
    ...(hasRows(statement) && { rows: statement.result.rowCount }),
    outcome: 'done',
    how: { kind, reason: redactMessage(reason, []) },
  };
}

/** Not so for statements whose only answer is that they are done, or how many rows they changed. */
function hasRows({ kind, rowsChanged, result: { columns } }: StatementOutcome): boolean {
  const [first, ...more] = columns;
  const isReport = more.length === 0 && kind !== 'SELECT' && /^(?:Success|Count)$/.test(first?.name ?? '');
  return rowsChanged === undefined && first !== undefined && !isReport;
}

/** The statement behind those that ended well; all that is left where there is none to be found. */
function stoppedAt(sql: string, ended: readonly StatementOutcome[]): string {
  const from = ended.at(-1)?.end ?? 0;
  return splitStatements(sql).find(({ start }) => start >= from)?.text ?? sql.slice(from).trim();
}

interface ShownSql {
  readonly shown: Pick<HistoryEntry, 'sql' | 'redacted' | 'length'>;
  readonly secrets: readonly string[];
}

/** Cut first: what is cut off in a secret leaves a text that is not closed, which is hidden as well. */
function shownSql(sql: string): ShownSql {
  const isCut = sql.length > MAX_HISTORY_SQL;
  const { text, secrets } = redactSecrets(isCut ? sql.slice(0, MAX_HISTORY_SQL) : sql);
  const shown = { sql: isCut ? `${text}…` : text, ...(secrets.length > 0 && { redacted: true }), ...(isCut && { length: sql.length }) };
  return { shown, secrets };
}

function shownError(
  failure: WireFailure,
  secrets: readonly string[],
  hidden: RunQueryParams['values'],
): NonNullable<HistoryEntry['error']> {
  let message = redactMessage(failure.message.slice(0, MAX_MESSAGE), secrets);
  for (const { text } of Object.values(hidden ?? {})) {
    if (typeof text !== 'string' || text === '') continue;
    for (const quote of ["'", '"']) message = message.replaceAll(`${quote}${text}${quote}`, `${quote}***${quote}`);
  }
  return { code: failure.code, message };
}

function parametersOf(values: RunQueryParams['values'], storesValues: boolean): Pick<HistoryEntry, 'parameters'> {
  const given = Object.entries(values ?? {});
  if (given.length === 0) return {};
  const shown = given.map(([name, { text }]) => [name, storesValues && !SECRET_PARAMETER.test(name) ? shortened(text) : null] as const);
  return { parameters: Object.fromEntries(shown) };
}

function shortened(text: string | null): string | null {
  return text === null || text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
