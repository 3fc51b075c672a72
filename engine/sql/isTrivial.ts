import type { Statement } from './splitStatements.ts';

const SHORT_KINDS = new Set(['set', 'reset', 'use', 'begin', 'start', 'describe', 'show']);

/** Words that bring rows, or a loop, into a SELECT. */
const SOURCES = new Set(['from', 'join', 'table', 'recursive', 'range', 'generate_series', 'repeat', 'sleep_ms', 'query', 'query_table']);

/** True when the text alone says that a statement ends at once: a setting, the begin of a transaction, a SELECT of plain values. */
export function isTrivial(statement: Statement, script: string): boolean {
  const words = statement.tokens
    .filter((token) => token.kind === 'word')
    .map((token) => script.slice(token.start, token.end).toLowerCase());
  const [first = ''] = words;
  if (first === 'select') return !words.some((word) => SOURCES.has(word));
  return SHORT_KINDS.has(first);
}
