import { maskDotCommands } from './dotCommands.ts';
import { type Token, tokenize, tokensOf } from './lexer.ts';
import { parseScopes } from './scopeParser.ts';
import type { StatementScope } from './scopeTree.ts';

/** What lies between two semicolons. Its statements are parsed when they are first asked for. */
interface Segment {
  readonly start: number;
  readonly end: number;
  /** Indices of its tokens, comments among them. */
  readonly from: number;
  readonly to: number;
  /** True when it has a word that may make, drop or choose something that others name. */
  readonly defines: boolean;
  statements: readonly StatementScope[] | undefined;
}

/** Repairs of quotes that are not closed; each lexes the rest of the text again. */
const MAX_REPAIRS = 20;

const DEFINING = new Set(['create', 'drop', 'use', 'alter', 'prepare', 'attach', 'variable']);

/**
 * A script with the scope trees of its statements. It may be several texts in order, such as the cells of a notebook: offsets count
 * through all of them, and a statement never reaches from one into the next. Never fails.
 */
export class SqlScript {
  readonly text: string;
  /** Every token, comments too. */
  readonly tokens: readonly Token[];
  readonly #segments: readonly Segment[];
  readonly #defining: readonly Segment[];
  #parsedCount = 0;

  /** `previous` is what the script was before an edit: trees of statements that stand where they stood are taken from it. */
  constructor(parts: readonly string[], previous?: SqlScript) {
    this.text = parts.length === 1 ? (parts[0] as string) : parts.join('\n');
    const segments: Segment[] = [];
    const tokens: Token[] = [];
    let base = 0;
    for (const part of parts) {
      const own = tokenizeRepaired(maskDotCommands(part));
      const from = tokens.length;
      for (const token of own) tokens.push(base === 0 ? token : { ...token, start: token.start + base, end: token.end + base });
      cut(this.text, tokens, from, base, base + part.length, segments);
      base += part.length + 1;
    }
    this.tokens = tokens;
    this.#segments = segments;
    this.#defining = segments.filter(({ defines }) => defines);
    if (previous) this.#takeTrees(previous);
  }

  /** Statements whose trees this script has made itself. */
  get parsedCount(): number {
    return this.#parsedCount;
  }

  /** All statements, in order. */
  statements(): StatementScope[] {
    return this.#segments.flatMap((segment) => this.#parse(segment));
  }

  /** The statements that have a name somewhere, in order, however it is written; perhaps some others. */
  statementsNaming(name: string): StatementScope[] {
    const doubled = [name, name.replaceAll('"', '""')];
    // A sequence is named inside of a string.
    const forms = new Set(doubled.flatMap((text) => [text, text.replaceAll("'", "''")]));
    const escaped = [...forms].map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    const written = escaped.map((text) => (/^[\p{L}_]/u.test(text) ? `(?<![\\p{L}_$])${text}` : text));
    const found = new Set<Segment>();
    for (const { index } of this.text.matchAll(new RegExp(written.map((text) => `${text}(?![\\p{L}\\p{N}_$])`).join('|'), 'giu'))) {
      const segment = this.#segmentAt(index);
      if (segment) found.add(segment);
    }
    return [...found].flatMap((segment) => this.#parse(segment));
  }

  /** The statements that reach into a range, in order; others are not parsed for it. */
  statementsWithin(start: number, end: number): StatementScope[] {
    const found: StatementScope[] = [];
    for (let at = firstIndex(this.#segments, (segment) => segment.end >= start); at < this.#segments.length; at++) {
      const segment = this.#segments[at] as Segment;
      if (segment.start > end) break;
      for (const statement of this.#parse(segment)) if (statement.start <= end && start <= statement.end) found.push(statement);
    }
    return found;
  }

  /** The statement around an offset; the offset behind a semicolon belongs to the next one. */
  statementAt(offset: number): StatementScope | undefined {
    const segment = this.#segmentAt(offset);
    const statements = segment ? this.#parse(segment) : [];
    return statements.find(({ start, end }) => start <= offset && offset <= end) ?? statements.at(-1);
  }

  /** Statements that make, drop or choose something that others name; those that begin before an offset, if one is given. */
  defining(before = Number.POSITIVE_INFINITY): StatementScope[] {
    const found: StatementScope[] = [];
    for (const segment of this.#defining) {
      if (segment.start >= before) break;
      for (const statement of this.#parse(segment)) if (statement.start < before) found.push(statement);
    }
    return found;
  }

  /** Statements that change tables. */
  altering(): StatementScope[] {
    return this.#defining.filter((segment) => this.#has(segment, 'alter')).flatMap((segment) => this.#parse(segment));
  }

  /** Index of the last token that begins before the offset; −1 when there is none. */
  tokenBefore(offset: number): number {
    return firstIndex(this.tokens, ({ start }) => start >= offset) - 1;
  }

  #segmentAt(offset: number): Segment | undefined {
    const segment = this.#segments[firstIndex(this.#segments, ({ end }) => end >= offset)];
    return segment && segment.start <= offset ? segment : undefined;
  }

  #has({ from, to }: Segment, word: string): boolean {
    for (let at = from; at < to; at++) {
      const { kind, start, end } = this.tokens[at] as Token;
      if (kind === 'word' && end - start === word.length && this.text.slice(start, end).toLowerCase() === word) return true;
    }
    return false;
  }

  #parse(segment: Segment): readonly StatementScope[] {
    if (!segment.statements) {
      const code = this.tokens.slice(segment.from, segment.to).filter(({ kind }) => kind !== 'lineComment' && kind !== 'blockComment');
      segment.statements = parseScopes(this.text, code, segment.start, segment.end);
      this.#parsedCount += segment.statements.length;
    }
    return segment.statements;
  }

  #takeTrees(previous: SqlScript): void {
    const known = new Map(previous.#segments.flatMap((segment) => (segment.statements ? [[segment.start, segment]] : [])));
    for (const segment of this.#segments) {
      const other = known.get(segment.start);
      if (other && other.end === segment.end && this.#isSame(segment, previous, other)) segment.statements = other.statements;
    }
  }

  #isSame({ start, end, from, to }: Segment, previous: SqlScript, other: Segment): boolean {
    if (to - from !== other.to - other.from) return false;
    if (this.text.slice(start, end) !== previous.text.slice(start, end)) return false;
    for (let at = from, there = other.from; at < to; at++, there++) {
      const [token, old] = [this.tokens[at] as Token, previous.tokens[there] as Token];
      if (token.start !== old.start || token.end !== old.end || token.kind !== old.kind) return false;
    }
    return true;
  }
}

/** Index of the first of sorted things for which a condition holds; their number when there is none. */
function firstIndex<Thing>(things: readonly Thing[], holds: (thing: Thing) => boolean): number {
  let low = 0;
  let high = things.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(things[middle] as Thing)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function cut(text: string, tokens: readonly Token[], first: number, start: number, end: number, segments: Segment[]): void {
  let begin = start;
  let from = first;
  let defines = false;
  for (let at = first; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    if (token.kind === 'punctuation' && text.charCodeAt(token.start) === SEMICOLON) {
      segments.push({ start: begin, end: token.start, from, to: at, defines, statements: undefined });
      begin = token.end;
      from = at + 1;
      defines = false;
    } else if (!defines && token.kind === 'word' && token.end - token.start <= LONGEST) {
      defines = DEFINING.has(text.slice(token.start, token.end).toLowerCase());
    }
  }
  segments.push({ start: begin, end, from, to: tokens.length, defines, statements: undefined });
}

const SEMICOLON = 59;
const LONGEST = Math.max(...[...DEFINING].map(({ length }) => length));

/** A quote that is never closed would swallow all that follows: the first string that spans lines is ended at its line's end instead. */
function tokenizeRepaired(text: string): readonly Token[] {
  let tokens = tokensOf(text);
  if (!tokens.at(-1)?.unterminated) return tokens;
  const done: Token[] = [];
  let base = 0;
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
