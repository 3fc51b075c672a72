import type { QueryOptions } from './scopeExpressions.ts';
import { ScopeSources } from './scopeSources.ts';
import type { Block, ClauseKind, Cte, Name, Query, SelectItem } from './scopeTree.ts';
import { MAX_DEPTH, QUERY_STARTS, SET_OPERATIONS, STATEMENT_STARTS, STOPS } from './scopeWords.ts';
import { RESERVED } from './sqlNames.ts';

/** Reads queries: WITH, the members of set operations, SELECT with its clauses, VALUES, DESCRIBE. */
export abstract class ScopeQueries extends ScopeSources {
  protected abstract delete(query: Query): Block;

  protected abstract insert(query: Query): Block;

  protected abstract merge(query: Query): Block;

  protected abstract pivotStatement(query: Query): Block;

  protected abstract update(query: Query): Block;

  /** A query with its WITH, set operations, ORDER BY and LIMIT. Ends before the closing bracket around it. */
  protected override wholeQuery(outer: Block | undefined, options: QueryOptions = {}): Query {
    const query = this.query(outer, options.parent, options.cteLimit, options.sourceLimit);
    if (this.depth > MAX_DEPTH) {
      while (this.peek() && this.word() !== ')') this.skipOne();
      return query;
    }
    this.depth++;
    if (this.accept('with')) this.with(query, outer, options.sourceLimit);
    for (;;) {
      const before = this.at;
      const member = this.member(query);
      if (member) query.members.push(member);
      if (!SET_OPERATIONS.has(this.word())) {
        if (this.at === before) break;
        if (!this.tail(query)) break;
        continue;
      }
      this.at++;
      this.accept('all', 'distinct');
      if (this.word() === 'by' && this.word(1) === 'name') {
        this.at += 2;
        query.byName = true;
      }
    }
    query.end = this.nextStart();
    this.depth--;
    return query;
  }

  private with(query: Query, outer: Block | undefined, sourceLimit: number | undefined): void {
    const recursive = this.accept('recursive');
    while (this.isName(this.peek()) || this.peek()?.kind === 'string') {
      const name = this.takeName();
      const columns = this.word() === '(' ? this.nameList() : [];
      const hasKey = this.word() === 'using' && this.word(1) === 'key';
      if (hasKey) this.at += 2;
      const keys = hasKey ? this.nameList() : [];
      const cte: Cte & { end: number } = { name, columns, keys, query: undefined, start: name.start, end: name.end };
      query.ctes.push(cte);
      this.accept('as');
      this.accept('not');
      this.accept('materialized');
      if (this.accept('(')) {
        const cteLimit = query.ctes.length - (recursive ? 0 : 1);
        cte.query = this.bracketed(() =>
          this.wholeQuery(outer, { parent: query, cteLimit, ...(sourceLimit !== undefined && { sourceLimit }) }),
        );
      }
      cte.end = this.lastEnd();
      if (!this.accept(',')) break;
    }
  }

  private member(query: Query): Block | Query | undefined {
    const word = this.word();
    switch (word) {
      case '(':
        if (this.closing.get(this.at) === undefined && !this.startsQuery(this.at)) return undefined;
        this.at++;
        return this.bracketed(() => this.wholeQuery(query.outer, { parent: query, sourceLimit: query.sourceLimit }));
      case 'values':
        return this.values(query);
      case 'pivot':
      case 'unpivot':
      case 'pivot_wider':
      case 'pivot_longer':
        return this.pivotStatement(query);
      case 'table':
      case 'describe':
      case 'summarize':
      case 'show':
        return this.describe(query);
      case 'insert':
        return this.insert(query);
      case 'update':
        return this.update(query);
      case 'delete':
        return this.delete(query);
      case 'merge':
        return this.merge(query);
      case 'select':
      case 'from':
        return this.select(query);
      default:
        return undefined;
    }
  }

  private select(query: Query): Block {
    const block = this.block('select', query, query.members.length === 0 ? Math.min(this.lastEnd(), this.nextStart()) : this.lastEnd());
    this.clauses(block, new Set());
    return block;
  }

  /** Clauses in any order; each at most once, so that a second one belongs to what follows. */
  protected clauses(block: Block, seen: Set<string>): void {
    for (;;) {
      const tok = this.peek();
      if (!tok) break;
      const word = tok.word;
      if (word === 'select' || word === 'from' || word === 'where' || word === 'having' || word === 'qualify' || word === 'group') {
        if (seen.has(word) || (seen.size > 0 && (word === 'select' || word === 'from') && this.parts(seen, word))) break;
        seen.add(word);
        this.at++;
        if (word === 'select') this.selectList(block, 'select');
        else if (word === 'from') this.from(block);
        else if (word === 'group') this.groupBy(block);
        else {
          this.clause(block, word);
          this.expression(block, word, {});
        }
      } else if (word === 'window') {
        this.at++;
        this.windowClause(block);
      } else if (word === 'using' && this.word(1) === 'sample') {
        this.at += 2;
        while (this.peek() && !this.isStop() && this.word() !== ')' && !this.breaksStatement()) this.skipOne();
      } else if (word === 'into' || word === ',' || this.isJunk(word)) {
        this.skipOne();
      } else break;
    }
    this.closeBlock(block);
  }

  /** `FROM a`, blank line, `SELECT …` are two statements; `SELECT …`, blank line, `FROM a` are one. */
  private parts(seen: ReadonlySet<string>, word: string): boolean {
    return word === 'select' && (!seen.has('from') || seen.size > 1 || this.breaksStatement());
  }

  protected isJunk(word: string): boolean {
    if (word === ')') return this.open === 0;
    if (STOPS.has(word) || word === 'on' || word === 'when') return false;
    return !this.breaksStatement() && !(RESERVED.has(word) && STATEMENT_STARTS.has(word));
  }

  /** ORDER BY, LIMIT and OFFSET. False when there was none. */
  private tail(query: Query): boolean {
    const start = this.at;
    let block: Block | undefined;
    for (;;) {
      const word = this.word();
      if (word !== 'order' && word !== 'limit' && word !== 'offset' && word !== 'fetch') break;
      const only = query.members[0];
      block ??= query.members.length === 1 && only && 'sources' in only ? only : this.block('tail', query);
      if (block.kind === 'tail') query.tail = block;
      this.at++;
      if (word === 'order') {
        this.accept('by');
        this.clause(block, 'order');
        this.expressionList(block, 'order', {});
      } else {
        this.clause(block, 'limit');
        if (word === 'fetch') while (this.peek()?.kind === 'word' && !this.isStop() && !this.breaksStatement()) this.at++;
        else this.expression(block, 'limit', {});
      }
      while (this.peek() && this.isJunk(this.word())) this.skipOne();
    }
    if (block) this.closeBlock(block);
    return this.at > start && SET_OPERATIONS.has(this.word());
  }

  protected selectList(block: Block, clause: ClauseKind): void {
    this.clause(block, clause);
    if (this.accept('distinct')) {
      if (this.accept('on')) {
        if (this.accept('(')) {
          // Like ORDER BY, it sees the aliases of the list behind it.
          this.expressionList(block, 'order', { inCall: true });
          this.accept(')');
        }
      }
    } else if (this.word() === 'all' && this.word(1) !== '(') this.at++;
    for (;;) {
      const before = this.at;
      const item = this.selectItem(block, clause);
      if (item && clause === 'select') block.items.push(item);
      while (this.peek() && this.word() !== ',' && this.word() !== ')' && this.isJunk(this.word()) && !this.isListEnd()) this.skipOne();
      if (this.accept(',')) continue;
      if (this.at === before || this.word() !== ',') break;
    }
    block.listEnd = this.lastEnd();
  }

  private isListEnd(): boolean {
    return this.isStop() || this.word() === 'using' || this.word() === 'into';
  }

  protected selectItem(block: Block, clause: ClauseKind): SelectItem | undefined {
    const first = this.peek();
    if (!first) return undefined;
    let alias: Name | undefined;
    if ((this.isName(first) || first.kind === 'string') && this.word(1) === ':') {
      alias = this.takeName();
      this.at++;
    }
    const star = this.star(block, clause);
    const expression = this.expression(block, clause, {}, star !== undefined);
    if (!star && expression.start === expression.end) return undefined;
    if (this.accept('as')) {
      const tok = this.peek();
      if (tok && (this.isName(tok) || tok.kind === 'string' || (tok.kind === 'word' && !RESERVED.has(tok.word)))) alias = this.takeName();
    } else if (expression.complete && !alias && this.isName(this.peek()) && !this.breaksStatement()) alias = this.takeName();
    const end = this.lastEnd();
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
      text: this.text.slice(first.start, Math.min(end, first.start + 200)),
    };
  }

  protected groupBy(block: Block): void {
    this.accept('by');
    this.clause(block, 'group');
    if (this.accept('all')) return;
    this.expressionList(block, 'group', {});
  }

  private windowClause(block: Block): void {
    this.clause(block, 'window');
    while (this.isName(this.peek())) {
      block.windows.push(this.takeName());
      this.accept('as');
      if (this.word() === '(') this.windowSpecification(block, 'window');
      if (!this.accept(',')) break;
    }
  }

  private values(query: Query): Block {
    const block = this.block('values', query);
    this.at++;
    this.clause(block, 'values');
    do {
      if (!this.accept('(')) break;
      let width = 0;
      this.bracketed(() => {
        do {
          this.expression(block, 'values', { inCall: true });
          width++;
        } while (this.accept(','));
      });
      block.width = Math.max(block.width, width);
    } while (this.accept(','));
    this.closeBlock(block);
    return block;
  }

  private describe(query: Query): Block {
    const block = this.block('select', query);
    const table = this.word() === 'table';
    this.at++;
    this.clause(block, 'from');
    if (QUERY_STARTS.has(this.word())) this.wholeQuery(block, { sourceLimit: 0 });
    else {
      this.accept('table');
      this.source(block, undefined);
    }
    const at = this.lastEnd();
    if (table) block.items.push(starItem(at));
    this.closeBlock(block);
    return block;
  }
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
