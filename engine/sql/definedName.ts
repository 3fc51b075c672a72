import type { Statement } from './splitStatements.ts';
import { unquoteName } from './sqlNames.ts';

/** Things whose names other statements are resolved by, without any data of their own. */
const NAMED = new Set(['view', 'macro', 'function', 'type', 'schema', 'sequence']);
const BEFORE_NAME = new Set(['if', 'not', 'exists']);

/**
 * The view, macro, type, schema or sequence that CREATE, ALTER or DROP is about, or the variable of SET VARIABLE, in lower case and
 * without its schema; undefined for every other statement. Tables are no part of it: what is written to them is known by their whole names.
 */
export function definedName(statement: Statement, script: string): string | undefined {
  const words = statement.tokens.map(({ start, end }) => script.slice(start, end));
  if (words[0]?.toLowerCase() === 'set' && words[1]?.toLowerCase() === 'variable') return words[2] && unquoteName(words[2]).toLowerCase();
  if (!['create', 'alter', 'drop'].includes(words[0]?.toLowerCase() ?? '')) return undefined;
  // CREATE OR REPLACE TEMP MACRO
  const kind = words.slice(0, 5).findIndex((word) => NAMED.has(word.toLowerCase()));
  if (kind < 0) return undefined;
  let at = kind + 1;
  while (BEFORE_NAME.has(words[at]?.toLowerCase() ?? '')) at++;
  while (words[at + 1] === '.') at += 2;
  const name = words[at];
  return name === undefined ? undefined : unquoteName(name).toLowerCase();
}
