import { type DocumentHighlight, DocumentHighlightKind, type Position } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { unquoted } from '../../engine/sql/definition.ts';
import { isFirmKeyword } from '../../engine/sql/keywords.ts';
import type { Token } from '../../engine/sql/lexer.ts';
import { sqlTextOf, statementAt } from './sqlText.ts';

const OPENING = '([{';
const CLOSING = ')]}';

/** The same name or parameter in the statement, whatever its case and quotes; for a bracket, its partner. */
export function documentHighlights(document: TextDocument, position: Position): DocumentHighlight[] {
  const sql = sqlTextOf(document);
  const offset = document.offsetAt(position);
  const statement = statementAt(sql, offset);
  const touching = statement?.tokens.filter(({ start, end }) => start <= offset && offset <= end) ?? [];
  const token = touching.find(({ kind }) => kind !== 'punctuation' && kind !== 'operator') ?? touching[0];
  if (!statement || !token) return [];
  const toHighlight = ({ start, end }: Token): DocumentHighlight => ({
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    kind: DocumentHighlightKind.Text,
  });
  if (token.kind === 'punctuation') return bracketPair(statement.tokens, token, sql.text).map(toHighlight);
  const key = nameKey(token, sql.text);
  if (key === undefined) return [];
  return statement.tokens.filter((other) => nameKey(other, sql.text) === key).map(toHighlight);
}

function nameKey(token: Token, text: string): string | undefined {
  if (token.kind === 'parameter') return text.slice(token.start, token.end);
  if (token.kind !== 'word' && token.kind !== 'quotedName') return undefined;
  const name = unquoted(token, text).toLowerCase();
  return token.kind === 'word' && isFirmKeyword(name) ? undefined : `"${name}`;
}

function bracketPair(tokens: readonly Token[], token: Token, text: string): Token[] {
  const opens: Token[] = [];
  for (const other of tokens) {
    if (other.kind !== 'punctuation') continue;
    const char = text.charAt(other.start);
    if (OPENING.includes(char)) opens.push(other);
    if (!CLOSING.includes(char)) continue;
    const open = opens.pop();
    if (open && (open === token || other === token)) return [open, other];
  }
  return [];
}
