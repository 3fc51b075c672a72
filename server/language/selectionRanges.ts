import type { Position, SelectionRange } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Grammar } from '../../engine/sql/grammar/grammar.ts';
import { grammarTokens, symbolsOf } from '../../engine/sql/grammar/grammarTokens.ts';
import { matchGrammar, type SyntaxNode } from '../../engine/sql/grammar/matchGrammar.ts';
import { lowerText, type SqlText, sqlTextOf } from './sqlText.ts';

/**
 * Growing selections at each position: token, name with qualifiers, then what DuckDB's grammar makes of them (operand, expression, select
 * item, clause, query), inside of the brackets, brackets, statement, document. Without the grammar, or where a statement is half written,
 * its steps are left out.
 */
export function selectionRanges(document: TextDocument, positions: readonly Position[], grammar?: Grammar): SelectionRange[] {
  const sql = sqlTextOf(document);
  return positions.map((position) => {
    let selection: SelectionRange | undefined;
    const offset = document.offsetAt(position);
    const parts = grammar ? syntaxSpans(sql, offset, grammar) : [];
    for (const { start, end } of spansAround(sql, offset, parts).reverse()) {
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      selection = selection ? { range, parent: selection } : { range };
    }
    return selection ?? { range: { start: position, end: position } };
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Spans around an offset, the smallest first; each contains the one before. */
function spansAround({ text, tokens, statements }: SqlText, offset: number, parts: readonly Span[]): Span[] {
  const spans: Span[] = [];
  const add = (start: number, end: number) => {
    const last = spans.at(-1);
    if (start > offset || end < offset || start >= end) return;
    if (last && (start > last.start || end < last.end || (start === last.start && end === last.end))) return;
    spans.push({ start, end });
  };
  const index = tokens.findLastIndex(({ start, end }) => start <= offset && offset <= end);
  const token = tokens[index];
  if (token) {
    // At the seam of two tokens, the one that is a word is meant.
    const before = tokens[index - 1];
    const touching = before?.end === offset && token.kind === 'punctuation' && before.kind !== 'punctuation' ? before : token;
    if (touching.kind === 'string' || touching.kind === 'quotedName') add(touching.start + 1, touching.end - 1);
    add(touching.start, touching.end);
    let first = tokens.indexOf(touching);
    let last = first;
    while (lowerText(text, tokens[first - 1]) === '.' && first > 1) first -= 2;
    while (lowerText(text, tokens[last + 1]) === '.' && tokens[last + 2]) last += 2;
    add(tokens[first]?.start ?? 0, tokens[last]?.end ?? 0);
  }
  const pairs: Span[] = [];
  const opens: number[] = [];
  for (const { kind, start, end } of tokens) {
    if (kind !== 'punctuation') continue;
    const char = text.slice(start, end);
    if (char === '(' || char === '[' || char === '{') opens.push(start);
    if (char !== ')' && char !== ']' && char !== '}') continue;
    const open = opens.pop();
    if (open !== undefined && open <= offset && end >= offset) pairs.push({ start: open, end });
  }
  const insides = pairs.map(({ start, end }) => ({ start: start + 1, end: end - 1 }));
  const nested = [...insides, ...pairs, ...parts].sort((a, b) => a.end - a.start - (b.end - b.start));
  for (const { start, end } of nested) add(start, end);
  for (const { start, end } of statements) add(start, end);
  add(0, text.length);
  return spans;
}

/** What the grammar's rules cover in the statement at the offset, as far as it holds the offset. */
function syntaxSpans({ text, statements }: SqlText, offset: number, grammar: Grammar): Span[] {
  const statement = statements.find(({ start, end }) => start <= offset && offset <= end);
  if (!statement) return [];
  const tokens = grammarTokens(grammar, text, statement.tokens);
  const tree = matchGrammar(grammar, symbolsOf(tokens.map(({ symbol }) => symbol)))?.tree;
  const spans: Span[] = [];
  for (let node: SyntaxNode | undefined = tree; node; ) {
    spans.push(spanOf(node));
    node = node.children.find((child) => spanOf(child).start <= offset && offset <= spanOf(child).end);
  }
  return spans;

  function spanOf({ start, end }: SyntaxNode): Span {
    return { start: tokens[start]?.start ?? 0, end: tokens[end - 1]?.end ?? 0 };
  }
}
