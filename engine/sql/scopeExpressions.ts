import { ScopeTokens, type Tok } from './scopeTokens.ts';
import type { Block, ClauseKind, Name, Query, Reference, SelectItem, Star } from './scopeTree.ts';
import { JOIN_WORDS, MAX_DEPTH, SEQUENCE_CALLS, STOPS, set } from './scopeWords.ts';
import { RESERVED, unquoteName } from './sqlNames.ts';

/** Keywords between two operands. */
const INFIX = set('and or in like ilike similar between not glob collate escape overlaps');
/** Keywords before an operand. */
const PREFIX = set('not distinct all any some exists and or in like ilike is between asc desc both leading trailing variadic array unique');
/** Words between the parts of CASE. */
const CASE_WORDS = set('when then else');
const FROM_CALLS = set('extract trim substring overlay position');
const INTERVAL_UNIT = /^(?:year|month|day|hour|minute|second|week|quarter|decade|century|millenni|millisecond|microsecond)/;

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

/** Where a query stands among others. */
export interface QueryOptions {
  readonly parent?: Query;
  readonly cteLimit?: number;
  readonly sourceLimit?: number;
  readonly start?: number;
}

/** Reads expressions: operands and operators, calls with their windows and filters, casts, CASE, lambdas, lists, structs and stars. */
export abstract class ScopeExpressions extends ScopeTokens {
  /** A query with its WITH, set operations, ORDER BY and LIMIT. Ends before the closing bracket around it. */
  protected abstract wholeQuery(outer: Block | undefined, options?: QueryOptions): Query;

  /** Reads operands and operators up to a comma, a closing bracket, an alias or the next clause. */
  protected expression(block: Block, clause: ClauseKind, surroundings: Surroundings, begun = false): Expression {
    const start = this.nextStart();
    let done = begun;
    let pieces = begun ? 2 : 0;
    let reference: Reference | undefined;
    let castType: string | undefined;
    let call: SelectItem['call'];
    let literal: SelectItem['literal'];
    /** CASE without its END yet. */
    let cases = 0;
    let mayHaveFrom = surroundings.fromInside === true;
    const first = this.at;
    const operator = () => {
      this.at++;
      done = false;
      pieces += 2;
    };
    const from = () => {
      mayHaveFrom = mayHaveFrom && this.word() !== 'from';
      operator();
    };
    for (;;) {
      const tok = this.peek();
      if (!tok) break;
      const { word, kind } = tok;
      if (word === ',' || word === ')' || word === ']' || word === '}') break;
      if (word === 'operator' && this.word(1) === '(' && this.peek(2)?.kind === 'operator') {
        this.at++;
        this.skipBrackets();
        done = false;
        pieces += 2;
        continue;
      }
      if (kind === 'word' && done) {
        if (this.breaksStatement()) break;
        if (word === 'is') {
          this.at++;
          this.accept('not');
          pieces += 2;
          if (this.accept('distinct')) {
            this.accept('from');
            done = false;
          } else this.accept('null', 'true', 'false', 'unknown');
        } else if (word === 'isnull' || word === 'notnull' || word === 'asc' || word === 'desc') {
          this.at++;
          pieces++;
        } else if (INFIX.has(word) || (cases > 0 && CASE_WORDS.has(word))) operator();
        else if (word === 'end' && cases > 0) {
          this.at++;
          cases--;
        } else if (word === 'over') this.over(block, clause);
        else if ((word === 'filter' || word === 'within') && (this.word(1) === '(' || this.word(1) === 'group'))
          this.modifier(block, clause);
        else if ((word === 'ignore' || word === 'respect') && this.word(1) === 'nulls') this.at += 2;
        else if (word === 'nulls' && (clause === 'order' || surroundings.inCall)) {
          this.at++;
          this.accept('first', 'last');
        } else if (word === 'at' && this.word(1) === 'time') {
          this.at += 2;
          this.accept('zone');
          done = false;
          pieces += 2;
        } else if ((word === 'from' && mayHaveFrom) || ((word === 'for' || word === 'placing') && surroundings.fromInside)) from();
        else if (word === 'order' && surroundings.inCall) {
          this.at++;
          this.accept('by');
          done = false;
          pieces += 2;
        } else if (surroundings.inCall && (word === 'rows' || word === 'range' || word === 'groups') && this.frameFollows()) this.frame();
        else break;
        continue;
      }
      if (kind === 'word') {
        if (this.at > first && this.breaksStatement()) break;
        const next = this.peek(1);
        if (word === 'lambda') {
          this.lambda(block, clause, surroundings);
          done = true;
          pieces++;
        } else if (word === 'case' || (cases > 0 && CASE_WORDS.has(word))) {
          if (word === 'case') cases++;
          operator();
        } else if (word === 'end' && cases > 0) {
          this.at++;
          cases--;
          done = true;
        } else if (word === 'map' && next?.word === '{') {
          this.at++;
          this.struct(block, clause, true);
          done = true;
          pieces += 2;
        } else if (word === 'null' || word === 'true' || word === 'false' || word === 'default') {
          this.at++;
          done = true;
          pieces++;
          literal = word === 'true' || word === 'false' ? 'boolean' : undefined;
        } else if (word === 'from' && mayHaveFrom) from();
        else if ((word === 'partition' || (word === 'order' && surroundings.inCall)) && (this.word(1) === 'by' || word === 'order')) {
          this.at++;
          this.accept('by');
        } else if (PREFIX.has(word)) {
          this.at++;
          pieces += 2;
        } else if ((word === 'cast' || word === 'try_cast') && next?.word === '(') {
          castType = this.cast(block, clause);
          done = true;
          pieces++;
        } else if (word === 'interval' && next && (next.kind === 'string' || next.kind === 'number' || next.word === '(')) {
          this.at++;
          if (next.word === '(') this.brackets(block, clause);
          else this.at++;
          if (INTERVAL_UNIT.test(this.word())) this.at++;
          done = true;
          pieces += 2;
        } else if (next?.kind === 'string' && !RESERVED.has(word)) {
          castType = this.text.slice(tok.start, tok.end);
          this.mention('type', this.nameOf(tok));
          this.at += 2;
          done = true;
          pieces++;
        } else if (next?.word === '(' && (!RESERVED.has(word) || word === 'columns')) {
          call = this.functionCall(block, clause);
          done = true;
          pieces++;
        } else if (!this.isName(tok) && !(next?.word === '.' && next.start === tok.end && !STOPS.has(word))) break;
        else {
          const made = this.column(block, clause, surroundings);
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
        const made = this.column(block, clause, surroundings);
        done = true;
        if (typeof made === 'object' && 'kind' in made) reference = made;
        pieces++;
        continue;
      }
      if (kind === 'string' || kind === 'number' || kind === 'parameter') {
        if (done && kind !== 'string') break;
        if (done && this.tokens[this.at - 1]?.kind !== 'string') break;
        this.at++;
        done = true;
        pieces++;
        if (kind === 'string') literal = 'string';
        else if (kind === 'number') literal = /[.eE]/.test(this.text.slice(tok.start, tok.end)) ? 'decimal' : 'integer';
        continue;
      }
      if (word === '::') {
        this.at++;
        const type = this.type();
        if (pieces <= 1) castType = type;
        done = true;
        continue;
      }
      if (word === '(') {
        if (done && this.open === 0 && this.closing.get(this.at) === undefined) break;
        this.brackets(block, clause, surroundings);
        done = true;
        pieces += 2;
      } else if (word === '[') {
        this.square(block, clause);
        done = true;
        pieces += 2;
      } else if (word === '{') {
        this.struct(block, clause);
        done = true;
        pieces += 2;
      } else if (word === '.' && done) {
        this.at++;
        if (this.peek()?.kind === 'word' || this.peek()?.kind === 'quotedName') {
          if (this.word(1) === '(') this.functionCall(block, clause);
          else if (this.isName(this.peek()) || this.peek()?.start === tok.end) this.at++;
        }
        pieces += 2;
      } else if (word === '*' && !done && (this.word(1) === ')' || this.word(1) === ',' || pieces === 0)) {
        this.star(block, clause);
        done = true;
        pieces += 2;
      } else operator();
    }
    const single = pieces === 1;
    return {
      start,
      end: this.at > first ? this.lastEnd() : start,
      reference: single && castType === undefined ? reference : undefined,
      castType: single ? castType : undefined,
      call: single && castType === undefined ? call : undefined,
      literal: single && castType === undefined ? literal : undefined,
      complete: done,
    };
  }

  /** A column, a method call on one, or the parameter of a lambda in DuckDB's older notation. */
  private column(block: Block, clause: ClauseKind, surroundings: Surroundings): Reference | SelectItem['call'] | 'lambda' {
    const start = this.nextStart();
    const { parts, star } = this.nameChain();
    const first = parts[0] as Name;
    if (this.word() === '(' && !star) return this.finishCall(block, clause, parts, start);
    if (
      this.word() === '->' &&
      surroundings.inCall &&
      parts.length === 1 &&
      this.peek(1)?.kind !== 'string' &&
      this.peek(1)?.kind !== 'number'
    ) {
      this.at++;
      const from = this.lastEnd();
      this.expression(block, clause, { inCall: true });
      this.addLocals(block, [first], surroundings.before, from);
      return undefined;
    }
    return this.refer(block, star ? 'star' : 'column', parts, clause, start, this.lastEnd());
  }

  private functionCall(block: Block, clause: ClauseKind): SelectItem['call'] {
    const start = this.nextStart();
    return this.finishCall(block, clause, [this.takeName()], start);
  }

  private finishCall(block: Block, clause: ClauseKind, parts: readonly Name[], start: number): SelectItem['call'] {
    const name = (parts.at(-1) as Name).text.toLowerCase();
    this.refer(block, 'function', parts, clause, start, this.lastEnd());
    const argument = this.peek(1);
    if (argument?.kind === 'string' && SEQUENCE_CALLS.has(name)) this.mentionInside(argument, 'sequence');
    if (argument?.kind === 'string' && name === 'getvariable') this.mentionInside(argument, 'variable');
    const receiver = parts.slice(0, -1);
    const end = receiver.at(-1)?.end ?? start;
    const before = { reference: { kind: 'column' as const, parts: receiver, clause, start, end }, start, end };
    const { first, count } = this.call(block, clause, FROM_CALLS.has(name), parts, receiver.length > 0 ? before : undefined);
    return { name, argument: count === 1 ? first?.reference : undefined };
  }

  /** The last part of the name in a string. */
  protected mentionInside(tok: Tok, kind: 'sequence' | 'variable'): void {
    const inner = this.text.slice(tok.start + 1, Math.max(tok.start + 1, tok.end - 1));
    const last = kind === 'sequence' ? /(?:"(?:[^"]|"")*"?|[^".]*)$/.exec(inner)?.[0] : inner;
    const at = inner.length - (last?.length ?? 0);
    const value = inner.slice(at).replaceAll("''", "'");
    this.mention(kind, {
      text: kind === 'sequence' ? unquoteName(value) : value,
      start: tok.start + 1 + at,
      end: tok.start + 1 + inner.length,
    });
  }

  /** The arguments with their brackets. A clause that begins inside means that the closing bracket is not written yet. */
  protected call(
    block: Block,
    clause: ClauseKind,
    fromInside: boolean,
    callee?: readonly Name[],
    receiver?: Surroundings['before'],
  ): { readonly first: Expression | undefined; readonly count: number } {
    let first: Expression | undefined;
    let before = receiver;
    let count = 0;
    if (this.depth > MAX_DEPTH) {
      this.skipBrackets();
      return { first, count };
    }
    this.at++;
    this.depth++;
    for (;;) {
      const tok = this.peek();
      if (!tok) break;
      if (tok.word === ')') {
        this.at++;
        break;
      }
      if (this.accept(',')) continue;
      if ((tok.word === 'select' || tok.word === 'with') && count === 0) {
        this.bracketed(() => this.wholeQuery(block));
        break;
      }
      if (this.isName(tok) && (this.word(1) === ':=' || this.word(1) === '=>')) {
        if (callee) this.mention('parameter', this.nameOf(tok), callee);
        this.at += 2;
      }
      const at = this.at;
      const argument = this.expression(block, clause, { inCall: true, fromInside: fromInside && count === 0, before });
      first ??= argument;
      before = argument;
      count++;
      if (this.at > at && this.word() === ',') continue;
      if (this.word() === ')') continue;
      if (this.isBeyond(clause)) break;
      if (this.peek()) this.skipOne();
    }
    this.depth--;
    return { first, count };
  }

  /** Whether the next word belongs to what is around a bracket, whose end is then not written yet. */
  private isBeyond(clause: ClauseKind): boolean {
    const word = this.word();
    if (this.isStop() || this.breaksStatement()) return true;
    if (word === 'on' || word === 'as' || word === 'end' || CASE_WORDS.has(word)) return true;
    return clause === 'on' && (word === 'using' || word === 'join' || (JOIN_WORDS.has(word) && this.word(1) !== '('));
  }

  private cast(block: Block, clause: ClauseKind): string | undefined {
    this.at += 2;
    if (this.depth > MAX_DEPTH) return undefined;
    this.depth++;
    this.expression(block, clause, { inCall: true });
    const type = this.accept('as') ? this.type() : undefined;
    while (this.peek() && this.word() !== ')' && !this.isBeyond(clause)) this.skipOne();
    this.accept(')');
    this.depth--;
    return type;
  }

  private over(block: Block, clause: ClauseKind): void {
    this.at++;
    const tok = this.peek();
    if (this.word() === '(') this.windowSpecification(block, clause);
    else if (tok && this.isName(tok) && !this.breaksStatement()) this.refer(block, 'window', [this.takeName()], clause, tok.start, tok.end);
  }

  protected windowSpecification(block: Block, clause: ClauseKind): void {
    const base = this.peek(1);
    if (
      this.isName(base) &&
      base &&
      base.word !== 'partition' &&
      this.word(2) !== '.' &&
      ['order', 'partition', ')', 'rows', 'range', 'groups'].includes(this.word(2))
    ) {
      this.refer(block, 'window', [this.nameOf(base)], clause, base.start, base.end);
    }
    this.call(block, clause, false);
  }

  private modifier(block: Block, clause: ClauseKind): void {
    this.at++;
    this.accept('group');
    if (this.word() !== '(') return;
    if (this.word(1) !== 'where') {
      this.call(block, clause, false);
      return;
    }
    this.at += 2;
    this.expression(block, clause, { inCall: true });
    this.accept(')');
  }

  private frameFollows(): boolean {
    return ['between', 'unbounded', 'current'].includes(this.word(1)) || this.peek(1)?.kind === 'number' || this.word(1) === 'interval';
  }

  private frame(): void {
    while (this.peek() && this.word() !== ')' && !this.isStop()) this.skipOne();
  }

  private lambda(block: Block, clause: ClauseKind, surroundings: Surroundings): void {
    this.at++;
    const names: Name[] = [];
    while (this.isName(this.peek())) {
      names.push(this.takeName());
      if (!this.accept(',')) break;
    }
    this.accept(':');
    const from = this.lastEnd();
    this.expression(block, clause, { inCall: true });
    this.addLocals(block, names, surroundings.before, from);
  }

  /** Names that are known from an offset up to here; the first one stands for the elements of the list. */
  private addLocals(block: Block, names: readonly Name[], list: Surroundings['before'], start: number): void {
    const end = this.nextStart();
    for (const [index, name] of names.entries()) {
      const own = index === 0 && list && list.end > list.start ? list : undefined;
      const listRange = own && { start: own.start, end: own.end };
      block.locals.push({ name, list: own?.reference, ...(listRange && { listRange }), start, end });
    }
  }

  private brackets(block: Block, clause: ClauseKind, surroundings: Surroundings = {}): void {
    if (this.depth > MAX_DEPTH) {
      this.skipBrackets();
      return;
    }
    if (this.startsQuery(this.at)) {
      this.at++;
      this.bracketed(() => this.wholeQuery(block));
      return;
    }
    const close = this.closing.get(this.at);
    if (close !== undefined && this.tokens[close + 1]?.word === '->' && this.isLambdaList(close)) {
      const names = this.nameList();
      this.at++;
      const from = this.lastEnd();
      this.expression(block, clause, { inCall: true });
      this.addLocals(block, names, surroundings.before, from);
      return;
    }
    this.call(block, clause, false);
  }

  private isLambdaList(close: number): boolean {
    for (let at = this.at + 1; at < close; at++) if (!this.isName(this.tokens[at]) && this.tokens[at]?.word !== ',') return false;
    return true;
  }

  /** A list, an index, or a comprehension `[x + 1 FOR x IN list IF x > 0]`. */
  private square(block: Block, clause: ClauseKind): void {
    if (this.depth > MAX_DEPTH) {
      this.skipBrackets();
      return;
    }
    this.at++;
    const from = this.lastEnd();
    this.depth++;
    for (;;) {
      if (this.accept(']')) break;
      if (!this.peek() || this.word() === ')') break;
      if (this.accept(',', ':')) continue;
      if (this.accept('for')) {
        const names: Name[] = [];
        while (this.isName(this.peek())) {
          names.push(this.takeName());
          if (!this.accept(',')) break;
        }
        this.accept('in');
        const list = this.expression(block, clause, { inCall: true });
        if (this.accept('if')) this.expression(block, clause, { inCall: true });
        this.addLocals(block, names, list, from);
        continue;
      }
      const before = this.at;
      this.expression(block, clause, { inCall: true });
      if (this.isBeyond(clause)) break;
      if (this.at === before && this.peek()) this.skipOne();
    }
    this.depth--;
  }

  /** `{key: value}`; the keys of a map are expressions. */
  private struct(block: Block, clause: ClauseKind, isMap = false): void {
    if (this.depth > MAX_DEPTH) {
      this.skipBrackets();
      return;
    }
    this.at++;
    this.depth++;
    for (;;) {
      if (this.accept('}')) break;
      const tok = this.peek();
      if (!tok || tok.word === ')') break;
      if (this.accept(',') || (isMap && this.accept(':'))) continue;
      if (!isMap && (tok.kind === 'word' || tok.kind === 'quotedName' || tok.kind === 'string') && this.word(1) === ':') this.at += 2;
      const before = this.at;
      this.expression(block, clause, { inCall: true });
      if (this.isBeyond(clause)) break;
      if (this.at === before && this.peek() && this.word() !== '}' && this.word() !== ',') this.skipOne();
    }
    this.depth--;
  }

  /** `*` or `t.*`, with EXCLUDE, REPLACE and RENAME. */
  protected star(block: Block, clause: ClauseKind): Star | undefined {
    const start = this.at;
    const qualifier: Name[] = [];
    while (this.isName(this.peek()) && this.word(1) === '.') {
      qualifier.push(this.takeName());
      this.at++;
    }
    if (this.word() !== '*') {
      this.at = start;
      return undefined;
    }
    const tok = this.peek() as Tok;
    this.at++;
    if (qualifier[0]) this.refer(block, 'star', qualifier, clause, qualifier[0].start, tok.end);
    const star = { qualifier, exclude: [] as Name[], replace: [] as Name[], rename: [] as { from: Name; to: Name }[] };
    for (;;) {
      const word = this.word();
      if (word !== 'exclude' && word !== 'replace' && word !== 'rename' && !(word === 'except' && this.word(1) === '(')) break;
      if (this.word(1) !== '(' && !this.isName(this.peek(1))) break;
      this.at++;
      const many = this.accept('(');
      do {
        if (word === 'replace') {
          this.expression(block, clause, { inCall: true });
          this.accept('as');
          if (this.isName(this.peek())) star.replace.push(this.takeName());
        } else if (this.isName(this.peek())) {
          const { parts } = this.nameChain();
          const name = parts.at(-1) as Name;
          this.refer(block, 'column', parts, clause, (parts[0] as Name).start, name.end);
          if (word !== 'rename') star.exclude.push(name);
          else if (this.accept('as') && this.isName(this.peek())) star.rename.push({ from: name, to: this.takeName() });
        }
      } while (many && this.accept(','));
      while (many && this.peek() && this.word() !== ')' && !this.isBeyond(clause)) this.skipOne();
      if (many) this.accept(')');
    }
    return star;
  }

  protected expressionList(block: Block, clause: ClauseKind, surroundings: Surroundings): void {
    do {
      this.expression(block, clause, surroundings);
      if (this.word() === 'sets' && clause === 'group') {
        this.at++;
        this.expression(block, clause, surroundings);
      }
    } while (this.accept(','));
  }
}
