import type { Token } from './lexer.ts';
import type {
  Block,
  ClauseKind,
  Created,
  CreatedColumn,
  CreatedForeignKey,
  Cte,
  Join,
  MacroForm,
  MacroParameter,
  Mention,
  Name,
  Pivot,
  Query,
  Reference,
  SelectItem,
  Source,
  Star,
  StatementScope,
} from './scopeTree.ts';
import { RESERVED, sameName, stringValue, TYPE_OR_FUNCTION, unquoteName } from './sqlNames.ts';

const set = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const QUERY_STARTS = set('select with from values pivot unpivot pivot_wider pivot_longer table describe summarize show');
const STATEMENT_STARTS = set(
  'select with from values pivot unpivot insert update delete merge create drop alter copy attach detach use set reset pragma call explain describe summarize show truncate begin commit rollback export import install load vacuum checkpoint analyze prepare execute comment',
);
/** What must follow a word at the start of a line for it to begin a statement, where the word may be a name as well. */
const SECOND_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  insert: set('into or'),
  delete: set('from'),
  merge: set('into'),
  drop: set('table view schema macro function type index sequence'),
  alter: set('table view schema'),
};
/** Words that end an expression or a list wherever they stand. */
const STOPS = set('select with create from where group having window qualify order limit offset union intersect except returning');
const SET_OPERATIONS = set('union intersect except');
const JOIN_WORDS = set('join inner left right full cross natural asof positional semi anti outer');
/** Keywords between two operands. */
const INFIX = set('and or in like ilike similar between not glob collate escape overlaps');
/** Keywords before an operand. */
const PREFIX = set('not distinct all any some exists and or in like ilike is between asc desc both leading trailing variadic array unique');
/** Words between the parts of CASE. */
const CASE_WORDS = set('when then else');
const SEQUENCE_CALLS = set('nextval currval');
const FROM_CALLS = set('extract trim substring overlay position');
const INTERVAL_UNIT = /^(?:year|month|day|hour|minute|second|week|quarter|decade|century|millenni|millisecond|microsecond)/;
/** Brackets inside of one another that are descended into; deeper ones are stepped over. */
const MAX_DEPTH = 150;

const CREATED_KINDS: Readonly<Record<string, Created['kind']>> = {
  table: 'table',
  view: 'view',
  schema: 'schema',
  macro: 'macro',
  function: 'macro',
  type: 'type',
  sequence: 'sequence',
  index: 'index',
};

interface Tok {
  readonly kind: Token['kind'];
  readonly start: number;
  readonly end: number;
  /** Words in lower case, operators and punctuation as they are; empty for all else. */
  readonly word: string;
}

interface Expression {
  readonly start: number;
  readonly end: number;
  readonly reference: Reference | undefined;
  readonly castType: string | undefined;
  readonly call: SelectItem['call'];
  readonly literal: SelectItem['literal'];
  /** False when nothing was there, or when it ends with an operator. */
  readonly complete: boolean;
}

interface Surroundings {
  /** Inside of a call's or window's brackets, where ORDER BY is no clause. */
  readonly inCall?: boolean;
  /** `extract(year FROM x)` */
  readonly fromInside?: boolean;
  /** The argument before this one, or what a method is called on: the list that a lambda runs over. */
  readonly before?: Pick<Expression, 'reference' | 'start' | 'end'> | undefined;
}

/**
 * Reads the statements of one piece of a script, whose tokens are given without comments and semicolons. It descends clause by
 * clause and skips what it does not understand, so that half-written statements have a tree, too; it never fails. Two statements
 * without a semicolon between them are parted where the second cannot belong to the first.
 */
export function parseScopes(text: string, tokens: readonly Token[], start: number, end: number): StatementScope[] {
  return new ScopeParser(text, tokens, start, end).statements();
}

class ScopeParser {
  readonly #text: string;
  readonly #tokens: readonly Tok[];
  /** Index of the closing bracket for each opening one. */
  readonly #closing: ReadonlyMap<number, number>;
  readonly #start: number;
  readonly #end: number;
  #at = 0;
  #depth = 0;
  /** Brackets around queries that are not closed yet. */
  #open = 0;
  #statement: StatementScope;

  constructor(text: string, tokens: readonly Token[], start: number, end: number) {
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.#tokens = toToks(text, tokens);
    this.#closing = matchBrackets(this.#tokens);
    this.#statement = emptyStatement(start, end, '');
  }

  statements(): StatementScope[] {
    const found: StatementScope[] = [];
    let start = this.#start;
    while (this.#at < this.#tokens.length || found.length === 0) {
      const first = this.#at;
      this.#open = 0;
      this.#statement = emptyStatement(start, this.#end, this.#word());
      found.push(this.#statement);
      this.#parseStatement();
      while (this.#peek() && !(this.#at > first && this.#breaksStatement())) {
        if (this.#at > first && STATEMENT_STARTS.has(this.#word()) && RESERVED.has(this.#word())) break;
        this.#at++;
      }
      const next = this.#peek();
      if (!next) break;
      this.#statement.end = Math.max(start, next.start - 1);
      for (const block of this.#statement.blocks) block.end = Math.min(block.end, this.#statement.end);
      start = next.start;
    }
    return found;
  }

  // Tokens

  #peek(ahead = 0): Tok | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #word(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.word ?? '';
  }

  #accept(...words: readonly string[]): boolean {
    if (!words.includes(this.#word()) || this.#word() === '') return false;
    this.#at++;
    return true;
  }

  /** Where the next token begins: what lies between belongs to what is being read. */
  #nextStart(): number {
    return this.#peek()?.start ?? this.#end;
  }

  #lastEnd(): number {
    return Math.max(this.#tokens[this.#at - 1]?.end ?? this.#start, this.#statement.start);
  }

  #isName(tok: Tok | undefined): boolean {
    if (tok?.kind === 'quotedName') return true;
    return tok?.kind === 'word' && !RESERVED.has(tok.word) && !TYPE_OR_FUNCTION.has(tok.word);
  }

  #takeName(): Name {
    const tok = this.#peek() as Tok;
    this.#at++;
    return this.#nameOf(tok);
  }

  #nameOf(tok: Tok): Name {
    const raw = this.#text.slice(tok.start, tok.end);
    return { text: tok.kind === 'string' ? stringValue(raw) : unquoteName(raw), start: tok.start, end: tok.end };
  }

  /** Whether the next token begins another statement although no semicolon was there. */
  #breaksStatement(): boolean {
    const tok = this.#peek();
    const before = this.#tokens[this.#at - 1];
    if (!tok || !before || tok.kind !== 'word' || !STATEMENT_STARTS.has(tok.word)) return false;
    const gap = this.#text.slice(before.end, tok.start);
    const line = gap.lastIndexOf('\n');
    if (line < 0 || before.word === ',' || before.word === '(' || before.kind === 'operator') return false;
    const second = SECOND_WORDS[tok.word];
    if (second) return second.has(this.#word(1));
    if (/\n[ \t\r]*\n/.test(gap))
      return !(before.kind === 'word' && (SET_OPERATIONS.has(before.word) || before.word === 'as' || before.word === 'all'));
    return tok.word === 'update' && this.#word(2) === 'set';
  }

  // Statements

  #parseStatement(): void {
    const first = this.#word();
    while (this.#accept('explain', 'analyze', 'vacuum')) if (this.#word() === '(') this.#skipBrackets();
    const tok = this.#peek();
    if (!tok) return;
    if ((first === 'analyze' || first === 'vacuum') && this.#isName(tok)) {
      const query = this.#query(undefined);
      const block = this.#block('tail', query);
      query.members.push(block);
      this.#target(block, false);
      return;
    }
    (this.#statement as { kind: string }).kind = tok.word;
    switch (tok.word) {
      case 'create':
        this.#create();
        return;
      case 'drop':
      case 'alter':
      case 'truncate':
      case 'comment':
        this.#changeRelation();
        return;
      case 'copy':
        this.#copy();
        return;
      case 'prepare':
      case 'execute':
      case 'deallocate':
        this.#prepared(tok.word);
        return;
      case 'use':
        this.#at++;
        if (this.#isName(this.#peek())) {
          const { parts } = this.#nameChain();
          for (const part of parts) this.#mention('schema', part);
          (this.#statement as { use: readonly string[] | undefined }).use = parts.map(({ text }) => text);
        }
        return;
      case 'attach':
      case 'detach':
        this.#attached(tok.word);
        return;
      case 'set':
      case 'reset':
        if (this.#word(1) === 'variable') this.#variable();
        return;
      case 'call':
      case 'pragma': {
        this.#at++;
        this.#expression(this.#block('tail', this.#query(undefined)), 'select', {});
        return;
      }
      case '(':
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        this.#wholeQuery(undefined);
        return;
      default:
        if (QUERY_STARTS.has(tok.word)) this.#wholeQuery(undefined);
    }
  }

  /** `ATTACH 'x.db' AS x`, `DETACH x` */
  #attached(word: string): void {
    this.#at++;
    this.#accept('database');
    if (this.#accept('if')) while (this.#accept('not', 'exists'));
    if (word === 'detach') {
      if (this.#isName(this.#peek())) this.#mention('schema', this.#takeName());
      return;
    }
    if (this.#peek()?.kind === 'string') this.#at++;
    if (this.#accept('as') && this.#isName(this.#peek())) this.#statement.created = emptyCreated('database', [this.#takeName()]);
  }

  /** `SET VARIABLE x = …` */
  #variable(): void {
    this.#at += 2;
    if (!this.#isName(this.#peek())) return;
    const name = this.#takeName();
    this.#mention('variable', name);
    if (!this.#accept('=', 'to')) return;
    this.#statement.created = emptyCreated('variable', [name]);
    const block = this.#block('tail', this.#query(undefined));
    this.#clause(block, 'select');
    this.#expression(block, 'select', {});
  }

  #mention(kind: Mention['kind'], name: Name | undefined, of?: readonly Name[]): void {
    if (name) this.#statement.mentions.push(of ? { kind, name, of } : { kind, name });
  }

  /** The schema and the database before a name. */
  #mentionQualifiers(parts: readonly Name[]): void {
    for (const name of parts.slice(0, -1)) this.#mention('schema', name);
  }

  /** Names that a table's own columns have, as in CHECK, and of sequences in defaults. */
  #mentionColumns(created: Created, columns: readonly CreatedColumn[], from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const tok = this.#tokens[at];
      if (tok?.kind === 'string' && this.#tokens[at - 1]?.word === '(' && SEQUENCE_CALLS.has(this.#tokens[at - 2]?.word ?? ''))
        this.#mentionInside(tok, 'sequence');
      if (!tok || !this.#isName(tok) || this.#tokens[at + 1]?.word === '(' || this.#tokens[at - 1]?.word === '.') continue;
      const name = this.#nameOf(tok);
      if (columns.some((column) => sameName(column.name.text, name.text))) this.#mention('column', name, created.parts);
    }
  }

  /** `PREPARE p AS …`, `EXECUTE p (…)`, `DEALLOCATE p` */
  #prepared(word: string): void {
    this.#at++;
    if (word === 'deallocate') this.#accept('prepare');
    if (!this.#isName(this.#peek())) return;
    const name = this.#takeName();
    if (word !== 'prepare') {
      this.#mention('prepared', name);
      if (this.#word() === '(') this.#call(this.#block('tail', this.#query(undefined)), 'values', false);
      return;
    }
    this.#statement.created = { ...emptyCreated('prepared', [name]) };
    if (this.#word() === '(') this.#skipBrackets();
    if (this.#accept('as') && this.#peek()) this.#parseStatement();
  }

  #query(outer: Block | undefined, parent?: Query, cteLimit = Number.POSITIVE_INFINITY, sourceLimit = Number.POSITIVE_INFINITY): Query {
    const query: Query = {
      start: this.#lastEnd(),
      end: this.#end,
      parent: parent ?? outer?.query,
      cteLimit,
      outer,
      sourceLimit,
      ctes: [],
      members: [],
      byName: false,
      tail: undefined,
    };
    this.#statement.queries.push(query);
    return query;
  }

  #block(kind: Block['kind'], query: Query, start = this.#lastEnd()): Block {
    const block: Block = {
      start,
      end: this.#end,
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
    this.#statement.blocks.push(block);
    return block;
  }

  #clause(block: Block, kind: ClauseKind, start = this.#lastEnd()): void {
    const last = block.clauses.at(-1);
    if (last) last.end = Math.min(last.end, start);
    block.clauses.push({ kind, start, end: this.#end });
  }

  #closeBlock(block: Block): void {
    block.end = this.#nextStart();
    const last = block.clauses.at(-1);
    if (last) last.end = Math.min(last.end, block.end);
  }

  /** A query with its WITH, set operations, ORDER BY and LIMIT. Ends before the closing bracket around it. */
  #wholeQuery(
    outer: Block | undefined,
    options: { readonly parent?: Query; readonly cteLimit?: number; readonly sourceLimit?: number; readonly start?: number } = {},
  ): Query {
    const query = this.#query(outer, options.parent, options.cteLimit, options.sourceLimit);
    if (this.#depth > MAX_DEPTH) {
      while (this.#peek() && this.#word() !== ')') this.#skipOne();
      return query;
    }
    this.#depth++;
    if (this.#accept('with')) this.#with(query, outer, options.sourceLimit);
    for (;;) {
      const before = this.#at;
      const member = this.#member(query);
      if (member) query.members.push(member);
      if (!SET_OPERATIONS.has(this.#word())) {
        if (this.#at === before) break;
        if (!this.#tail(query)) break;
        continue;
      }
      this.#at++;
      this.#accept('all', 'distinct');
      if (this.#word() === 'by' && this.#word(1) === 'name') {
        this.#at += 2;
        query.byName = true;
      }
    }
    query.end = this.#nextStart();
    this.#depth--;
    return query;
  }

  #with(query: Query, outer: Block | undefined, sourceLimit: number | undefined): void {
    const recursive = this.#accept('recursive');
    while (this.#isName(this.#peek())) {
      const name = this.#takeName();
      const columns = this.#word() === '(' ? this.#nameList() : [];
      const hasKey = this.#word() === 'using' && this.#word(1) === 'key';
      if (hasKey) this.#at += 2;
      const keys = hasKey ? this.#nameList() : [];
      const cte: Cte & { end: number } = { name, columns, keys, query: undefined, start: name.start, end: name.end };
      query.ctes.push(cte);
      this.#accept('as');
      this.#accept('not');
      this.#accept('materialized');
      if (this.#accept('(')) {
        const cteLimit = query.ctes.length - (recursive ? 0 : 1);
        cte.query = this.#bracketed(() =>
          this.#wholeQuery(outer, { parent: query, cteLimit, ...(sourceLimit !== undefined && { sourceLimit }) }),
        );
      }
      cte.end = this.#lastEnd();
      if (!this.#accept(',')) break;
    }
  }

  /** Reads what stands between brackets, the opening one being read already. */
  #bracketed<T>(read: () => T): T {
    this.#open++;
    const result = read();
    while (this.#peek() && this.#word() !== ')' && !this.#isStop() && !this.#breaksStatement()) this.#skipOne();
    this.#accept(')');
    this.#open--;
    return result;
  }

  #member(query: Query): Block | Query | undefined {
    const word = this.#word();
    switch (word) {
      case '(':
        if (this.#closing.get(this.#at) === undefined && !this.#startsQuery(this.#at)) return undefined;
        this.#at++;
        return this.#bracketed(() => this.#wholeQuery(query.outer, { parent: query, sourceLimit: query.sourceLimit }));
      case 'values':
        return this.#values(query);
      case 'pivot':
      case 'unpivot':
      case 'pivot_wider':
      case 'pivot_longer':
        return this.#pivotStatement(query);
      case 'table':
      case 'describe':
      case 'summarize':
      case 'show':
        return this.#describe(query);
      case 'insert':
        return this.#insert(query);
      case 'update':
        return this.#update(query);
      case 'delete':
        return this.#delete(query);
      case 'merge':
        return this.#merge(query);
      case 'select':
      case 'from':
        return this.#select(query);
      default:
        return undefined;
    }
  }

  #select(query: Query): Block {
    const block = this.#block('select', query, query.members.length === 0 ? Math.min(this.#lastEnd(), this.#nextStart()) : this.#lastEnd());
    this.#clauses(block, new Set());
    return block;
  }

  /** Clauses in any order; each at most once, so that a second one belongs to what follows. */
  #clauses(block: Block, seen: Set<string>): void {
    for (;;) {
      const tok = this.#peek();
      if (!tok) break;
      const word = tok.word;
      if (word === 'select' || word === 'from' || word === 'where' || word === 'having' || word === 'qualify' || word === 'group') {
        if (seen.has(word) || (seen.size > 0 && (word === 'select' || word === 'from') && this.#parts(seen, word))) break;
        seen.add(word);
        this.#at++;
        if (word === 'select') this.#selectList(block, 'select');
        else if (word === 'from') this.#from(block);
        else if (word === 'group') this.#groupBy(block);
        else {
          this.#clause(block, word);
          this.#expression(block, word, {});
        }
      } else if (word === 'window') {
        this.#at++;
        this.#windowClause(block);
      } else if (word === 'using' && this.#word(1) === 'sample') {
        this.#at += 2;
        while (this.#peek() && !this.#isStop() && this.#word() !== ')' && !this.#breaksStatement()) this.#skipOne();
      } else if (word === 'into' || word === ',' || this.#isJunk(word)) {
        this.#skipOne();
      } else break;
    }
    this.#closeBlock(block);
  }

  /** `FROM a`, blank line, `SELECT …` are two statements; `SELECT …`, blank line, `FROM a` are one. */
  #parts(seen: ReadonlySet<string>, word: string): boolean {
    return word === 'select' && (!seen.has('from') || seen.size > 1 || this.#breaksStatement());
  }

  #isJunk(word: string): boolean {
    if (word === ')') return this.#open === 0;
    if (STOPS.has(word) || word === 'on' || word === 'when') return false;
    return !this.#breaksStatement() && !(RESERVED.has(word) && STATEMENT_STARTS.has(word));
  }

  #isStop(): boolean {
    return STOPS.has(this.#word());
  }

  /** ORDER BY, LIMIT and OFFSET. False when there was none. */
  #tail(query: Query): boolean {
    const start = this.#at;
    let block: Block | undefined;
    for (;;) {
      const word = this.#word();
      if (word !== 'order' && word !== 'limit' && word !== 'offset' && word !== 'fetch') break;
      const only = query.members[0];
      block ??= query.members.length === 1 && only && 'sources' in only ? only : this.#block('tail', query);
      if (block.kind === 'tail') query.tail = block;
      this.#at++;
      if (word === 'order') {
        this.#accept('by');
        this.#clause(block, 'order');
        this.#expressionList(block, 'order', {});
      } else {
        this.#clause(block, 'limit');
        if (word === 'fetch') while (this.#peek()?.kind === 'word' && !this.#isStop() && !this.#breaksStatement()) this.#at++;
        else this.#expression(block, 'limit', {});
      }
      while (this.#peek() && this.#isJunk(this.#word())) this.#skipOne();
    }
    if (block) this.#closeBlock(block);
    return this.#at > start && SET_OPERATIONS.has(this.#word());
  }

  #selectList(block: Block, clause: ClauseKind): void {
    this.#clause(block, clause);
    if (this.#accept('distinct')) {
      if (this.#accept('on')) {
        if (this.#accept('(')) {
          // Like ORDER BY, it sees the aliases of the list behind it.
          this.#expressionList(block, 'order', { inCall: true });
          this.#accept(')');
        }
      }
    } else if (this.#word() === 'all' && this.#word(1) !== '(') this.#at++;
    for (;;) {
      const before = this.#at;
      const item = this.#selectItem(block, clause);
      if (item && clause === 'select') block.items.push(item);
      while (this.#peek() && this.#word() !== ',' && this.#word() !== ')' && this.#isJunk(this.#word()) && !this.#isListEnd())
        this.#skipOne();
      if (this.#accept(',')) continue;
      if (this.#at === before || this.#word() !== ',') break;
    }
    block.listEnd = this.#lastEnd();
  }

  #isListEnd(): boolean {
    return this.#isStop() || this.#word() === 'using' || this.#word() === 'into';
  }

  #selectItem(block: Block, clause: ClauseKind): SelectItem | undefined {
    const first = this.#peek();
    if (!first) return undefined;
    let alias: Name | undefined;
    if ((this.#isName(first) || first.kind === 'string') && this.#word(1) === ':') {
      alias = this.#takeName();
      this.#at++;
    }
    const star = this.#star(block, clause);
    const expression = this.#expression(block, clause, {}, star !== undefined);
    if (!star && expression.start === expression.end) return undefined;
    if (this.#accept('as')) {
      const tok = this.#peek();
      if (tok && (this.#isName(tok) || tok.kind === 'string' || (tok.kind === 'word' && !RESERVED.has(tok.word)))) alias = this.#takeName();
    } else if (expression.complete && !alias && this.#isName(this.#peek()) && !this.#breaksStatement()) alias = this.#takeName();
    const end = this.#lastEnd();
    const { reference, castType, call, literal } = expression;
    return {
      start: first.start,
      end,
      alias,
      star,
      reference: star ? undefined : reference,
      castType,
      call,
      literal,
      text: this.#text.slice(first.start, Math.min(end, first.start + 200)),
    };
  }

  /** `*` or `t.*`, with EXCLUDE, REPLACE and RENAME. */
  #star(block: Block, clause: ClauseKind): Star | undefined {
    const start = this.#at;
    const qualifier: Name[] = [];
    while (this.#isName(this.#peek()) && this.#word(1) === '.') {
      qualifier.push(this.#takeName());
      this.#at++;
    }
    if (this.#word() !== '*') {
      this.#at = start;
      return undefined;
    }
    const tok = this.#peek() as Tok;
    this.#at++;
    if (qualifier[0]) this.#refer(block, 'star', qualifier, clause, qualifier[0].start, tok.end);
    const star = { qualifier, exclude: [] as Name[], replace: [] as Name[], rename: [] as { from: Name; to: Name }[] };
    for (;;) {
      const word = this.#word();
      if (word !== 'exclude' && word !== 'replace' && word !== 'rename' && !(word === 'except' && this.#word(1) === '(')) break;
      if (this.#word(1) !== '(' && !this.#isName(this.#peek(1))) break;
      this.#at++;
      const many = this.#accept('(');
      do {
        if (word === 'replace') {
          this.#expression(block, clause, { inCall: true });
          this.#accept('as');
          if (this.#isName(this.#peek())) star.replace.push(this.#takeName());
        } else if (this.#isName(this.#peek())) {
          const { parts } = this.#nameChain();
          const name = parts.at(-1) as Name;
          this.#refer(block, 'column', parts, clause, (parts[0] as Name).start, name.end);
          if (word !== 'rename') star.exclude.push(name);
          else if (this.#accept('as') && this.#isName(this.#peek())) star.rename.push({ from: name, to: this.#takeName() });
        }
      } while (many && this.#accept(','));
      while (many && this.#peek() && this.#word() !== ')' && !this.#isBeyond(clause)) this.#skipOne();
      if (many) this.#accept(')');
    }
    return star;
  }

  #groupBy(block: Block): void {
    this.#accept('by');
    this.#clause(block, 'group');
    if (this.#accept('all')) return;
    this.#expressionList(block, 'group', {});
  }

  #windowClause(block: Block): void {
    this.#clause(block, 'window');
    while (this.#isName(this.#peek())) {
      block.windows.push(this.#takeName());
      this.#accept('as');
      if (this.#word() === '(') this.#windowSpecification(block, 'window');
      if (!this.#accept(',')) break;
    }
  }

  #expressionList(block: Block, clause: ClauseKind, surroundings: Surroundings): void {
    do {
      this.#expression(block, clause, surroundings);
      if (this.#word() === 'sets' && clause === 'group') {
        this.#at++;
        this.#expression(block, clause, surroundings);
      }
    } while (this.#accept(','));
  }

  // Sources

  #from(block: Block): void {
    this.#clause(block, 'from');
    this.#sources(block, undefined);
  }

  #sources(block: Block, firstJoin: Join | undefined): void {
    let join = firstJoin;
    for (;;) {
      const before = this.#at;
      this.#source(block, join);
      join = undefined;
      for (;;) {
        const joined = this.#joinWords();
        if (!joined) break;
        this.#source(block, joined);
        this.#joinCondition(block, joined);
      }
      if (this.#accept(',')) continue;
      if (this.#at === before) break;
      if (this.#word() !== ',') break;
    }
  }

  #joinWords(): (Join & { using: readonly Name[]; hasCondition: boolean }) | undefined {
    const start = this.#at;
    let natural = false;
    while (JOIN_WORDS.has(this.#word()) && this.#word() !== 'join') {
      natural ||= this.#word() === 'natural';
      this.#at++;
    }
    if (this.#accept('join')) return { start: this.#tokens[start]?.start ?? 0, natural, using: [], hasCondition: false };
    if (this.#at === start) return undefined;
    // Half a join, as while LEFT is being written: what follows stays readable.
    return this.#isName(this.#peek()) && !this.#breaksStatement()
      ? { start: this.#tokens[start]?.start ?? 0, natural, using: [], hasCondition: false }
      : undefined;
  }

  #joinCondition(block: Block, join: Join): void {
    // `a JOIN b JOIN c ON … ON …`
    while (this.#word() === 'on' || (this.#word() === 'using' && this.#word(1) === '(')) {
      join.hasCondition = true;
      if (this.#accept('on')) {
        this.#clause(block, 'on');
        this.#expression(block, 'on', {});
      } else {
        this.#at++;
        this.#clause(block, 'using');
        join.using = this.#nameList((name) => this.#refer(block, 'using', [name], 'using', name.start, name.end));
        if (this.#isName(this.#peek()) && this.#tokens[this.#at - 1]?.word === 'as') this.#at++;
      }
      // What lies between belongs to the condition.
      if (this.#peek()) this.#clause(block, 'from', this.#nextStart());
    }
  }

  #source(block: Block, join: Join | undefined): void {
    this.#accept('lateral');
    const first = this.#peek();
    if (!first || this.#breaksStatement()) return;
    let prefixAlias: Name | undefined;
    if (this.#isName(first) && this.#word(1) === ':') {
      prefixAlias = this.#takeName();
      this.#at++;
    }
    let source = this.#plainSource(block, join);
    if (!source) return;
    source.alias = prefixAlias;
    this.#sourceAlias(source);
    while ((this.#word() === 'pivot' || this.#word() === 'unpivot') && this.#word(1) === '(') {
      source = this.#pivotedSource(block, source, join);
      this.#sourceAlias(source);
    }
    (source as { end: number }).end = this.#lastEnd();
    block.sources.push(source);
    if (this.#word() === 'tablesample') {
      this.#at++;
      while (
        this.#peek() &&
        this.#word() !== ')' &&
        this.#word() !== ',' &&
        !this.#isStop() &&
        !JOIN_WORDS.has(this.#word()) &&
        !this.#breaksStatement()
      )
        this.#skipOne();
    }
  }

  #plainSource(block: Block, join: Join | undefined): Source | undefined {
    const first = this.#peek();
    if (!first) return undefined;
    const base = {
      start: first.start,
      end: first.end,
      parts: [],
      path: undefined,
      query: undefined,
      alias: undefined,
      columnAliases: [],
      join,
    };
    if (first.kind === 'string') {
      this.#at++;
      return { ...base, kind: 'file', path: stringValue(this.#text.slice(first.start, first.end)) };
    }
    if (first.word === '(') {
      if (this.#startsQuery(this.#at)) {
        this.#at++;
        const query = this.#bracketed(() => this.#wholeQuery(block, { sourceLimit: block.sources.length }));
        return { ...base, kind: 'query', query };
      }
      if (this.#depth > MAX_DEPTH) {
        this.#skipBrackets();
        return undefined;
      }
      this.#at++;
      this.#depth++;
      const count = block.sources.length;
      this.#bracketed(() => this.#sources(block, join));
      this.#depth--;
      if (block.sources.length === count + 1) {
        const only = block.sources.pop() as Source;
        return only;
      }
      return undefined;
    }
    if (first.word === 'values') {
      const query = this.#wholeQuery(block, { sourceLimit: block.sources.length });
      return { ...base, kind: 'query', query };
    }
    if (!this.#isName(first) && !(TYPE_OR_FUNCTION.has(first.word) && this.#word(1) === '(')) return undefined;
    const { parts } = this.#nameChain();
    this.#mentionQualifiers(parts);
    if (this.#word() !== '(') return { ...base, kind: 'relation', parts };
    const name = parts.at(-1) as Name;
    this.#refer(block, 'function', parts, 'from', first.start, name.end);
    const argument = this.#peek(1);
    this.#call(block, 'from', false, parts);
    if (this.#word() === 'with' && this.#word(1) === 'ordinality') this.#at += 2;
    const path = argument?.kind === 'string' ? stringValue(this.#text.slice(argument.start, argument.end)) : undefined;
    return { ...base, kind: 'function', parts, path };
  }

  #sourceAlias(source: Source): void {
    if (this.#word() === 'at' && this.#word(1) === '(') {
      this.#at++;
      this.#skipBrackets();
    }
    if (this.#accept('as')) {
      if (this.#isName(this.#peek()) || this.#peek()?.kind === 'string') source.alias = this.#takeName();
    } else if (this.#isName(this.#peek()) && !this.#breaksStatement() && !this.#startsClause()) source.alias = this.#takeName();
    else return;
    if (source.alias && this.#word() === '(') source.columnAliases = this.#nameList();
  }

  /** Words that are no reserved ones and yet go on with the statement after a source. */
  #startsClause(): boolean {
    const word = this.#word();
    return (
      word === 'set' || (word === 'sample' && this.#tokens[this.#at - 1]?.word === 'using') || (word === 'values' && this.#word(1) === '(')
    );
  }

  #values(query: Query): Block {
    const block = this.#block('values', query);
    this.#at++;
    this.#clause(block, 'values');
    do {
      if (!this.#accept('(')) break;
      let width = 0;
      this.#bracketed(() => {
        do {
          this.#expression(block, 'values', { inCall: true });
          width++;
        } while (this.#accept(','));
      });
      block.width = Math.max(block.width, width);
    } while (this.#accept(','));
    this.#closeBlock(block);
    return block;
  }

  #describe(query: Query): Block {
    const block = this.#block('select', query);
    const table = this.#word() === 'table';
    this.#at++;
    this.#clause(block, 'from');
    if (QUERY_STARTS.has(this.#word())) this.#wholeQuery(block, { sourceLimit: 0 });
    else {
      this.#accept('table');
      this.#source(block, undefined);
    }
    const at = this.#lastEnd();
    if (table) block.items.push(starItem(at));
    this.#closeBlock(block);
    return block;
  }

  #pivotStatement(query: Query): Block {
    const block = this.#block('pivot', query);
    const kind = this.#word().startsWith('unpivot') || this.#word() === 'pivot_longer' ? 'unpivot' : 'pivot';
    this.#at++;
    this.#clause(block, 'from');
    this.#source(block, undefined);
    const pivot = emptyPivot(kind);
    block.pivot = pivot;
    for (;;) {
      const word = this.#word();
      if (word === 'on' && pivot.on.length === 0) {
        this.#at++;
        this.#clause(block, 'pivot');
        this.#pivotOn(block, pivot);
      } else if (word === 'using' && this.#word(1) !== 'sample') {
        this.#at++;
        this.#clause(block, 'pivot');
        this.#pivotAggregates(block, pivot);
      } else if (word === 'group') {
        this.#at++;
        const from = block.references.length;
        this.#groupBy(block);
        pivot.group = lastParts(block.references.slice(from));
      } else if (word === 'into') {
        this.#at++;
        this.#pivotInto(pivot);
      } else if (word === 'include' || word === 'exclude') {
        this.#at++;
        this.#accept('nulls');
      } else break;
    }
    this.#closeBlock(block);
    return block;
  }

  #pivotInto(pivot: Pivot): void {
    if (this.#accept('name') && this.#isName(this.#peek())) pivot.nameColumn = this.#takeName();
    if (!this.#accept('value')) return;
    const names: Name[] = [];
    while (this.#isName(this.#peek())) {
      names.push(this.#takeName());
      if (!this.#accept(',')) break;
    }
    (pivot as { valueColumns: readonly Name[] }).valueColumns = names;
  }

  #pivotOn(block: Block, pivot: Pivot): void {
    const from = block.references.length;
    const values: string[] = [];
    do {
      const before = this.#at;
      this.#expression(block, 'pivot', {});
      values.push(...this.#inValues(before));
      if (this.#accept('as') && this.#isName(this.#peek())) this.#at++;
    } while (this.#accept(','));
    pivot.on = lastParts(block.references.slice(from).filter(({ kind }) => kind === 'column'));
    (pivot as { values: readonly string[] }).values = values;
  }

  /** The literals of an IN list between two tokens. */
  #inValues(from: number): string[] {
    const values: string[] = [];
    let inside = false;
    for (let at = from; at < this.#at; at++) {
      const tok = this.#tokens[at];
      if (tok?.word === 'in') inside = true;
      else if (inside && tok && (tok.kind === 'string' || tok.kind === 'number')) values.push(this.#nameOf(tok).text);
    }
    return values;
  }

  #pivotAggregates(block: Block, pivot: Pivot): void {
    const from = block.references.length;
    const names: (string | undefined)[] = [];
    do {
      const item = this.#selectItem(block, 'pivot');
      names.push(item?.alias?.text);
    } while (this.#accept(','));
    const columns = block.references.slice(from).filter(({ kind }) => kind === 'column');
    (pivot as { used: readonly Name[] }).used = lastParts(columns);
    (pivot as { aggregates: readonly (string | undefined)[] }).aggregates = names;
  }

  /** `t PIVOT (sum(x) FOR y IN ('a', 'b') GROUP BY z)`, `t UNPIVOT (v FOR n IN (a, b))` */
  #pivotedSource(block: Block, inner: Source, join: Join | undefined): Source {
    const kind = this.#word() as 'pivot' | 'unpivot';
    this.#at++;
    const query = this.#query(block, undefined, undefined, block.sources.length);
    this.#at++;
    const pivoted = this.#block('pivot', query);
    query.members.push(pivoted);
    pivoted.sources.push(inner);
    const pivot = emptyPivot(kind);
    pivoted.pivot = pivot;
    this.#clause(pivoted, 'pivot');
    this.#bracketed(() => {
      if (kind === 'pivot') this.#pivotAggregates(pivoted, pivot);
      else if (this.#isName(this.#peek())) (pivot as { valueColumns: readonly Name[] }).valueColumns = [this.#takeName()];
      if (this.#accept('for')) {
        if (kind === 'pivot') this.#pivotOn(pivoted, pivot);
        else {
          if (this.#isName(this.#peek())) pivot.nameColumn = this.#takeName();
          this.#accept('in');
          if (this.#word() === '(') {
            pivot.on = this.#nameList((name) => this.#refer(pivoted, 'column', [name], 'pivot', name.start, name.end));
          }
        }
      }
      if (this.#accept('group')) {
        const from = pivoted.references.length;
        this.#groupBy(pivoted);
        pivot.group = lastParts(pivoted.references.slice(from));
      }
    });
    pivoted.end = this.#lastEnd();
    query.end = pivoted.end;
    return {
      kind: 'query',
      start: inner.start,
      end: this.#lastEnd(),
      parts: [],
      path: undefined,
      query,
      alias: undefined,
      columnAliases: [],
      join,
    };
  }

  // Statements that write

  #target(block: Block, mayHaveAlias = true): Source | undefined {
    this.#clause(block, 'from');
    const count = block.sources.length;
    const first = this.#peek();
    if (!this.#isName(first) || !first) return undefined;
    const { parts } = this.#nameChain();
    this.#mentionQualifiers(parts);
    const source: Source = {
      kind: 'relation',
      start: first.start,
      end: this.#lastEnd(),
      parts,
      path: undefined,
      query: undefined,
      alias: undefined,
      columnAliases: [],
      join: undefined,
    };
    if (!mayHaveAlias) {
      // What follows is what is changed.
    } else if (this.#accept('as')) {
      if (this.#isName(this.#peek())) source.alias = this.#takeName();
    } else if (this.#isName(this.#peek()) && !this.#breaksStatement() && !set('set values default by').has(this.#word()))
      source.alias = this.#takeName();
    block.sources.splice(count, 0, source);
    return source;
  }

  #insert(query: Query): Block {
    const block = this.#block('insert', query);
    this.#at++;
    if (this.#accept('or')) this.#at++;
    this.#accept('into');
    this.#target(block);
    if (this.#word() === '(' && !this.#startsQuery(this.#at)) {
      this.#clause(block, 'columns');
      this.#outputList(block, 'columns');
    }
    if (this.#accept('by')) {
      block.byName = this.#word() === 'name';
      this.#accept('name', 'position');
    }
    if (this.#accept('default')) this.#accept('values');
    else if (QUERY_STARTS.has(this.#word()) || this.#word() === '(') {
      this.#clause(block, 'values');
      this.#wholeQuery(block, { sourceLimit: 0 });
    }
    if (this.#accept('on')) this.#onConflict(block);
    if (this.#accept('returning')) this.#selectList(block, 'returning');
    this.#closeBlock(block);
    return block;
  }

  #onConflict(block: Block): void {
    this.#accept('conflict');
    this.#clause(block, 'conflict');
    if (this.#word() === '(') this.#outputList(block, 'conflict');
    if (this.#accept('where')) this.#expression(block, 'where', {});
    this.#accept('do');
    if (this.#accept('nothing') || !this.#accept('update')) return;
    const target = block.sources[0];
    if (target) {
      const at = this.#lastEnd();
      const alias = { text: 'excluded', start: at, end: at };
      block.sources.push({ ...target, kind: 'excluded', alias, start: at, end: at });
    }
    this.#assignments(block);
    if (this.#accept('where')) {
      this.#clause(block, 'where');
      this.#expression(block, 'where', {});
    }
  }

  #update(query: Query): Block {
    const block = this.#block('update', query);
    this.#at++;
    this.#target(block);
    this.#assignments(block);
    this.#clauses(block, new Set(['select']));
    if (this.#accept('returning')) this.#selectList(block, 'returning');
    this.#closeBlock(block);
    return block;
  }

  #assignments(block: Block): void {
    if (!this.#accept('set')) return;
    this.#clause(block, 'set');
    do {
      if (this.#word() === '(') this.#outputList(block, 'set');
      else if (this.#isName(this.#peek())) {
        const { parts } = this.#nameChain();
        this.#refer(block, 'output', parts, 'set', (parts[0] as Name).start, this.#lastEnd());
      }
      if (this.#accept('=')) this.#expression(block, 'set', {});
    } while (this.#accept(','));
  }

  #delete(query: Query): Block {
    const block = this.#block('delete', query);
    this.#at++;
    this.#accept('from');
    this.#target(block);
    if (this.#accept('using')) this.#from(block);
    this.#clauses(block, new Set(['select', 'from']));
    if (this.#accept('returning')) this.#selectList(block, 'returning');
    this.#closeBlock(block);
    return block;
  }

  #merge(query: Query): Block {
    const block = this.#block('merge', query);
    this.#at++;
    this.#accept('into');
    this.#target(block);
    if (this.#accept('using')) {
      this.#clause(block, 'from');
      this.#source(block, { start: this.#lastEnd(), natural: false, using: [], hasCondition: true });
      if (this.#accept('on')) {
        this.#clause(block, 'on');
        this.#expression(block, 'on', {});
      } else if (this.#accept('using') && this.#word() === '(') {
        this.#nameList((name) => this.#refer(block, 'using', [name], 'using', name.start, name.end));
      }
    }
    while (this.#accept('when')) {
      this.#clause(block, 'when');
      this.#accept('not');
      this.#accept('matched');
      if (this.#accept('by')) this.#accept('source', 'target');
      if (this.#accept('and')) this.#expression(block, 'where', {});
      this.#accept('then');
      if (this.#accept('update')) this.#assignments(block);
      else if (this.#accept('insert')) {
        if (this.#word() === '(') this.#outputList(block, 'columns');
        if (this.#accept('by')) this.#accept('name', 'position');
        if (this.#accept('values') && this.#word() === '(') this.#call(block, 'values', false);
      } else this.#accept('delete', 'do', 'error');
      while (this.#peek() && this.#isJunk(this.#word()) && this.#word() !== ')') this.#skipOne();
    }
    if (this.#accept('returning')) this.#selectList(block, 'returning');
    this.#closeBlock(block);
    return block;
  }

  #outputList(block: Block, clause: ClauseKind): void {
    this.#nameList((name) => this.#refer(block, 'output', [name], clause, name.start, name.end));
  }

  #changeRelation(): void {
    const kind = this.#word();
    const query = this.#query(undefined);
    const block = this.#block('tail', query);
    this.#at++;
    if (this.#accept('on') || kind === 'drop' || kind === 'alter') {
      if (kind !== 'comment' && this.#mentionChanged()) return;
      if (!this.#accept('table', 'view')) {
        if (kind === 'comment' && this.#accept('column') && this.#isName(this.#peek())) this.#commentedColumn();
        return;
      }
      if (this.#accept('if')) while (this.#accept('not', 'exists'));
    } else this.#accept('table');
    query.members.push(block);
    const target = this.#target(block, kind !== 'alter');
    if (kind !== 'alter') return;
    this.#clause(block, 'set');
    if (target) this.#alter(target.parts);
    while (this.#peek() && !this.#breaksStatement()) {
      const renamed = this.#accept('rename', 'drop', 'alter');
      if (renamed) {
        this.#accept('column');
        const name = this.#peek();
        if (this.#isName(name) && name && name.word !== 'to') this.#refer(block, 'output', [this.#takeName()], 'set', name.start, name.end);
        else this.#skipOne();
      } else this.#skipOne();
    }
  }

  /** `DROP TYPE IF EXISTS t` and the like; false for tables and views. */
  #mentionChanged(): boolean {
    const kinds: Readonly<Record<string, Mention['kind']>> = {
      type: 'type',
      sequence: 'sequence',
      schema: 'schema',
      macro: 'macro',
      function: 'macro',
      index: 'index',
    };
    const kind = kinds[this.#word()];
    if (!kind) return false;
    this.#at++;
    this.#accept('table');
    if (this.#accept('if')) this.#accept('exists');
    if (this.#isName(this.#peek())) this.#mention(kind, this.#nameChain().parts.at(-1));
    return true;
  }

  /** `COMMENT ON COLUMN t.a` */
  #commentedColumn(): void {
    const { parts } = this.#nameChain();
    const table = parts.slice(0, -1);
    if (table.length === 0) return;
    this.#mention('table', table.at(-1), table);
    this.#mention('column', parts.at(-1), table);
  }

  /** Reads the columns that an ALTER adds or renames, and goes back to where it began. */
  #alter(parts: readonly Name[]): void {
    const from = this.#at;
    const columns: CreatedColumn[] = [];
    if (this.#accept('add')) {
      this.#accept('column');
      if (this.#accept('if')) while (this.#accept('not', 'exists'));
      if (this.#isName(this.#peek())) columns.push({ name: this.#takeName(), type: this.#type() ?? '', primaryKey: false });
    } else if (this.#accept('rename')) {
      this.#accept('column');
      if (this.#word() === 'to' && this.#isName(this.#peek(1))) {
        this.#at++;
        this.#statement.created = { ...emptyCreated('table', [...parts.slice(0, -1), this.#takeName()]), renamedFrom: parts };
      } else if (this.#isName(this.#peek()) && this.#word() !== 'to') {
        this.#at++;
        if (this.#accept('to') && this.#isName(this.#peek())) columns.push({ name: this.#takeName(), type: '', primaryKey: false });
      }
    }
    this.#statement.altered = { parts, columns };
    this.#at = from;
  }

  #copy(): void {
    const query = this.#query(undefined);
    const block = this.#block('tail', query);
    query.members.push(block);
    this.#at++;
    if (this.#word() === '(') {
      this.#at++;
      this.#bracketed(() => this.#wholeQuery(block, { sourceLimit: 0 }));
    } else {
      this.#target(block);
      if (this.#word() === '(') this.#outputList(block, 'columns');
    }
  }

  #create(): void {
    const query = this.#query(undefined);
    const block = this.#block('tail', query);
    this.#at++;
    if (this.#accept('or')) this.#accept('replace');
    while (this.#accept('temp', 'temporary', 'persistent', 'unlogged', 'local', 'global', 'recursive', 'unique'));
    const kind = this.#word();
    this.#at++;
    if (this.#accept('if')) while (this.#accept('not', 'exists'));
    if (kind === 'index') {
      this.#createIndex(query, block);
      return;
    }
    if (!this.#isName(this.#peek())) return;
    const { parts } = this.#nameChain();
    const created = emptyCreated(CREATED_KINDS[kind] ?? 'other', parts);
    this.#statement.created = created;
    this.#mentionQualifiers(parts);
    if (created.kind === 'macro') this.#createMacro(created, block);
    else if (created.kind === 'table' || created.kind === 'view') {
      if (this.#word() === '(') {
        if (kind === 'view' || this.#isBareNameList()) created.columnAliases = this.#nameList();
        else this.#columnDefinitions(created, block);
      }
      const isHalfWritten = QUERY_STARTS.has(this.#word()) && created.columns.length === 0 && !this.#breaksStatement();
      if (this.#accept('as') || isHalfWritten) created.query = this.#wholeQuery(block, { sourceLimit: 0 });
    }
    this.#closeBlock(block);
  }

  #createIndex(query: Query, block: Block): void {
    if (this.#isName(this.#peek())) this.#statement.created = emptyCreated('index', this.#nameChain().parts);
    if (!this.#accept('on')) return;
    query.members.push(block);
    this.#target(block);
    if (this.#word() !== '(') return;
    this.#clause(block, 'where');
    this.#call(block, 'where', false);
  }

  /** `(a, b := 1) AS …`, and further forms behind commas. */
  #createMacro(created: Created, block: Block): void {
    const forms: MacroForm[] = [];
    do forms.push(this.#macroForm(created, block));
    while (this.#word() === ',' && this.#word(1) === '(' && this.#accept(','));
    created.forms = forms;
    const longest = forms.reduce((a, b) => (b.parameters.length > a.parameters.length ? b : a));
    created.parameters = longest.parameters.map(({ name }) => name);
  }

  #macroForm(created: Created, block: Block): MacroForm {
    const parameters: MacroParameter[] = [];
    if (this.#accept('(')) {
      while (this.#isName(this.#peek())) {
        const name = this.#takeName();
        if (this.#isName(this.#peek())) this.#type();
        let value: string | undefined;
        if (this.#accept(':=', '=>')) {
          const { start, end } = this.#expression(block, 'values', { inCall: true });
          value = this.#text.slice(start, end);
        }
        parameters.push({ name, value });
        if (!this.#accept(',')) break;
      }
      this.#accept(')');
    }
    if (!this.#accept('as')) return { parameters, body: { start: this.#lastEnd(), end: this.#lastEnd() } };
    const from = this.#lastEnd();
    if (this.#word() === 'table' && this.#word(1) !== '(') this.#at++;
    else if (this.#word() === 'table' && this.#startsQuery(this.#at + 1)) this.#at++;
    const start = this.#nextStart();
    if (QUERY_STARTS.has(this.#word()) || this.#isBracketedTable()) created.query = this.#wholeQuery(block, { sourceLimit: 0 });
    else {
      this.#clause(block, 'select');
      this.#expression(block, 'select', {});
    }
    for (const { name } of parameters) block.locals.push({ name, list: undefined, start: from, end: this.#nextStart() });
    return { parameters, body: { start, end: this.#lastEnd() } };
  }

  /** The query of a table macro may stand in brackets. */
  #isBracketedTable(): boolean {
    return this.#word() === '(' && this.#tokens[this.#at - 1]?.word === 'table' && this.#startsQuery(this.#at);
  }

  /** `CREATE TABLE t (a, b) AS …` */
  #isBareNameList(): boolean {
    const close = this.#closing.get(this.#at);
    if (close === undefined || this.#tokens[close + 1]?.word !== 'as') return false;
    for (let at = this.#at + 1; at < close; at++) if (!this.#isName(this.#tokens[at]) && this.#tokens[at]?.word !== ',') return false;
    return true;
  }

  #columnDefinitions(created: Created, block: Block): void {
    const columns: CreatedColumn[] = [];
    const keys: CreatedForeignKey[] = [];
    const primary: string[] = [];
    const rules: [number, number][] = [];
    const skipRule = () => {
      const from = this.#at;
      this.#skipOne();
      if (this.#at > from + 1) rules.push([from, this.#at]);
    };
    this.#at++;
    this.#clause(block, 'columns');
    this.#bracketed(() => {
      do {
        const word = this.#word();
        if (word === 'constraint') {
          this.#at++;
          if (this.#isName(this.#peek())) this.#at++;
        }
        if (this.#word() === 'primary' || this.#word() === 'unique' || this.#word() === 'check' || this.#word() === 'foreign') {
          const rule = this.#word();
          this.#at++;
          this.#accept('key');
          if (rule === 'check') skipRule();
          else if (this.#word() === '(') {
            const names = this.#nameList((name) => this.#mention('column', name, created.parts)).map(({ text }) => text);
            if (rule === 'primary') primary.push(...names);
            if (rule === 'foreign') keys.push(...this.#referenced(names));
          }
        } else if (this.#isName(this.#peek())) {
          const name = this.#takeName();
          const type = this.#type() ?? '';
          let primaryKey = false;
          while (this.#peek() && this.#word() !== ',' && this.#word() !== ')') {
            if (this.#word() === 'primary') primaryKey = true;
            if (this.#word() === 'references') keys.push(...this.#referenced([name.text]));
            else skipRule();
          }
          columns.push({ name, type, primaryKey });
        }
        while (this.#peek() && this.#word() !== ',' && this.#word() !== ')' && !this.#breaksStatement()) this.#skipOne();
      } while (this.#accept(','));
    });
    created.columns = columns.map((column) => (primary.includes(column.name.text) ? { ...column, primaryKey: true } : column));
    created.foreignKeys = keys;
    for (const [from, to] of rules) this.#mentionColumns(created, columns, from, to);
  }

  #referenced(columns: readonly string[]): CreatedForeignKey[] {
    if (!this.#accept('references') || !this.#isName(this.#peek())) return [];
    const { parts } = this.#nameChain();
    this.#mention('table', parts.at(-1), parts);
    const table = parts.map(({ text }) => text);
    const referenced = this.#word() === '(' ? this.#nameList((name) => this.#mention('column', name, parts)).map(({ text }) => text) : [];
    return [{ columns, table, referenced }];
  }

  // Names and expressions

  /** Names with dots between them. A reserved word counts as a name only directly behind its dot. */
  #nameChain(): { readonly parts: readonly Name[]; readonly star: boolean } {
    const parts = [this.#takeName()];
    while (this.#word() === '.') {
      const dot = this.#peek() as Tok;
      const next = this.#peek(1);
      const adjacent = next?.start === dot.end;
      const named =
        next?.kind === 'quotedName' ||
        (next?.kind === 'word' && (adjacent || (this.#isName(next) && !this.#text.slice(dot.end, next.start).includes('\n'))));
      this.#at++;
      if (named) parts.push(this.#takeName());
      else if (next?.word === '*') {
        this.#at++;
        return { parts, star: true };
      } else break;
    }
    return { parts, star: false };
  }

  #nameList(each?: (name: Name) => void): Name[] {
    const names: Name[] = [];
    if (!this.#accept('(')) return names;
    while (this.#peek() && this.#word() !== ')' && !this.#isStop() && !this.#breaksStatement()) {
      if (this.#isName(this.#peek()) && (this.#tokens[this.#at - 1]?.word === '(' || this.#tokens[this.#at - 1]?.word === ',')) {
        const name = this.#takeName();
        names.push(name);
        each?.(name);
      } else if (QUERY_STARTS.has(this.#word()) && RESERVED.has(this.#word())) return names;
      else this.#skipOne();
    }
    this.#accept(')');
    return names;
  }

  #refer(block: Block, kind: Reference['kind'], parts: readonly Name[], clause: ClauseKind, start: number, end: number): Reference {
    const reference = { kind, parts, clause, start, end };
    block.references.push(reference);
    return reference;
  }

  /** Reads operands and operators up to a comma, a closing bracket, an alias or the next clause. */
  #expression(block: Block, clause: ClauseKind, surroundings: Surroundings, begun = false): Expression {
    const start = this.#nextStart();
    let done = begun;
    let pieces = begun ? 2 : 0;
    let reference: Reference | undefined;
    let castType: string | undefined;
    let call: SelectItem['call'];
    let literal: SelectItem['literal'];
    /** CASE without its END yet. */
    let cases = 0;
    let mayHaveFrom = surroundings.fromInside === true;
    const first = this.#at;
    const operator = () => {
      this.#at++;
      done = false;
      pieces += 2;
    };
    const from = () => {
      mayHaveFrom = mayHaveFrom && this.#word() !== 'from';
      operator();
    };
    for (;;) {
      const tok = this.#peek();
      if (!tok) break;
      const { word, kind } = tok;
      if (word === ',' || word === ')' || word === ']' || word === '}') break;
      if (word === 'operator' && this.#word(1) === '(' && this.#peek(2)?.kind === 'operator') {
        this.#at++;
        this.#skipBrackets();
        done = false;
        pieces += 2;
        continue;
      }
      if (kind === 'word' && done) {
        if (this.#breaksStatement()) break;
        if (word === 'is') {
          this.#at++;
          this.#accept('not');
          pieces += 2;
          if (this.#accept('distinct')) {
            this.#accept('from');
            done = false;
          } else this.#accept('null', 'true', 'false', 'unknown');
        } else if (word === 'isnull' || word === 'notnull' || word === 'asc' || word === 'desc') {
          this.#at++;
          pieces++;
        } else if (INFIX.has(word) || (cases > 0 && CASE_WORDS.has(word))) operator();
        else if (word === 'end' && cases > 0) {
          this.#at++;
          cases--;
        } else if (word === 'over') this.#over(block, clause);
        else if ((word === 'filter' || word === 'within') && (this.#word(1) === '(' || this.#word(1) === 'group'))
          this.#modifier(block, clause);
        else if ((word === 'ignore' || word === 'respect') && this.#word(1) === 'nulls') this.#at += 2;
        else if (word === 'nulls' && (clause === 'order' || surroundings.inCall)) {
          this.#at++;
          this.#accept('first', 'last');
        } else if (word === 'at' && this.#word(1) === 'time') {
          this.#at += 2;
          this.#accept('zone');
          done = false;
          pieces += 2;
        } else if ((word === 'from' && mayHaveFrom) || ((word === 'for' || word === 'placing') && surroundings.fromInside)) from();
        else if (word === 'order' && surroundings.inCall) {
          this.#at++;
          this.#accept('by');
          done = false;
          pieces += 2;
        } else if (surroundings.inCall && (word === 'rows' || word === 'range' || word === 'groups') && this.#frameFollows()) this.#frame();
        else break;
        continue;
      }
      if (kind === 'word') {
        if (this.#at > first && this.#breaksStatement()) break;
        const next = this.#peek(1);
        if (word === 'lambda') {
          this.#lambda(block, clause, surroundings);
          done = true;
          pieces++;
        } else if (word === 'case' || (cases > 0 && CASE_WORDS.has(word))) {
          if (word === 'case') cases++;
          operator();
        } else if (word === 'end' && cases > 0) {
          this.#at++;
          cases--;
          done = true;
        } else if (word === 'map' && next?.word === '{') {
          this.#at++;
          this.#struct(block, clause, true);
          done = true;
          pieces += 2;
        } else if (word === 'null' || word === 'true' || word === 'false' || word === 'default') {
          this.#at++;
          done = true;
          pieces++;
          literal = word === 'true' || word === 'false' ? 'boolean' : undefined;
        } else if (word === 'from' && mayHaveFrom) from();
        else if ((word === 'partition' || (word === 'order' && surroundings.inCall)) && (this.#word(1) === 'by' || word === 'order')) {
          this.#at++;
          this.#accept('by');
        } else if (PREFIX.has(word)) {
          this.#at++;
          pieces += 2;
        } else if ((word === 'cast' || word === 'try_cast') && next?.word === '(') {
          castType = this.#cast(block, clause);
          done = true;
          pieces++;
        } else if (word === 'interval' && next && (next.kind === 'string' || next.kind === 'number' || next.word === '(')) {
          this.#at++;
          if (next.word === '(') this.#brackets(block, clause);
          else this.#at++;
          if (INTERVAL_UNIT.test(this.#word())) this.#at++;
          done = true;
          pieces += 2;
        } else if (next?.kind === 'string' && !RESERVED.has(word)) {
          castType = this.#text.slice(tok.start, tok.end);
          this.#mention('type', this.#nameOf(tok));
          this.#at += 2;
          done = true;
          pieces++;
        } else if (next?.word === '(' && (!RESERVED.has(word) || word === 'columns')) {
          call = this.#functionCall(block, clause);
          done = true;
          pieces++;
        } else if (!this.#isName(tok) && !(next?.word === '.' && next.start === tok.end && !STOPS.has(word))) break;
        else {
          const made = this.#column(block, clause, surroundings);
          if (made === 'lambda') done = false;
          else {
            done = true;
            if (typeof made === 'object' && 'kind' in made) reference = made;
            else call = made;
          }
          pieces++;
        }
        continue;
      }
      if (kind === 'quotedName') {
        if (done) break;
        const made = this.#column(block, clause, surroundings);
        done = true;
        if (typeof made === 'object' && 'kind' in made) reference = made;
        pieces++;
        continue;
      }
      if (kind === 'string' || kind === 'number' || kind === 'parameter') {
        if (done && kind !== 'string') break;
        if (done && this.#tokens[this.#at - 1]?.kind !== 'string') break;
        this.#at++;
        done = true;
        pieces++;
        if (kind === 'string') literal = 'string';
        else if (kind === 'number') literal = /[.eE]/.test(this.#text.slice(tok.start, tok.end)) ? 'decimal' : 'integer';
        continue;
      }
      if (word === '::') {
        this.#at++;
        const type = this.#type();
        if (pieces <= 1) castType = type;
        done = true;
        continue;
      }
      if (word === '(') {
        if (done && this.#open === 0 && this.#closing.get(this.#at) === undefined) break;
        this.#brackets(block, clause, surroundings);
        done = true;
        pieces += 2;
      } else if (word === '[') {
        this.#square(block, clause);
        done = true;
        pieces += 2;
      } else if (word === '{') {
        this.#struct(block, clause);
        done = true;
        pieces += 2;
      } else if (word === '.' && done) {
        this.#at++;
        if (this.#peek()?.kind === 'word' || this.#peek()?.kind === 'quotedName') {
          if (this.#word(1) === '(') this.#functionCall(block, clause);
          else if (this.#isName(this.#peek()) || this.#peek()?.start === tok.end) this.#at++;
        }
        pieces += 2;
      } else if (word === '*' && !done && (this.#word(1) === ')' || this.#word(1) === ',' || pieces === 0)) {
        this.#star(block, clause);
        done = true;
        pieces += 2;
      } else operator();
    }
    const single = pieces === 1;
    return {
      start,
      end: this.#at > first ? this.#lastEnd() : start,
      reference: single && castType === undefined ? reference : undefined,
      castType: single ? castType : undefined,
      call: single && castType === undefined ? call : undefined,
      literal: single && castType === undefined ? literal : undefined,
      complete: done,
    };
  }

  /** A column, a method call on one, or the parameter of a lambda in DuckDB's older notation. */
  #column(block: Block, clause: ClauseKind, surroundings: Surroundings): Reference | SelectItem['call'] | 'lambda' {
    const start = this.#nextStart();
    const { parts, star } = this.#nameChain();
    const first = parts[0] as Name;
    if (this.#word() === '(' && !star) return this.#finishCall(block, clause, parts, start);
    if (
      this.#word() === '->' &&
      surroundings.inCall &&
      parts.length === 1 &&
      this.#peek(1)?.kind !== 'string' &&
      this.#peek(1)?.kind !== 'number'
    ) {
      this.#at++;
      const from = this.#lastEnd();
      this.#expression(block, clause, { inCall: true });
      this.#addLocals(block, [first], surroundings.before, from);
      return undefined;
    }
    return this.#refer(block, star ? 'star' : 'column', parts, clause, start, this.#lastEnd());
  }

  #functionCall(block: Block, clause: ClauseKind): SelectItem['call'] {
    const start = this.#nextStart();
    return this.#finishCall(block, clause, [this.#takeName()], start);
  }

  #finishCall(block: Block, clause: ClauseKind, parts: readonly Name[], start: number): SelectItem['call'] {
    const name = (parts.at(-1) as Name).text.toLowerCase();
    this.#refer(block, 'function', parts, clause, start, this.#lastEnd());
    const argument = this.#peek(1);
    if (argument?.kind === 'string' && SEQUENCE_CALLS.has(name)) this.#mentionInside(argument, 'sequence');
    if (argument?.kind === 'string' && name === 'getvariable') this.#mentionInside(argument, 'variable');
    const receiver = parts.slice(0, -1);
    const end = receiver.at(-1)?.end ?? start;
    const before = { reference: { kind: 'column' as const, parts: receiver, clause, start, end }, start, end };
    const { first, count } = this.#call(block, clause, FROM_CALLS.has(name), parts, receiver.length > 0 ? before : undefined);
    return { name, argument: count === 1 ? first?.reference : undefined };
  }

  /** The last part of the name in a string. */
  #mentionInside(tok: Tok, kind: 'sequence' | 'variable'): void {
    const inner = this.#text.slice(tok.start + 1, Math.max(tok.start + 1, tok.end - 1));
    const last = kind === 'sequence' ? /(?:"(?:[^"]|"")*"?|[^".]*)$/.exec(inner)?.[0] : inner;
    const at = inner.length - (last?.length ?? 0);
    const value = inner.slice(at).replaceAll("''", "'");
    this.#mention(kind, {
      text: kind === 'sequence' ? unquoteName(value) : value,
      start: tok.start + 1 + at,
      end: tok.start + 1 + inner.length,
    });
  }

  /** The arguments with their brackets. A clause that begins inside means that the closing bracket is not written yet. */
  #call(
    block: Block,
    clause: ClauseKind,
    fromInside: boolean,
    callee?: readonly Name[],
    receiver?: Surroundings['before'],
  ): { readonly first: Expression | undefined; readonly count: number } {
    let first: Expression | undefined;
    let before = receiver;
    let count = 0;
    if (this.#depth > MAX_DEPTH) {
      this.#skipBrackets();
      return { first, count };
    }
    this.#at++;
    this.#depth++;
    for (;;) {
      const tok = this.#peek();
      if (!tok) break;
      if (tok.word === ')') {
        this.#at++;
        break;
      }
      if (this.#accept(',')) continue;
      if ((tok.word === 'select' || tok.word === 'with') && count === 0) {
        this.#bracketed(() => this.#wholeQuery(block));
        break;
      }
      if (this.#isName(tok) && (this.#word(1) === ':=' || this.#word(1) === '=>')) {
        if (callee) this.#mention('parameter', this.#nameOf(tok), callee);
        this.#at += 2;
      }
      const at = this.#at;
      const argument = this.#expression(block, clause, { inCall: true, fromInside: fromInside && count === 0, before });
      first ??= argument;
      before = argument;
      count++;
      if (this.#at > at && this.#word() === ',') continue;
      if (this.#word() === ')') continue;
      if (this.#isBeyond(clause)) break;
      if (this.#peek()) this.#skipOne();
    }
    this.#depth--;
    return { first, count };
  }

  /** Whether the next word belongs to what is around a bracket, whose end is then not written yet. */
  #isBeyond(clause: ClauseKind): boolean {
    const word = this.#word();
    if (this.#isStop() || this.#breaksStatement()) return true;
    if (word === 'on' || word === 'as' || word === 'end' || CASE_WORDS.has(word)) return true;
    return clause === 'on' && (word === 'using' || word === 'join' || (JOIN_WORDS.has(word) && this.#word(1) !== '('));
  }

  #cast(block: Block, clause: ClauseKind): string | undefined {
    this.#at += 2;
    if (this.#depth > MAX_DEPTH) return undefined;
    this.#depth++;
    this.#expression(block, clause, { inCall: true });
    const type = this.#accept('as') ? this.#type() : undefined;
    while (this.#peek() && this.#word() !== ')' && !this.#isBeyond(clause)) this.#skipOne();
    this.#accept(')');
    this.#depth--;
    return type;
  }

  #over(block: Block, clause: ClauseKind): void {
    this.#at++;
    const tok = this.#peek();
    if (this.#word() === '(') this.#windowSpecification(block, clause);
    else if (tok && this.#isName(tok) && !this.#breaksStatement())
      this.#refer(block, 'window', [this.#takeName()], clause, tok.start, tok.end);
  }

  #windowSpecification(block: Block, clause: ClauseKind): void {
    const base = this.#peek(1);
    if (
      this.#isName(base) &&
      base &&
      base.word !== 'partition' &&
      this.#word(2) !== '.' &&
      ['order', 'partition', ')', 'rows', 'range', 'groups'].includes(this.#word(2))
    ) {
      this.#refer(block, 'window', [this.#nameOf(base)], clause, base.start, base.end);
    }
    this.#call(block, clause, false);
  }

  #modifier(block: Block, clause: ClauseKind): void {
    this.#at++;
    this.#accept('group');
    if (this.#word() !== '(') return;
    if (this.#word(1) !== 'where') {
      this.#call(block, clause, false);
      return;
    }
    this.#at += 2;
    this.#expression(block, clause, { inCall: true });
    this.#accept(')');
  }

  #frameFollows(): boolean {
    return ['between', 'unbounded', 'current'].includes(this.#word(1)) || this.#peek(1)?.kind === 'number' || this.#word(1) === 'interval';
  }

  #frame(): void {
    while (this.#peek() && this.#word() !== ')' && !this.#isStop()) this.#skipOne();
  }

  #lambda(block: Block, clause: ClauseKind, surroundings: Surroundings): void {
    this.#at++;
    const names: Name[] = [];
    while (this.#isName(this.#peek())) {
      names.push(this.#takeName());
      if (!this.#accept(',')) break;
    }
    this.#accept(':');
    const from = this.#lastEnd();
    this.#expression(block, clause, { inCall: true });
    this.#addLocals(block, names, surroundings.before, from);
  }

  /** Names that are known from an offset up to here; the first one stands for the elements of the list. */
  #addLocals(block: Block, names: readonly Name[], list: Surroundings['before'], start: number): void {
    const end = this.#nextStart();
    for (const [index, name] of names.entries()) {
      const own = index === 0 && list && list.end > list.start ? list : undefined;
      const listRange = own && { start: own.start, end: own.end };
      block.locals.push({ name, list: own?.reference, ...(listRange && { listRange }), start, end });
    }
  }

  #brackets(block: Block, clause: ClauseKind, surroundings: Surroundings = {}): void {
    if (this.#depth > MAX_DEPTH) {
      this.#skipBrackets();
      return;
    }
    if (this.#startsQuery(this.#at)) {
      this.#at++;
      this.#bracketed(() => this.#wholeQuery(block));
      return;
    }
    const close = this.#closing.get(this.#at);
    if (close !== undefined && this.#tokens[close + 1]?.word === '->' && this.#isLambdaList(close)) {
      const names = this.#nameList();
      this.#at++;
      const from = this.#lastEnd();
      this.#expression(block, clause, { inCall: true });
      this.#addLocals(block, names, surroundings.before, from);
      return;
    }
    this.#call(block, clause, false);
  }

  #isLambdaList(close: number): boolean {
    for (let at = this.#at + 1; at < close; at++) if (!this.#isName(this.#tokens[at]) && this.#tokens[at]?.word !== ',') return false;
    return true;
  }

  /** A list, an index, or a comprehension `[x + 1 FOR x IN list IF x > 0]`. */
  #square(block: Block, clause: ClauseKind): void {
    if (this.#depth > MAX_DEPTH) {
      this.#skipBrackets();
      return;
    }
    this.#at++;
    const from = this.#lastEnd();
    this.#depth++;
    for (;;) {
      if (this.#accept(']')) break;
      if (!this.#peek() || this.#word() === ')') break;
      if (this.#accept(',', ':')) continue;
      if (this.#accept('for')) {
        const names: Name[] = [];
        while (this.#isName(this.#peek())) {
          names.push(this.#takeName());
          if (!this.#accept(',')) break;
        }
        this.#accept('in');
        const list = this.#expression(block, clause, { inCall: true });
        if (this.#accept('if')) this.#expression(block, clause, { inCall: true });
        this.#addLocals(block, names, list, from);
        continue;
      }
      const before = this.#at;
      this.#expression(block, clause, { inCall: true });
      if (this.#isBeyond(clause)) break;
      if (this.#at === before && this.#peek()) this.#skipOne();
    }
    this.#depth--;
  }

  /** `{key: value}`; the keys of a map are expressions. */
  #struct(block: Block, clause: ClauseKind, isMap = false): void {
    if (this.#depth > MAX_DEPTH) {
      this.#skipBrackets();
      return;
    }
    this.#at++;
    this.#depth++;
    for (;;) {
      if (this.#accept('}')) break;
      const tok = this.#peek();
      if (!tok || tok.word === ')') break;
      if (this.#accept(',') || (isMap && this.#accept(':'))) continue;
      if (!isMap && (tok.kind === 'word' || tok.kind === 'quotedName' || tok.kind === 'string') && this.#word(1) === ':') this.#at += 2;
      const before = this.#at;
      this.#expression(block, clause, { inCall: true });
      if (this.#isBeyond(clause)) break;
      if (this.#at === before && this.#peek() && this.#word() !== '}' && this.#word() !== ',') this.#skipOne();
    }
    this.#depth--;
  }

  /** A type as it is written; undefined when none is there. */
  #type(): string | undefined {
    const first = this.#peek();
    if (!first || !(first.kind === 'quotedName' || (first.kind === 'word' && !RESERVED.has(first.word)))) return undefined;
    this.#at++;
    let last = first;
    while (this.#word() === '.' && this.#peek(1)?.kind !== 'operator') {
      last = this.#peek(1) ?? last;
      this.#at += 2;
    }
    this.#mention('type', this.#nameOf(last));
    if (first.word === 'double') this.#accept('precision');
    if (first.word === 'character') this.#accept('varying');
    if (this.#word() === '(') this.#skipBrackets();
    if (
      (first.word === 'timestamp' || first.word === 'time') &&
      (this.#word() === 'with' || this.#word() === 'without') &&
      this.#word(1) === 'time'
    )
      this.#at += 3;
    while (this.#word() === '[' && this.#closing.get(this.#at) !== undefined) this.#skipBrackets();
    this.#accept('array');
    return this.#text.slice(first.start, this.#lastEnd());
  }

  /** Whether the bracket there is around a query, rather than around an expression or a join. */
  #startsQuery(at: number): boolean {
    let inner = at;
    while (this.#tokens[inner]?.word === '(') inner++;
    if (!QUERY_STARTS.has(this.#tokens[inner]?.word ?? '')) return false;
    const after = this.#tokens[inner + 1];
    const word = this.#tokens[inner]?.word ?? '';
    if (!RESERVED.has(word) && word === 'values' && after?.word !== '(') return false;
    if (inner === at + 1) return true;
    const close = this.#closing.get(inner - 1);
    const next = close === undefined ? undefined : this.#tokens[close + 1];
    return !next || next.word === ')' || SET_OPERATIONS.has(next.word) || next.word === 'order' || next.word === 'limit';
  }

  #skipOne(): void {
    if (this.#closing.has(this.#at)) this.#skipBrackets();
    else this.#at++;
  }

  #skipBrackets(): void {
    this.#at = (this.#closing.get(this.#at) ?? this.#at) + 1;
  }
}

function emptyStatement(start: number, end: number, kind: string): StatementScope {
  return { start, end, kind, created: undefined, altered: undefined, mentions: [], use: undefined, queries: [], blocks: [] };
}

function emptyPivot(kind: Pivot['kind']): Pivot {
  return { kind, on: [], values: [], used: [], aggregates: [], group: undefined, nameColumn: undefined, valueColumns: [] };
}

function emptyCreated(kind: Created['kind'], parts: readonly Name[]): Created {
  return {
    kind,
    parts,
    columns: [],
    columnAliases: [],
    foreignKeys: [],
    parameters: [],
    forms: [],
    query: undefined,
    renamedFrom: undefined,
  };
}

function starItem(at: number): SelectItem {
  const star = { qualifier: [], exclude: [], replace: [], rename: [] };
  return {
    start: at,
    end: at,
    alias: undefined,
    star,
    reference: undefined,
    castType: undefined,
    call: undefined,
    literal: undefined,
    text: '*',
  };
}

function lastParts(references: readonly Reference[]): Name[] {
  return references.flatMap(({ parts }) => parts.at(-1) ?? []);
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
