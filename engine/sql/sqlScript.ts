import { type Token, tokenize } from './lexer.ts';
import { parseScopes } from './scopeParser.ts';
import type { StatementScope } from './scopeTree.ts';

/** What lies between two semicolons. Its statements are parsed when they are first asked for. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly Token[];
  statements: readonly StatementScope[] | undefined;
}

/** Repairs of quotes that are not closed; each lexes the rest of the text again. */
const MAX_REPAIRS = 20;

/**
 * A script with the scope trees of its statements. It may be several texts in order, such as the cells of a notebook: offsets count
 * through all of them, and a statement never reaches from one into the next. Never fails.
 */
export class SqlScript {
  readonly text: string;
  /** Every token, comments too. */
  readonly tokens: readonly Token[];
  readonly #segments: readonly Segment[];

  constructor(parts: readonly string[]) {
    this.text = parts.join('\n');
    const tokens: Token[] = [];
    const segments: Segment[] = [];
    let base = 0;
    for (const part of parts) {
      const shifted = tokenizeRepaired(maskDotCommands(part)).map((token) => ({
        ...token,
        start: token.start + base,
        end: token.end + base,
      }));
      cut(this.text, shifted, base, base + part.length, segments);
      for (const token of shifted) tokens.push(token);
      base += part.length + 1;
    }
    this.tokens = tokens;
    this.#segments = segments;
  }

  /** All statements, in order. */
  statements(): StatementScope[] {
    return this.#segments.flatMap((segment) => this.#parse(segment));
  }

  /** The statement around an offset; the offset behind a semicolon belongs to the next one. */
  statementAt(offset: number): StatementScope | undefined {
    const segment = this.#segments.find(({ start, end }) => start <= offset && offset <= end);
    const statements = segment ? this.#parse(segment) : [];
    return statements.find(({ start, end }) => start <= offset && offset <= end) ?? statements.at(-1);
  }

  /** Statements that make, drop or choose something that others name. */
  defining(): StatementScope[] {
    return this.#segments
      .filter(({ tokens }) =>
        tokens.some((token) => token.kind === 'word' && /^(?:create|use|alter|prepare)$/i.test(this.text.slice(token.start, token.end))),
      )
      .flatMap((segment) => this.#parse(segment));
  }

  /** Index of the last token that begins before the offset; −1 when there is none. */
  tokenBefore(offset: number): number {
    let low = 0;
    let high = this.tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #parse(segment: Segment): readonly StatementScope[] {
    segment.statements ??= parseScopes(this.text, segment.tokens, segment.start, segment.end);
    return segment.statements;
  }
}

function cut(text: string, tokens: readonly Token[], start: number, end: number, segments: Segment[]): void {
  let from = start;
  let piece: Token[] = [];
  for (const token of tokens) {
    if (token.kind === 'lineComment' || token.kind === 'blockComment') continue;
    if (token.kind === 'punctuation' && text.charAt(token.start) === ';') {
      segments.push({ start: from, end: token.start, tokens: piece, statements: undefined });
      from = token.end;
      piece = [];
    } else piece.push(token);
  }
  segments.push({ start: from, end, tokens: piece, statements: undefined });
}

/** A quote that is never closed would swallow all that follows: the first string that spans lines is ended at its line's end instead. */
function tokenizeRepaired(text: string): Token[] {
  const done: Token[] = [];
  let base = 0;
  let tokens = tokenize(text);
  for (let repair = 0; repair < MAX_REPAIRS; repair++) {
    const open = tokens.at(-1);
    if (!open?.unterminated || open.kind === 'blockComment' || text.charAt(base + open.start) === '$') break;
    const rest = text.slice(base);
    const at = tokens.findIndex(({ kind, start, end }) => kind === open.kind && rest.slice(start, end).includes('\n'));
    const token = tokens[at];
    if (!token) break;
    const line = rest.indexOf('\n', token.start);
    for (const before of tokens.slice(0, at)) done.push({ ...before, start: before.start + base, end: before.end + base });
    done.push({ kind: token.kind, start: token.start + base, end: line + base, unterminated: true });
    base += line;
    tokens = tokenize(text.slice(base));
  }
  for (const token of tokens) done.push({ ...token, start: token.start + base, end: token.end + base });
  return done;
}

/** Lines such as `.mode csv` at the start of a statement become spaces. */
function maskDotCommands(text: string): string {
  if (!/^[ \t]*\.[a-z]/im.test(text)) return text;
  let between = true;
  return text
    .split('\n')
    .map((line) => {
      if (between && /^[ \t]*\.[a-z]/i.test(line)) return ' '.repeat(line.length);
      const code = line.replace(/--.*$/, '').trim();
      if (code !== '') between = code.endsWith(';');
      return line;
    })
    .join('\n');
}
