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
const WORD_START = /[\p{L}_\u0080-\uffff]/u;
const WORD_PART = /[\p{L}\p{N}_$\u0080-\uffff]/u;
const NUMBER = /(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)/y;
const PARAMETER = /(?:\$(?:\d+|[\p{L}_][\p{L}\p{N}_]*)|\?\d*|:[\p{L}_][\p{L}\p{N}_]*)/uy;
const DOLLAR_TAG = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;
const OPERATOR = /(?:->>|->|::|:=|=>|<=>|[-+*/<>=~!@#%^&|`]+)/y;

/**
 * Cuts DuckDB SQL into tokens. Never fails: what cannot be read becomes punctuation, what is not closed ends at the text's end.
 * Rules as in DuckDB 1.5: block comments nest, backslash escapes only in `E'…'`, dollar quotes may carry a tag.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at++;
      continue;
    }
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(text: string, start: number): Token {
  const char = text.charAt(start);
  const next = text.charAt(start + 1);
  if (char === '-' && next === '-') return { kind: 'lineComment', start, end: lineEnd(text, start), unterminated: false };
  if (char === '/' && next === '*') return blockComment(text, start);
  if (char === "'") return quoted('string', text, start, start, "'", false);
  if (char === '"') return quoted('quotedName', text, start, start, '"', false);
  if (/[eExXbBnN]/.test(char) && next === "'") return quoted('string', text, start, start + 1, "'", /[eE]/.test(char));
  if (/[uU]/.test(char) && next === '&' && /['"]/.test(text.charAt(start + 2))) {
    const quote = text.charAt(start + 2);
    return quoted(quote === "'" ? 'string' : 'quotedName', text, start, start + 2, quote, false);
  }
  if (char === '$') {
    const tag = matchAt(DOLLAR_TAG, text, start);
    if (tag) return dollarQuoted(text, start, tag);
  }
  if (/\d/.test(char) || (char === '.' && /\d/.test(next))) {
    const number = matchAt(NUMBER, text, start);
    if (number) return plain('number', start, start + number.length);
  }
  if (char === '$' || char === '?' || (char === ':' && next !== ':' && next !== '=')) {
    const parameter = matchAt(PARAMETER, text, start);
    if (parameter) return plain('parameter', start, start + parameter.length);
  }
  if (WORD_START.test(charAt(text, start))) return plain('word', start, wordEnd(text, start));
  const operator = matchAt(OPERATOR, text, start);
  if (operator) return plain('operator', start, start + operatorLength(operator));
  return plain('punctuation', start, start + charAt(text, start).length);
}

function plain(kind: TokenKind, start: number, end: number): Token {
  return { kind, start, end, unterminated: false };
}

/** The whole code point at an offset, so that a surrogate pair is never cut. */
function charAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const char = charAt(text, at);
    if (!WORD_PART.test(char) || SPACE.test(char)) break;
    at += char.length;
  }
  return at;
}

function lineEnd(text: string, start: number): number {
  const at = text.slice(start).search(/[\r\n]/);
  return at < 0 ? text.length : start + at;
}

/** A comment may start inside an operator's run of characters: `1+--x`. */
function operatorLength(operator: string): number {
  const comment = operator.slice(1).search(/--|\/\*/);
  return comment < 0 ? operator.length : comment + 1;
}

function blockComment(text: string, start: number): Token {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    if (text.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (text.startsWith('*/', at)) {
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
  let at = open + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (backslash && char === '\\') {
      at += 2;
    } else if (char !== quote) {
      at++;
    } else if (text.charAt(at + 1) === quote) {
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
