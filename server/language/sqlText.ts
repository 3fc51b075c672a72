import type { TextDocument } from 'vscode-languageserver-textdocument';
import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { type Token, tokensOf } from '../../engine/sql/lexer.ts';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';

/** A text longer than this is data, and gets no help. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** A document's SQL as tokens and statements. Its offsets are those of the document. */
export interface SqlText {
  /** The text with dot commands blanked; empty for a binary file or one that is too long. */
  readonly text: string;
  /** All tokens, comments too. */
  readonly tokens: readonly Token[];
  readonly statements: readonly Statement[];
}

const known = new WeakMap<TextDocument, { readonly version: number; readonly sql: SqlText }>();

/** Reads a document once per version. */
export function sqlTextOf(document: TextDocument): SqlText {
  const found = known.get(document);
  if (found?.version === document.version) return found.sql;
  const sql = readSqlText(document.getText());
  known.set(document, { version: document.version, sql });
  return sql;
}

/** False for a binary file or a text that is data: nothing is read of it. */
export function isReadable(source: string): boolean {
  return source.length <= MAX_CHARACTERS && !source.includes('\0');
}

export function readSqlText(source: string): SqlText {
  const text = isReadable(source) ? maskDotCommands(source) : '';
  return { text, tokens: tokensOf(text), statements: splitStatements(text) };
}

/** The statement that an offset lies in or touches. */
export function statementAt({ statements }: SqlText, offset: number): Statement | undefined {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle] as Statement).start <= offset) low = middle + 1;
    else high = middle;
  }
  const statement = statements[low - 1];
  return statement && offset <= statement.end ? statement : undefined;
}

/** A token's text in lower case; empty for none. */
export function lowerText(text: string, token: Token | undefined): string {
  return token ? text.slice(token.start, token.end).toLowerCase() : '';
}
