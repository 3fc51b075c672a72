import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isFirmKeyword, isSoftKeyword, isTypeName } from '../../engine/sql/keywords.ts';
import type { Token } from '../../engine/sql/lexer.ts';
import { type NameRole, nameRoles, type PlacedRole } from './nameRoles.ts';
import { lowerText, MAX_SCOPED_CHARACTERS, type SqlText, scriptOf, sqlTextOf } from './sqlText.ts';

type TokenType = NameRole | 'keyword' | 'string' | 'number' | 'comment' | 'operator';

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
  'namespace',
  'struct',
  'variable',
];

/** Where a name is made. */
const DECLARATION = 1;

/** Tables are told as `class`, common table expressions as `struct`, aliases of tables as `variable`, columns as `property`. */
export const SEMANTIC_TOKENS_LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: ['declaration'] };

/** Tokens that are coloured in one answer: a text of more is data. */
const MAX_TOKENS = 100_000;

/** Words after which a table is named. */
const TABLE_PLACES = new Set(['from', 'join', 'into', 'update', 'table', 'view', 'using', 'describe', 'summarize']);
/** Colours of a document, or of the part between two offsets. A token over several lines is told line by line. */
export function semanticTokens(document: TextDocument, from = 0, to = Number.POSITIVE_INFINITY): SemanticTokens {
  const sql = sqlTextOf(document);
  const roles = rolesOf(document, sql, from, to);
  const builder = new SemanticTokensBuilder();
  for (const { token, type, declares } of classifyTokens(sql, roles, from, to)) {
    const start = document.positionAt(token.start);
    const index = TYPES.indexOf(type);
    const modifiers = declares ? DECLARATION : 0;
    const mayBreak = token.kind === 'string' || token.kind === 'quotedName' || token.kind === 'blockComment';
    if (!mayBreak) {
      builder.push(start.line, start.character, token.end - token.start, index, modifiers);
      continue;
    }
    let { line, character } = start;
    for (const piece of sql.text.slice(token.start, token.end).split(/\r\n|\n|\r/)) {
      if (piece.length > 0) builder.push(line, character, piece.length, index, modifiers);
      line++;
      character = 0;
    }
  }
  return builder.build();
}

/** Roles of the names in the statements between two offsets. */
function rolesOf(document: TextDocument, { text }: SqlText, from: number, to: number): ReadonlyMap<number, PlacedRole> {
  if (text.length > MAX_SCOPED_CHARACTERS) return new Map();
  const script = scriptOf(document);
  return nameRoles(script, script.statementsWithin(from, to));
}

export interface ClassifiedToken {
  readonly token: Token;
  readonly type: TokenType;
  readonly declares: boolean;
}

/** What each token between two offsets is: a name by its role, all else by its text and its neighbours. Punctuation is left out. */
export function classifyTokens(
  sql: SqlText,
  roles: ReadonlyMap<number, PlacedRole> = new Map(),
  from = 0,
  to = Number.POSITIVE_INFINITY,
): ClassifiedToken[] {
  const { text } = sql;
  const tokens = tokensAround(sql, from, to);
  const found: ClassifiedToken[] = [];
  const code = tokens.filter(({ kind }) => kind !== 'lineComment' && kind !== 'blockComment');
  const isAsked = ({ start, end }: Token) => end > from && start < to;
  let index = -1;
  let tablePlace = false;
  for (const token of tokens) {
    if (token.start >= to || found.length >= MAX_TOKENS) break;
    if (token.kind === 'lineComment' || token.kind === 'blockComment') {
      if (isAsked(token)) found.push({ token, type: 'comment', declares: false });
      continue;
    }
    index++;
    const type = classify(text, code, index, tablePlace);
    const placed = token.kind === 'word' || token.kind === 'quotedName' ? roles.get(token.start) : undefined;
    if (isAsked(token)) {
      if (placed) found.push({ token, type: placed.role, declares: placed.declares });
      else if (type) found.push({ token, type, declares: false });
    }
    const word = lowerText(text, token);
    if (type === 'keyword')
      tablePlace = TABLE_PLACES.has(word) || (tablePlace && ['if', 'not', 'exists', 'lateral', 'only'].includes(word));
    else if (word === '(') tablePlace = tablePlace && lowerText(text, code[index - 1]) !== 'using';
    else if (word !== '.' && word !== ',') tablePlace = tablePlace && lowerText(text, code[index + 1]) === '.';
  }
  return found;
}

/** The tokens of the statements that two offsets touch, with a whole one before them and after them, whose words may matter. */
function tokensAround({ tokens, statements }: SqlText, from: number, to: number): readonly Token[] {
  const first = statements.findIndex(({ end }) => end >= from);
  const last = to === Number.POSITIVE_INFINITY ? -1 : statements.findIndex(({ start }) => start >= to);
  const begin = first > 1 ? (statements[first - 2]?.end ?? 0) : 0;
  const stop = last < 0 ? Number.POSITIVE_INFINITY : (statements[last]?.end ?? 0);
  return begin === 0 && last < 0 ? tokens : tokens.filter(({ start }) => start >= begin && start < stop);
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

const BEFORE_NAME = new Set([',', '(', ...'select by where and or on = < > + - * / || set'.split(' ')]);
const AFTER_NAME = new Set(['', ',', ')', ...'from as = < > <= >= <> + - * / || asc desc and or is in like'.split(' ')]);

/** True where a word that may be a keyword is a name: between the items of a list. */
function isNamePlace(before: string, next: string, word: string): boolean {
  if (next === '(' && ['replace', 'last', 'first', 'if', 'range', 'sample'].includes(word)) return false;
  return before !== '' && BEFORE_NAME.has(before) && AFTER_NAME.has(next);
}

/** After a name, as in a column's definition, or after AS in a cast. */
function isTypePlace(before: Token | undefined, word: string): boolean {
  return word === 'as' || before?.kind === 'quotedName' || (before?.kind === 'word' && !isFirmKeyword(word) && !isSoftKeyword(word));
}
