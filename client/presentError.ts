import type { FailureCode, WireFailure, WirePosition } from '../server/protocol/values.ts';

/** A failure in words: one line for lists and messages, and the whole for reading, with the source line in question. */
export interface PresentedError {
  readonly summary: string;
  readonly text: string;
}

const MAX_SOURCE_COLUMNS = 100;
const WRAP_COLUMNS = 110;
const wrapPattern = new RegExp(`(.{1,${WRAP_COLUMNS}})(?: +|$)`, 'g');
const MAX_NAMED_CANDIDATES = 3;

const FAILURE_CODES: Readonly<Record<FailureCode, true>> = {
  sql: true,
  cancelled: true,
  timeout: true,
  limit: true,
  unavailable: true,
  bug: true,
};

/** What to do about a limit, by the setting that sets it. */
const LIMIT_FIXES: Readonly<Record<string, string>> = {
  'kodiak.pool.maxConnections': 'Close notebooks or terminals that are not needed, or raise this setting.',
  'kodiak.pool.acquireTimeoutMs': 'Close notebooks or terminals that are not needed, or raise this setting.',
  'kodiak.pool.maxWaiting': 'Run fewer cells at the same time, or raise this setting.',
  'kodiak.memory.ceilingMegabytes': 'Let the query read or keep less (filters, fewer columns, LIMIT), or raise this setting.',
  'kodiak.memory.limitMegabytes': 'Let the query read or keep less (filters, fewer columns, LIMIT), or raise this setting.',
  'kodiak.results.memoryMegabytes': 'Clear outputs that are not needed, or raise this setting.',
};

/** Presents a failure. With `sql`, the text that was sent, `text` is for a fixed-width font: wrapped, and with the source line. */
export function presentError(failure: WireFailure, sql?: string): PresentedError {
  const message = failure.message.trim();
  const place = failure.position === undefined ? '' : ` (${placeText(failure.position)})`;
  const [firstLine = ''] = message.split('\n');
  const words = [message, ...advice(failure)].join('\n');
  const excerpt = sql === undefined || failure.position === undefined ? '' : sourceExcerpt(sql, failure.position);
  return { summary: `${firstLine}${place}`, text: sql === undefined ? words : wrap(words) + excerpt };
}

/** Reads whatever a request was rejected with. Anything that the server did not send as a failure is a `bug`. */
export function failureOf(thrown: unknown): WireFailure {
  if (isFailure(thrown)) return thrown;
  if (typeof thrown === 'object' && thrown !== null) {
    if ('failure' in thrown && isFailure(thrown.failure)) return thrown.failure;
    if ('data' in thrown && isFailure(thrown.data)) return thrown.data;
    // LSP's codes for a request that was cancelled by the client or by the server.
    if ('code' in thrown && (thrown.code === -32800 || thrown.code === -32802)) {
      return { code: 'cancelled', message: 'The request was cancelled.' };
    }
  }
  return { code: 'bug', message: thrown instanceof Error ? thrown.message : String(thrown) };
}

function isFailure(value: unknown): value is WireFailure {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value)) return false;
  return typeof value.message === 'string' && typeof value.code === 'string' && Object.hasOwn(FAILURE_CODES, value.code);
}

function advice(failure: WireFailure): string[] {
  switch (failure.code) {
    case 'sql':
      return candidateLine(failure);
    case 'limit':
    case 'timeout':
      return failure.setting === undefined ? [] : [`Setting: ${failure.setting}. ${LIMIT_FIXES[failure.setting] ?? 'Raise this setting.'}`];
    case 'bug':
      return ['This is a fault in Kodiak or DuckDB. The command "Kodiak: Show Log" has the details.'];
    case 'cancelled':
    case 'unavailable':
      return [];
  }
}

function candidateLine(failure: WireFailure): string[] {
  const unnamed = (failure.candidates ?? []).filter((name) => !failure.message.includes(name));
  return unnamed.length === 0 ? [] : [`Did you mean ${unnamed.slice(0, MAX_NAMED_CANDIDATES).join(', ')}?`];
}

/** Breaks lines at spaces; a word that is longer than a line stays whole. */
function wrap(text: string): string {
  const lines = text.split('\n').map((line) => (line.length <= WRAP_COLUMNS ? line : line.replace(wrapPattern, '$1\n').trimEnd()));
  return lines.join('\n');
}

function placeText(position: WirePosition): string {
  return `line ${position.line + 1}, column ${position.column + 1}`;
}

/** `Line 3, column 8:`, the line itself, and carets below the place; a window of a long line. */
function sourceExcerpt(sql: string, position: WirePosition): string {
  const line = sql.split(/\r\n|\r|\n/)[position.line] ?? '';
  const column = Math.min(position.column, line.length);
  const from = line.length <= MAX_SOURCE_COLUMNS ? 0 : Math.max(0, Math.min(column - 60, line.length - MAX_SOURCE_COLUMNS));
  const shown = line.slice(from, from + MAX_SOURCE_COLUMNS);
  const lead = from > 0 ? '…' : '';
  const tail = from + MAX_SOURCE_COLUMNS < line.length ? '…' : '';
  const gutter = `${position.line + 1} | `;
  // A tab stays a tab, so that the caret stands below its character however wide tabs are.
  const indent = (gutter + lead + shown.slice(0, column - from)).replaceAll(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(position.length, shown.length - (column - from))));
  return `\n\nLine ${position.line + 1}, column ${position.column + 1}:\n${gutter}${lead}${shown}${tail}\n${indent}${carets}`;
}
