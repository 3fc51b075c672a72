import type { Token } from './lexer.ts';
import type { Block, ClauseKind, Mention, Name, Query, Reference, StatementScope } from './scopeTree.ts';
import { QUERY_STARTS, SET_OPERATIONS, STATEMENT_STARTS, STOPS, set } from './scopeWords.ts';
import { RESERVED, stringValue, TYPE_OR_FUNCTION, unquoteName } from './sqlNames.ts';

/** What must follow a word at the start of a line for it to begin a statement, where the word may be a name as well. */
const SECOND_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  insert: set('into or'),
  delete: set('from'),
  merge: set('into'),
  drop: set('table view schema macro function type index sequence'),
  alter: set('table view schema'),
};

export interface Tok {
  readonly kind: Token['kind'];
  readonly start: number;
  readonly end: number;
  /** Words in lower case, operators and punctuation as they are; empty for all else. */
  readonly word: string;
}

/** What reading a statement's scopes stands on: the tokens, the tree that is being made, names, and the ways to step over what is not understood. */
export abstract class ScopeTokens {
  protected readonly text: string;
  protected readonly tokens: readonly Tok[];
  /** Index of the closing bracket for each opening one. */
  protected readonly closing: ReadonlyMap<number, number>;
  protected readonly start: number;
  protected readonly end: number;
  protected at = 0;
  protected depth = 0;
  /** Brackets around queries that are not closed yet. */
  protected open = 0;
  protected statement: StatementScope;

  constructor(text: string, tokens: readonly Token[], start: number, end: number) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.tokens = toToks(text, tokens);
    this.closing = matchBrackets(this.tokens);
    this.statement = emptyStatement(start, end, '');
  }

  protected peek(ahead = 0): Tok | undefined {
    return this.tokens[this.at + ahead];
  }

  protected word(ahead = 0): string {
    return this.tokens[this.at + ahead]?.word ?? '';
  }

  protected accept(...words: readonly string[]): boolean {
    if (!words.includes(this.word()) || this.word() === '') return false;
    this.at++;
    return true;
  }

  /** Where the next token begins: what lies between belongs to what is being read. */
  protected nextStart(): number {
    return this.peek()?.start ?? this.end;
  }

  protected lastEnd(): number {
    return Math.max(this.tokens[this.at - 1]?.end ?? this.start, this.statement.start);
  }

  protected isName(tok: Tok | undefined): boolean {
    if (tok?.kind === 'quotedName') return true;
    return tok?.kind === 'word' && !RESERVED.has(tok.word) && !TYPE_OR_FUNCTION.has(tok.word);
  }

  protected takeName(): Name {
    const tok = this.peek() as Tok;
    this.at++;
    return this.nameOf(tok);
  }

  protected nameOf(tok: Tok): Name {
    const raw = this.text.slice(tok.start, tok.end);
    return { text: tok.kind === 'string' ? stringValue(raw) : unquoteName(raw), start: tok.start, end: tok.end };
  }

  /** Whether the next token begins another statement although no semicolon was there. */
  protected breaksStatement(): boolean {
    const tok = this.peek();
    const before = this.tokens[this.at - 1];
    if (!tok || !before || tok.kind !== 'word' || !STATEMENT_STARTS.has(tok.word)) return false;
    const gap = this.text.slice(before.end, tok.start);
    const line = gap.lastIndexOf('\n');
    if (line < 0 || before.word === ',' || before.word === '(' || before.kind === 'operator') return false;
    const second = SECOND_WORDS[tok.word];
    if (second) return second.has(this.word(1));
    if (/\n[ \t\r]*\n/.test(gap))
      return !(before.kind === 'word' && (SET_OPERATIONS.has(before.word) || before.word === 'as' || before.word === 'all'));
    return tok.word === 'update' && this.word(2) === 'set';
  }

  protected mention(kind: Mention['kind'], name: Name | undefined, of?: readonly Name[]): void {
    if (name) this.statement.mentions.push(of ? { kind, name, of } : { kind, name });
  }

  /** The schema and the database before a name. */
  protected mentionQualifiers(parts: readonly Name[]): void {
    for (const name of parts.slice(0, -1)) this.mention('schema', name);
  }

  protected query(
    outer: Block | undefined,
    parent?: Query,
    cteLimit = Number.POSITIVE_INFINITY,
    sourceLimit = Number.POSITIVE_INFINITY,
  ): Query {
    const query: Query = {
      start: this.lastEnd(),
      end: this.end,
      parent: parent ?? outer?.query,
      cteLimit,
      outer,
      sourceLimit,
      ctes: [],
      members: [],
      byName: false,
      tail: undefined,
    };
    this.statement.queries.push(query);
    return query;
  }

  protected block(kind: Block['kind'], query: Query, start = this.lastEnd()): Block {
    const block: Block = {
      start,
      end: this.end,
      kind,
      query,
      sources: [],
      items: [],
      clauses: [],
      references: [],
      locals: [],
      windows: [],
      pivot: undefined,
      byName: false,
      width: 0,
      listEnd: undefined,
    };
    this.statement.blocks.push(block);
    return block;
  }

  protected clause(block: Block, kind: ClauseKind, start = this.lastEnd()): void {
    const last = block.clauses.at(-1);
    if (last) last.end = Math.min(last.end, start);
    block.clauses.push({ kind, start, end: this.end });
  }

  protected closeBlock(block: Block): void {
    block.end = this.nextStart();
    const last = block.clauses.at(-1);
    if (last) last.end = Math.min(last.end, block.end);
  }

  /** Reads what stands between brackets, the opening one being read already. */
  protected bracketed<T>(read: () => T): T {
    this.open++;
    const result = read();
    while (this.peek() && this.word() !== ')' && !this.isStop() && !this.breaksStatement()) this.skipOne();
    this.accept(')');
    this.open--;
    return result;
  }

  protected isStop(): boolean {
    return STOPS.has(this.word());
  }

  /** Names with dots between them. A reserved word counts as a name only directly behind its dot. */
  protected nameChain(): { readonly parts: readonly Name[]; readonly star: boolean } {
    const parts = [this.takeName()];
    while (this.word() === '.') {
      const dot = this.peek() as Tok;
      const next = this.peek(1);
      const adjacent = next?.start === dot.end;
      const named =
        next?.kind === 'quotedName' ||
        (next?.kind === 'word' && (adjacent || (this.isName(next) && !this.text.slice(dot.end, next.start).includes('\n'))));
      this.at++;
      if (named) parts.push(this.takeName());
      else if (next?.word === '*') {
        this.at++;
        return { parts, star: true };
      } else break;
    }
    return { parts, star: false };
  }

  protected nameList(each?: (name: Name) => void): Name[] {
    const names: Name[] = [];
    if (!this.accept('(')) return names;
    while (this.peek() && this.word() !== ')' && !this.isStop() && !this.breaksStatement()) {
      if (this.isName(this.peek()) && (this.tokens[this.at - 1]?.word === '(' || this.tokens[this.at - 1]?.word === ',')) {
        const name = this.takeName();
        names.push(name);
        each?.(name);
      } else if (QUERY_STARTS.has(this.word()) && RESERVED.has(this.word())) return names;
      else this.skipOne();
    }
    this.accept(')');
    return names;
  }

  protected refer(
    block: Block,
    kind: Reference['kind'],
    parts: readonly Name[],
    clause: ClauseKind,
    start: number,
    end: number,
  ): Reference {
    const reference = { kind, parts, clause, start, end };
    block.references.push(reference);
    return reference;
  }

  /** Whether the bracket there is around a query, rather than around an expression or a join. */
  protected startsQuery(at: number): boolean {
    let inner = at;
    while (this.tokens[inner]?.word === '(') inner++;
    if (!QUERY_STARTS.has(this.tokens[inner]?.word ?? '')) return false;
    const after = this.tokens[inner + 1];
    const word = this.tokens[inner]?.word ?? '';
    if (!RESERVED.has(word) && word === 'values' && after?.word !== '(') return false;
    if (inner === at + 1) return true;
    const close = this.closing.get(inner - 1);
    const next = close === undefined ? undefined : this.tokens[close + 1];
    return !next || next.word === ')' || SET_OPERATIONS.has(next.word) || next.word === 'order' || next.word === 'limit';
  }

  protected skipOne(): void {
    if (this.closing.has(this.at)) this.skipBrackets();
    else this.at++;
  }

  protected skipBrackets(): void {
    this.at = (this.closing.get(this.at) ?? this.at) + 1;
  }

  /** A type as it is written; undefined when none is there. */
  protected type(): string | undefined {
    const first = this.peek();
    if (!first || !(first.kind === 'quotedName' || (first.kind === 'word' && !RESERVED.has(first.word)))) return undefined;
    this.at++;
    let last = first;
    while (this.word() === '.' && this.peek(1)?.kind !== 'operator') {
      last = this.peek(1) ?? last;
      this.at += 2;
    }
    this.mention('type', this.nameOf(last));
    if (first.word === 'double') this.accept('precision');
    if (first.word === 'character') this.accept('varying');
    if (this.word() === '(') this.skipBrackets();
    if (
      (first.word === 'timestamp' || first.word === 'time') &&
      (this.word() === 'with' || this.word() === 'without') &&
      this.word(1) === 'time'
    )
      this.at += 3;
    while (this.word() === '[' && this.closing.get(this.at) !== undefined) this.skipBrackets();
    this.accept('array');
    return this.text.slice(first.start, this.lastEnd());
  }
}

export function emptyStatement(start: number, end: number, kind: string): StatementScope {
  return { start, end, kind, created: undefined, altered: undefined, mentions: [], use: undefined, queries: [], blocks: [] };
}

/** The lexer reads `a:b` as a parameter `:b`, which DuckDB does not have: it is an alias, a key or a slice. */
function toToks(text: string, tokens: readonly Token[]): Tok[] {
  const toks: Tok[] = [];
  for (const { kind, start, end } of tokens) {
    if (kind === 'parameter' && text.charAt(start) === ':') {
      toks.push({ kind: 'punctuation', start, end: start + 1, word: ':' });
      toks.push({ kind: 'word', start: start + 1, end, word: text.slice(start + 1, end).toLowerCase() });
      continue;
    }
    const named = kind === 'word' || kind === 'operator' || kind === 'punctuation';
    toks.push({ kind, start, end, word: named ? text.slice(start, end).toLowerCase() : '' });
  }
  return toks;
}

function matchBrackets(tokens: readonly Tok[]): Map<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  const partner: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const [at, { word }] of tokens.entries()) {
    if (word === '(' || word === '[' || word === '{') open.push(at);
    else if (word in partner && word.length === 1) {
      const last = open.at(-1);
      if (last !== undefined && tokens[last]?.word === partner[word]) {
        open.pop();
        closing.set(last, at);
      }
    }
  }
  return closing;
}
