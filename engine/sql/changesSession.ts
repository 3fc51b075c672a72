import type { Statement } from './splitStatements.ts';

/** Statements that read or change data and the catalog, and nothing that belongs to the connection alone. */
const SHARED = new Set(
  (
    'select from with values insert update delete merge truncate create alter drop copy comment checkpoint vacuum analyze ' +
    'explain describe show summarize begin start commit rollback end abort'
  ).split(' '),
);

/** Queries with these leave something behind: the seed, and the temporary tables of what a CSV reader has rejected. */
const KEEPS_SOMETHING = new Set(['setseed', 'store_rejects', 'rejects_table', 'rejects_scan']);

/**
 * True unless the text shows that a statement leaves the connection itself as it was: its settings, variables, prepared
 * statements, search path, temporary objects and the seed of its random numbers. Whether a transaction is open is followed elsewhere.
 */
export function changesSession(statement: Statement, script: string): boolean {
  const words = statement.tokens
    .filter((token) => token.kind === 'word' || token.kind === 'quotedName')
    .map((token) => script.slice(token.start, token.end).toLowerCase().replaceAll('"', ''));
  const [first = ''] = words;
  if (words.some((word) => KEEPS_SOMETHING.has(word))) return true;
  const opening = statement.tokens[0];
  if (opening && script.charAt(opening.start) === '(') return false;
  if (!SHARED.has(first)) return true;
  return ['create', 'alter', 'drop', 'copy'].includes(first) && words.some((word) => ['temp', 'temporary', 'secret'].includes(word));
}
