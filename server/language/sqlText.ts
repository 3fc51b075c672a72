import type { TextDocument } from 'vscode-languageserver-textdocument';
import { maskDotCommands } from '../../engine/sql/dotCommands.ts';
import { type Token, tokensOf } from '../../engine/sql/lexer.ts';
import { type Statement, splitStatements } from '../../engine/sql/splitStatements.ts';
import { SqlScript } from '../../engine/sql/sqlScript.ts';

/** A longer text has no scopes here. */
export const MAX_SCOPED_CHARACTERS = 512 * 1024;
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

const scripts = new WeakMap<TextDocument, { readonly version: number; readonly script: SqlScript }>();

/** A document's scopes, for itself: a notebook's cell without those before it. Read once per version. */
export function scriptOf(document: TextDocument): SqlScript {
  const found = scripts.get(document);
  if (found?.version === document.version) return found.script;
  const script = new SqlScript([sqlTextOf(document).text], found?.script);
  scripts.set(document, { version: document.version, script });
  return script;
}

/** The statements of a document; where a semicolon is missing, each for itself. */
export function statementsOf(document: TextDocument): Statement[] {
  const sql = sqlTextOf(document);
  if (sql.text.length > MAX_SCOPED_CHARACTERS) return [...sql.statements];
  const script = scriptOf(document);
  return sql.statements.flatMap((statement) => {
    const { start, end, tokens, terminated } = statement;
    const starts = script.statementsWithin(start, end).map((scope) => scope.start);
    const firsts = tokens.filter((token, index) => index === 0 || starts.includes(token.start)).map((token) => token.start);
    if (firsts.length < 2) return [statement];
    return firsts.map((first, index): Statement => {
      const next = firsts[index + 1];
      const own = tokens.filter((token) => token.start >= first && (next === undefined || token.start < next));
      const last = own.at(-1)?.end ?? first;
      return { start: first, end: last, text: sql.text.slice(first, last), terminated: next === undefined && terminated, tokens: own };
    });
  });
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
