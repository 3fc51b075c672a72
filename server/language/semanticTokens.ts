import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isFirmKeyword, isSoftKeyword, isTypeName } from '../../engine/sql/keywords.ts';
import type { Token } from '../../engine/sql/lexer.ts';
import { lowerText, type SqlText, sqlTextOf } from './sqlText.ts';

type TokenType = 'keyword' | 'string' | 'number' | 'comment' | 'function' | 'parameter' | 'operator' | 'type' | 'class' | 'property';

const TYPES: readonly TokenType[] = [
  'keyword',
  'string',
  'number',
  'comment',
  'function',
  'parameter',
  'operator',
  'type',
  'class',
  'property',
];

/** Tables are told as `class`, columns as `property`. */
export const SEMANTIC_TOKENS_LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [] };

/** Words after which a table is named. */
const TABLE_PLACES = new Set(['from', 'join', 'into', 'update', 'table', 'view', 'using', 'describe', 'summarize']);

/** Colours of a document, or of the part between two offsets. A token over several lines is told line by line. */
export function semanticTokens(document: TextDocument, from = 0, to = Number.POSITIVE_INFINITY): SemanticTokens {
  const sql = sqlTextOf(document);
  const builder = new SemanticTokensBuilder();
  for (const { token, type } of classifyTokens(sql)) {
    if (token.end <= from || token.start >= to) continue;
    let at = token.start;
    for (const line of sql.text.slice(token.start, token.end).split(/(?<=\r\n|\n|\r(?!\n))/)) {
      const length = line.replace(/[\r\n]+$/, '').length;
      const start = document.positionAt(at);
      if (length > 0) builder.push(start.line, start.character, length, TYPES.indexOf(type), 0);
      at += line.length;
    }
  }
  return builder.build();
}

/** What each token is, by its text and its neighbours alone. Punctuation is left out. */
export function classifyTokens({ text, tokens }: SqlText): { readonly token: Token; readonly type: TokenType }[] {
  const code = tokens.filter(({ kind }) => kind !== 'lineComment' && kind !== 'blockComment');
  const types = new Map<Token, TokenType>();
  let tablePlace = false;
  for (const [index, token] of code.entries()) {
    const type = classify(text, code, index, tablePlace);
    if (type) types.set(token, type);
    const word = lowerText(text, token);
    if (type === 'keyword')
      tablePlace = TABLE_PLACES.has(word) || (tablePlace && ['if', 'not', 'exists', 'lateral', 'only'].includes(word));
    else if (word === '(') tablePlace = tablePlace && lowerText(text, code[index - 1]) !== 'using';
    else if (word !== '.' && word !== ',') tablePlace = tablePlace && lowerText(text, code[index + 1]) === '.';
  }
  return tokens.flatMap((token) => {
    const type = token.kind === 'lineComment' || token.kind === 'blockComment' ? 'comment' : types.get(token);
    return type ? [{ token, type }] : [];
  });
}

function classify(text: string, code: readonly Token[], index: number, tablePlace: boolean): TokenType | undefined {
  const token = code[index] as Token;
  switch (token.kind) {
    case 'string':
    case 'number':
    case 'parameter':
    case 'operator':
      return token.kind;
    case 'word':
    case 'quotedName':
      return classifyName(text, code, index, tablePlace);
    default:
      return undefined;
  }
}

function classifyName(text: string, code: readonly Token[], index: number, tablePlace: boolean): TokenType {
  const token = code[index] as Token;
  const word = lowerText(text, token);
  const before = lowerText(text, code[index - 1]);
  const next = lowerText(text, code[index + 1]);
  const plain = token.kind === 'word';
  if (before === '.') {
    if (next === '(') return 'function';
    return tablePlace ? 'class' : 'property';
  }
  if (plain && isFirmKeyword(word)) return isTypeName(word) && (before === '::' || before === 'as') ? 'type' : 'keyword';
  if (plain && before === '::') return 'type';
  if (tablePlace && next !== '(') return plain && ['if', 'or', 'replace'].includes(word) ? 'keyword' : 'class';
  if (next === '.') return 'class';
  if (plain && isSoftKeyword(word) && !isNamePlace(before, next, word)) return 'keyword';
  if (plain && isTypeName(word) && (next === '(' || isTypePlace(code[index - 1], before))) return 'type';
  if (next === '(')
    return ['into', 'table'].includes(before) || tablePlace ? (before === 'into' || before === 'table' ? 'class' : 'function') : 'function';
  return 'property';
}

/** True where a word that may be a keyword is a name: between the items of a list. */
function isNamePlace(before: string, next: string, word: string): boolean {
  if (next === '(' && ['replace', 'last', 'first', 'if', 'range', 'sample'].includes(word)) return false;
  const opens = ['', ',', '(', 'select', 'by', 'where', 'and', 'or', 'on', '=', '<', '>', '+', '-', '*', '/', '||', 'set'].includes(before);
  const closes = [
    '',
    ',',
    ')',
    'from',
    'as',
    '=',
    '<',
    '>',
    '<=',
    '>=',
    '<>',
    '+',
    '-',
    '*',
    '/',
    '||',
    'asc',
    'desc',
    'and',
    'or',
    'is',
    'in',
    'like',
  ].includes(next);
  return before !== '' && opens && closes;
}

/** After a name, as in a column's definition, or after AS in a cast. */
function isTypePlace(before: Token | undefined, word: string): boolean {
  return word === 'as' || before?.kind === 'quotedName' || (before?.kind === 'word' && !isFirmKeyword(word) && !isSoftKeyword(word));
}
