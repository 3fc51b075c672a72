import { maskDotCommands } from '../../../engine/sql/dotCommands.ts';
import { isFirmKeyword, isSoftKeyword } from '../../../engine/sql/keywords.ts';
import { type Token, tokensOf } from '../../../engine/sql/lexer.ts';
import type { Paint } from './palette.ts';

/** A piece of a text and how it is painted. Pieces are in order and do not overlap. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly paint: Paint;
}

/** What is longer is data rather than something that is read, and stays plain. */
const MAX_CHARACTERS = 100_000;
/** Behind these stands the name of a table, also before a bracket. */
const NAMES_FOLLOW: ReadonlySet<string> = new Set(['table', 'exists', 'into', 'references', 'on', 'view', 'as', 'with', 'recursive']);
const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The colours of SQL with dot commands in it, and the bracket at the cursor with its partner. */
export function highlightSql(text: string, cursor: number): readonly Span[] {
  if (text.length > MAX_CHARACTERS) return [];
  if (last?.text !== text) last = read(text);
  return bracketSpans(last.sql, last.tokens, cursor).reduce(overlay, last.spans);
}

interface ReadText {
  readonly text: string;
  /** The text with its dot commands blanked. */
  readonly sql: string;
  readonly tokens: readonly Token[];
  readonly spans: readonly Span[];
}

/** Moves of the cursor change only the brackets. */
let last: ReadText | undefined;

function read(text: string): ReadText {
  const sql = maskDotCommands(text);
  const tokens = tokensOf(sql);
  const spans = [...commandSpans(text, sql), ...tokens.flatMap((token, index) => spanOf(sql, token, tokens[index - 1], tokens[index + 1]))];
  return { text, sql, tokens, spans: spans.sort((a, b) => a.start - b.start) };
}

/** Paints over what is there. */
export function overlay(spans: readonly Span[], over: Span): Span[] {
  const kept = spans.flatMap((span) => {
    if (span.end <= over.start || span.start >= over.end) return [span];
    return [
      { ...span, end: over.start },
      { ...span, start: over.end },
    ].filter(({ start, end }) => start < end);
  });
  return [...kept, over].sort((a, b) => a.start - b.start);
}

function spanOf(text: string, { kind, start, end }: Token, before: Token | undefined, after: Token | undefined): Span[] {
  const paint = (name: Paint) => [{ start, end, paint: name }];
  switch (kind) {
    case 'word': {
      const word = text.slice(start, end).toLowerCase();
      const next = text.charAt(after?.start ?? text.length);
      if (text.charAt(before?.start ?? text.length) === '.' || next === '.') return [];
      if (isFirmKeyword(word)) return paint('keyword');
      if (next === '(' && after?.start === end && !NAMES_FOLLOW.has(wordOf(text, before))) return paint('function');
      return isSoftKeyword(word) ? paint('keyword') : [];
    }
    case 'string':
      return paint('string');
    case 'number':
      return paint('number');
    case 'parameter':
      return paint('parameter');
    case 'lineComment':
    case 'blockComment':
      return paint('comment');
    case 'quotedName':
    case 'operator':
    case 'punctuation':
      return [];
  }
}

function wordOf(text: string, token: Token | undefined): string {
  return token ? text.slice(token.start, token.end).toLowerCase() : '';
}

/** The names of dot commands: they are where the text was blanked. */
function commandSpans(text: string, masked: string): Span[] {
  if (text === masked) return [];
  return [...text.matchAll(/^[^\S\n]*(\.[A-Za-z_]+)/gm)].flatMap(({ index, 0: all, 1: name = '' }) => {
    const start = index + all.length - name.length;
    return masked.charAt(start) === ' ' ? [{ start, end: start + name.length, paint: 'command' as const }] : [];
  });
}

function bracketSpans(text: string, tokens: readonly Token[], cursor: number): Span[] {
  const isBracket = ({ kind, start }: Token) => kind === 'punctuation' && '()[]{}'.includes(text.charAt(start));
  const at = tokens.findIndex((token) => isBracket(token) && (token.start === cursor || token.end === cursor));
  // The bracket that was typed last counts before the one under the cursor.
  const found = tokens[at];
  if (!found) return [];
  const partner = partnerOf(text, tokens, at, isBracket);
  if (!partner) return [{ start: found.start, end: found.end, paint: 'unmatched' }];
  return [found, partner].map(({ start, end }) => ({ start, end, paint: 'bracket' as const }));
}

function partnerOf(text: string, tokens: readonly Token[], at: number, isBracket: (token: Token) => boolean): Token | undefined {
  const char = (token: Token) => text.charAt(token.start);
  const forward = char(tokens[at] as Token) in PAIRS;
  const open: string[] = [];
  for (let index = at; index >= 0 && index < tokens.length; index += forward ? 1 : -1) {
    const token = tokens[index] as Token;
    if (!isBracket(token)) continue;
    const opens = char(token) in PAIRS;
    if (opens === forward) {
      open.push(char(token));
      continue;
    }
    const other = open.pop() ?? '';
    if ((forward ? PAIRS[other] : PAIRS[char(token)]) !== (forward ? char(token) : other)) return undefined;
    if (open.length === 0) return token;
  }
  return undefined;
}
