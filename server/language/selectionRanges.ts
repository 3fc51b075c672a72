import type { Position, SelectionRange } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Grammar } from '../../engine/sql/grammar/grammar.ts';
import { grammarTokens, symbolsOf } from '../../engine/sql/grammar/grammarTokens.ts';
import { matchGrammar, type SyntaxNode } from '../../engine/sql/grammar/matchGrammar.ts';
import type { Token } from '../../engine/sql/lexer.ts';
import type { StatementScope, TextRange } from '../../engine/sql/scopeTree.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';
import { fromSpan, trimmed } from './refactoring.ts';
import { lowerText, type SqlText, scriptOf, sqlTextOf, statementAt } from './sqlText.ts';

/**
 * Growing selections at each position: token, name with qualifiers, call, operand of AND, argument or select item, inside of the
 * brackets, brackets, clause, common table expression, statement, document; and what DuckDB's grammar makes of a statement that is whole.
 */
export function selectionRanges(document: TextDocument, positions: readonly Position[], grammar?: Grammar): SelectionRange[] {
  const sql = sqlTextOf(document);
  const script = scriptOf(document);
  return positions.map((position) => {
    const offset = document.offsetAt(position);
    const syntax = grammar ? syntaxSpans(sql, offset, grammar) : [];
    const whole = { start: 0, end: sql.text.length };
    const all = [...tokenSpans(sql, offset), ...syntax, ...scopeSpans(script, offset), ...sql.statements, whole];
    let selection: SelectionRange | undefined;
    const spans = growing(all, offset);
    // A range holds the next around it: deeper than this no editor can read them.
    const shown = spans.length > MAX_SPANS ? [...spans.slice(0, MAX_SPANS), ...spans.slice(-3)] : spans;
    for (const { start, end } of shown.reverse()) {
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      selection = selection ? { range, parent: selection } : { range };
    }
    return selection ?? { range: { start: position, end: position } };
  });
}

const MAX_SPANS = 200;

/** Those around the offset, the smallest first; each contains the one before. */
function growing(all: readonly TextRange[], offset: number): TextRange[] {
  const chain: TextRange[] = [];
  const around = all.filter(({ start, end }) => start <= offset && offset <= end && start < end);
  for (const { start, end } of around.sort((a, b) => a.end - a.start - (b.end - b.start))) {
    const last = chain.at(-1);
    if (last && (start > last.start || end < last.end || (start === last.start && end === last.end))) continue;
    chain.push({ start, end });
  }
  return chain;
}

/** What the tokens around an offset tell: names, calls, brackets, what is between commas and between AND and OR, CASE to END. */
function tokenSpans({ text, tokens }: SqlText, offset: number): TextRange[] {
  const spans: TextRange[] = [];
  const span = (from: Token | undefined, to: Token | undefined) => {
    if (from && to) spans.push({ start: from.start, end: to.end });
  };
  const token = touching(tokens, offset);
  if (token) {
    if (token.kind === 'string' || token.kind === 'quotedName') spans.push({ start: token.start + 1, end: token.end - 1 });
    span(token, token);
    if (token.kind === 'lineComment' || token.kind === 'blockComment') return spans;
  }
  const code = tokens.filter(({ kind }) => kind !== 'lineComment' && kind !== 'blockComment');
  const word = (at: number) => lowerText(text, code[at]);
  const own = token ? code.indexOf(token) : -1;
  if (own >= 0 && token?.kind !== 'punctuation') {
    let first = own;
    let last = own;
    while (word(first - 1) === '.' && first > 1) first -= 2;
    while (word(last + 1) === '.' && code[last + 2]) last += 2;
    span(code[first], code[last]);
  }
  for (const { open, close } of pairs(text, code)) {
    const [from, to] = [code[open] as Token, code[close] as Token];
    let first = open;
    if (/^(?:word|quotedName)$/.test(code[open - 1]?.kind ?? '') && word(open) === '(' && code[open - 1]?.end === from.start) first--;
    while (first < open && word(first - 1) === '.' && first > 1) first -= 2;
    if (first < open) span(code[first], to);
    if (from.start > offset || offset > to.end) continue;
    span(from, to);
    spans.push({ start: from.end, end: to.start });
    for (const piece of pieces(text, code.slice(open + 1, close))) spans.push(piece);
  }
  const cases: Token[] = [];
  for (const [index, one] of code.entries()) {
    if (one.kind !== 'word') continue;
    if (word(index) === 'case') cases.push(one);
    else if (word(index) === 'end') span(cases.pop(), one);
  }
  return spans;
}

/** At the seam of two tokens, the one that is a word is meant. */
function touching(tokens: readonly Token[], offset: number): Token | undefined {
  const index = tokens.findLastIndex(({ start, end }) => start <= offset && offset <= end);
  const [before, token] = [tokens[index - 1], tokens[index]];
  return before?.end === offset && token?.kind === 'punctuation' && before.kind !== 'punctuation' ? before : token;
}

function* pairs(text: string, code: readonly Token[]): Generator<{ readonly open: number; readonly close: number }> {
  const opens: number[] = [];
  for (const [index, token] of code.entries()) {
    if (token.kind !== 'punctuation') continue;
    const char = text.charAt(token.start);
    if ('([{'.includes(char)) opens.push(index);
    if (!')]}'.includes(char)) continue;
    const open = opens.pop();
    if (open !== undefined) yield { open, close: index };
  }
}

/** What is between the commas of a list, and within each the operands of AND and OR. */
function pieces(text: string, list: readonly Token[]): TextRange[] {
  const found: TextRange[] = [];
  let depth = 0;
  let isBetween = false;
  let item = 0;
  let operand = 0;
  const push = (from: number, to: number) => {
    const [first, last] = [list[from], list[to]];
    if (first && last && from <= to) found.push({ start: first.start, end: last.end });
  };
  for (const [index, token] of list.entries()) {
    const word = lowerText(text, token);
    if (token.kind === 'punctuation' && '([{'.includes(word)) depth++;
    if (token.kind === 'punctuation' && ')]}'.includes(word)) depth--;
    if (depth > 0) continue;
    if (word === ',') {
      push(operand, index - 1);
      push(item, index - 1);
      item = index + 1;
      operand = item;
    } else if (token.kind === 'word' && word === 'between') isBetween = true;
    else if (token.kind === 'word' && word === 'and' && isBetween) isBetween = false;
    else if (token.kind === 'word' && (word === 'and' || word === 'or')) {
      push(operand, index - 1);
      operand = index + 1;
    }
  }
  push(operand, list.length - 1);
  push(item, list.length - 1);
  return found;
}

/** What the scopes around an offset tell: clauses with and without their keywords, select items, queries, statements. */
function scopeSpans(script: SqlScript, offset: number): TextRange[] {
  const statement = script.statementAt(offset);
  if (!statement) return [];
  const spans: TextRange[] = [trimmed(script, statement)];
  for (const { ctes } of statement.queries) spans.push(...ctes);
  for (const query of statement.queries) spans.push(trimmed(script, query));
  for (const block of statement.blocks) {
    if (offset < block.start || block.end < offset) continue;
    spans.push(trimmed(script, block), ...block.sources, ...block.items);
    const from = fromSpan(script, block);
    if (from) spans.push(from);
    for (const clause of block.clauses) spans.push(...clauseSpans(script, statement, clause));
  }
  return spans;
}

/** Words of which the last stands right before what is in a clause. */
const KEYWORDS = new Set(
  'select distinct from where group order partition by having qualify on limit offset values set returning using'.split(' '),
);

function clauseSpans(script: SqlScript, statement: StatementScope, clause: TextRange): TextRange[] {
  const whole = trimmed(script, { start: clause.start, end: Math.min(clause.end, statement.end) });
  // A clause reaches to behind the keyword of the next one.
  let last = script.tokenBefore(whole.end);
  while (KEYWORDS.has(lowerText(script.text, script.tokens[last]))) last--;
  const inner = { start: whole.start, end: Math.min(whole.end, script.tokens[last]?.end ?? 0) };
  if (inner.start >= inner.end) return [];
  const first = script.tokenBefore(inner.start);
  let keyword = first;
  while (KEYWORDS.has(lowerText(script.text, script.tokens[keyword]))) keyword--;
  const list = script.tokens.filter(
    ({ kind, start, end }) => start >= inner.start && end <= inner.end && kind !== 'lineComment' && kind !== 'blockComment',
  );
  const start = keyword < first ? (script.tokens[keyword + 1]?.start ?? inner.start) : inner.start;
  return [inner, { start, end: inner.end }, ...pieces(script.text, list)];
}

/** What the grammar's rules cover in the statement at the offset, as far as it holds the offset. */
function syntaxSpans(sql: SqlText, offset: number, grammar: Grammar): TextRange[] {
  const statement = statementAt(sql, offset);
  if (!statement) return [];
  const tokens = grammarTokens(grammar, sql.text, statement.tokens);
  const tree = matchGrammar(grammar, symbolsOf(tokens.map(({ symbol }) => symbol)))?.tree;
  const spans: TextRange[] = [];
  for (let node: SyntaxNode | undefined = tree; node; ) {
    spans.push(spanOf(node));
    node = node.children.find((child) => spanOf(child).start <= offset && offset <= spanOf(child).end);
  }
  return spans;

  function spanOf({ start, end }: SyntaxNode): TextRange {
    return { start: tokens[start]?.start ?? 0, end: tokens[end - 1]?.end ?? 0 };
  }
}
