import type { KodiakError } from '../../engine/base/errors.ts';
import type { Grammar } from '../../engine/sql/grammar/grammar.ts';
import { type SqlText, statementAt } from './sqlText.ts';
import { syntaxExpectation } from './syntaxExpectation.ts';

/** Without DuckDB's proposal of its own internal tables, and with what its grammar expects in place of what it stumbles over. */
export function findingText({ message, position }: KodiakError, sql: SqlText, grammar: Grammar | undefined): string {
  const plain = message.replace(/\nDid you mean "(?:pg_|duckdb_|sqlite_|pragma_)[^"]*"\?/, '');
  const statement = position && grammar && /syntax error at /.test(message) ? statementAt(sql, position.offset) : undefined;
  if (!statement || !grammar || !position) return plain;
  const offset = message.includes('end of input') ? statement.end : position.offset;
  const expected = syntaxExpectation(grammar, sql.text, statement.tokens, offset);
  return expected === undefined ? plain : `${plain}\nExpected: ${expected}`;
}

/** A script that has run makes what is there: running it again would fail, which is worth a hint. */
export function isThere({ message }: KodiakError): boolean {
  return message.endsWith('already exists in the database.');
}
