import { readOnce } from './readOnce.ts';

export type TokenKind =
  | 'word'
  | 'quotedName'
  | 'string'
  | 'number'
  | 'parameter'
  | 'operator'
  | 'punctuation'
  | 'lineComment'
  | 'blockComment';

/** A piece of SQL text. Offsets are UTF-16 code units; white space lies between tokens. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** True for a string, quoted name or block comment that the text ends before it does. */
  readonly unterminated: boolean;
}

const SPACE = /[\s\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]/;
const LETTER = /\p{L}/u;
const LETTER_OR_NUMBER = /[\p{L}\p{N}]/u;
const NUMBER = /(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)/y;
const PARAMETER = /(?:\$(?:\d+|[\p{L}_][\p{L}\p{N}_]*)|\?\d*|:[\p{L}_][\p{L}\p{N}_]*)/uy;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
/** Operators that end where they do, whatever follows. */
const FIXED_OPERATORS = ['->>', '->', '=>', '<=>'];

/** What an ASCII character may be, as bits: this runs over every character at every keystroke. */
const IS_SPACE = 1;
const STARTS_WORD = 2;
const CONTINUES_WORD = 4;
const IS_DIGIT = 8;
const IS_OPERATOR = 16;
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  return (
    (SPACE.test(char) ? IS_SPACE : 0) |
    (/[A-Za-z_]/.test(char) ? STARTS_WORD : 0) |
    (/[A-Za-z0-9_$]/.test(char) ? CONTINUES_WORD : 0) |
    (/\d/.test(char) ? IS_DIGIT : 0) |
    (/[-+*/<>=~!@#%^&|`]/.test(char) ? IS_OPERATOR : 0)
  );
});

const NEWLINE = 10;
const RETURN = 13;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const AMPERSAND = 38;
const QUOTE = 39;
const STAR = 42;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const QUESTION = 63;
const BACKSLASH = 92;
/** Bit that parts lower case from upper case in ASCII. */
const LOWER = 32;

/**
 * Cuts DuckDB SQL into tokens. Never fails: what cannot be read becomes punctuation, what is not closed ends at the text's end.
 * Rules as in DuckDB 1.5: block comments nest, backslash escapes only in `E'…'`, dollar quotes may carry a tag.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.end)) tokens.push(token);
  return tokens;
}

/** The tokens of a text, which are remembered for the long texts that were read last. */
export const tokensOf: (text: string) => readonly Token[] = readOnce(tokenize);

/** The first token that begins at an offset or after it, where no token may be open; `undefined` at the end. */
export function nextToken(text: string, from: number): Token | undefined {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isSpace = code < 128 ? ((CLASSES[code] as number) & IS_SPACE) !== 0 : SPACE.test(text.charAt(at));
    if (!isSpace) return readToken(text, at, code);
  }
  return undefined;
}

function readToken(text: string, start: number, code: number): Token {
  const next = text.charCodeAt(start + 1);
  const bits = code < 128 ? (CLASSES[code] as number) : 0;
  if (bits & STARTS_WORD) {
    if (next === QUOTE && isStringPrefix(code)) return quoted('string', text, start, start + 1, "'", (code | LOWER) === 101);
    if (next === AMPERSAND && (code | LOWER) === 117) {
      const quote = text.charCodeAt(start + 2);
      if (quote === QUOTE) return quoted('string', text, start, start + 2, "'", false);
      if (quote === DOUBLE_QUOTE) return quoted('quotedName', text, start, start + 2, '"', false);
    }
    return plain('word', start, wordEnd(text, start + 1));
  }
  if (code === QUOTE) return quoted('string', text, start, start, "'", false);
  if (code === DOUBLE_QUOTE) return quoted('quotedName', text, start, start, '"', false);
  if (bits & IS_DIGIT || (code === DOT && ((CLASSES[next] ?? 0) & IS_DIGIT) !== 0)) {
    return plain('number', start, matchEnd(NUMBER, text, start) ?? start + 1);
  }
  if (bits & IS_OPERATOR) {
    if (code === MINUS && next === MINUS) return plain('lineComment', start, lineEnd(text, start));
    if (code === SLASH && next === STAR) return blockComment(text, start);
    return plain('operator', start, operatorEnd(text, start));
  }
  if (code === DOLLAR) {
    const tagEnd = matchEnd(DOLLAR_TAG, text, start);
    if (tagEnd !== undefined) return dollarQuoted(text, start, text.slice(start, tagEnd));
  }
  if (code === COLON && (next === COLON || next === EQUALS)) return plain('operator', start, start + 2);
  if (code === DOLLAR || code === QUESTION || code === COLON) {
    const end = matchEnd(PARAMETER, text, start);
    if (end !== undefined) return plain('parameter', start, end);
  }
  if (code < 128) return plain('punctuation', start, start + 1);
  const point = text.codePointAt(start) as number;
  if (point < 0x1_00_00) return plain('word', start, wordEnd(text, start + 1));
  if (LETTER.test(String.fromCodePoint(point))) return plain('word', start, wordEnd(text, start + 2));
  return plain('punctuation', start, start + 2);
}

/** `E'…'`, `X'…'`, `B'…'`, `N'…'` */
function isStringPrefix(code: number): boolean {
  const lower = code | LOWER;
  return lower === 101 || lower === 120 || lower === 98 || lower === 110;
}

function plain(kind: TokenKind, start: number, end: number): Token {
  return { kind, start, end, unterminated: false };
}

/** Where a sticky pattern's match at an offset ends. */
function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      if (!((CLASSES[code] as number) & CONTINUES_WORD)) break;
      at++;
      continue;
    }
    if (SPACE.test(text.charAt(at))) break;
    const point = text.codePointAt(at) as number;
    // The whole code point, so that a surrogate pair is never cut.
    if (point < 0x1_00_00) at++;
    else if (LETTER_OR_NUMBER.test(String.fromCodePoint(point))) at += 2;
    else break;
  }
  return at;
}

function lineEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE || code === RETURN) break;
    at++;
  }
  return at;
}

/** A comment may start inside an operator's run of characters: `1+--x`. */
function operatorEnd(text: string, start: number): number {
  const fixed = FIXED_OPERATORS.find((operator) => text.startsWith(operator, start));
  if (fixed !== undefined) return start + fixed.length;
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128 || !((CLASSES[code] as number) & IS_OPERATOR)) break;
    const next = text.charCodeAt(at + 1);
    if ((code === MINUS && next === MINUS) || (code === SLASH && next === STAR)) break;
  }
  return at;
}

function blockComment(text: string, start: number): Token {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code === SLASH && next === STAR) {
      depth++;
      at += 2;
    } else if (code === STAR && next === SLASH) {
      depth--;
      at += 2;
      if (depth === 0) return plain('blockComment', start, at);
    } else {
      at++;
    }
  }
  return { kind: 'blockComment', start, end: text.length, unterminated: true };
}

function quoted(kind: TokenKind, text: string, start: number, open: number, quote: string, backslash: boolean): Token {
  const code = quote.charCodeAt(0);
  let at = open + 1;
  while (at < text.length) {
    if (!backslash) {
      const found = text.indexOf(quote, at);
      if (found < 0) break;
      at = found;
    }
    const char = text.charCodeAt(at);
    if (backslash && char === BACKSLASH) {
      at += 2;
    } else if (char !== code) {
      at++;
    } else if (text.charCodeAt(at + 1) === code) {
      at += 2;
    } else {
      return plain(kind, start, at + 1);
    }
  }
  return { kind, start, end: text.length, unterminated: true };
}

function dollarQuoted(text: string, start: number, tag: string): Token {
  const close = text.indexOf(tag, start + tag.length);
  if (close < 0) return { kind: 'string', start, end: text.length, unterminated: true };
  return plain('string', start, close + tag.length);
}
