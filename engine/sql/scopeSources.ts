import { ScopeExpressions } from './scopeExpressions.ts';
import type { Block, Join, Name, Source } from './scopeTree.ts';
import { JOIN_WORDS, MAX_DEPTH } from './scopeWords.ts';
import { stringValue, TYPE_OR_FUNCTION } from './sqlNames.ts';

/** Reads what a query reads from: FROM with its joins, tables, files, functions, subqueries and their aliases. */
export abstract class ScopeSources extends ScopeExpressions {
  protected abstract pivotedSource(block: Block, inner: Source, join: Join | undefined): Source;

  protected from(block: Block): void {
    this.clause(block, 'from');
    this.sources(block, undefined);
  }

  private sources(block: Block, firstJoin: Join | undefined): void {
    let join = firstJoin;
    for (;;) {
      const before = this.at;
      this.source(block, join);
      join = undefined;
      for (;;) {
        const joined = this.joinWords();
        if (!joined) break;
        this.source(block, joined);
        this.joinCondition(block, joined);
      }
      if (this.accept(',')) continue;
      if (this.at === before) break;
      if (this.word() !== ',') break;
    }
  }

  private joinWords(): (Join & { using: readonly Name[]; hasCondition: boolean }) | undefined {
    const start = this.at;
    let natural = false;
    while (JOIN_WORDS.has(this.word()) && this.word() !== 'join') {
      natural ||= this.word() === 'natural';
      this.at++;
    }
    if (this.accept('join')) return { start: this.tokens[start]?.start ?? 0, natural, using: [], hasCondition: false };
    if (this.at === start) return undefined;
    // Half a join, as while LEFT is being written: what follows stays readable.
    return this.isName(this.peek()) && !this.breaksStatement()
      ? { start: this.tokens[start]?.start ?? 0, natural, using: [], hasCondition: false }
      : undefined;
  }

  private joinCondition(block: Block, join: Join): void {
    // `a JOIN b JOIN c ON … ON …`
    while (this.word() === 'on' || (this.word() === 'using' && this.word(1) === '(')) {
      join.hasCondition = true;
      if (this.accept('on')) {
        this.clause(block, 'on');
        this.expression(block, 'on', {});
      } else {
        this.at++;
        this.clause(block, 'using');
        join.using = this.nameList((name) => this.refer(block, 'using', [name], 'using', name.start, name.end));
        if (this.isName(this.peek()) && this.tokens[this.at - 1]?.word === 'as') this.at++;
      }
      // What lies between belongs to the condition.
      if (this.peek()) this.clause(block, 'from', this.nextStart());
    }
  }

  protected source(block: Block, join: Join | undefined): void {
    this.accept('lateral');
    const first = this.peek();
    if (!first || this.breaksStatement()) return;
    let prefixAlias: Name | undefined;
    if (this.isName(first) && this.word(1) === ':') {
      prefixAlias = this.takeName();
      this.at++;
    }
    let source = this.plainSource(block, join);
    if (!source) return;
    source.alias = prefixAlias;
    this.sourceAlias(source);
    while ((this.word() === 'pivot' || this.word() === 'unpivot') && this.word(1) === '(') {
      source = this.pivotedSource(block, source, join);
      this.sourceAlias(source);
    }
    (source as { end: number }).end = this.lastEnd();
    block.sources.push(source);
    if (this.word() === 'tablesample') {
      this.at++;
      while (
        this.peek() &&
        this.word() !== ')' &&
        this.word() !== ',' &&
        !this.isStop() &&
        !JOIN_WORDS.has(this.word()) &&
        !this.breaksStatement()
      )
        this.skipOne();
    }
  }

  private plainSource(block: Block, join: Join | undefined): Source | undefined {
    const first = this.peek();
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
      this.at++;
      return { ...base, kind: 'file', path: stringValue(this.text.slice(first.start, first.end)) };
    }
    if (first.word === '(') {
      if (this.startsQuery(this.at)) {
        this.at++;
        const query = this.bracketed(() => this.wholeQuery(block, { sourceLimit: block.sources.length }));
        return { ...base, kind: 'query', query };
      }
      if (this.depth > MAX_DEPTH) {
        this.skipBrackets();
        return undefined;
      }
      this.at++;
      this.depth++;
      const count = block.sources.length;
      this.bracketed(() => this.sources(block, join));
      this.depth--;
      if (block.sources.length === count + 1) {
        const only = block.sources.pop() as Source;
        return only;
      }
      return undefined;
    }
    if (first.word === 'values') {
      const query = this.wholeQuery(block, { sourceLimit: block.sources.length });
      return { ...base, kind: 'query', query };
    }
    if (!this.isName(first) && !(TYPE_OR_FUNCTION.has(first.word) && this.word(1) === '(')) return undefined;
    const { parts } = this.nameChain();
    this.mentionQualifiers(parts);
    if (this.word() !== '(') return { ...base, kind: 'relation', parts };
    const name = parts.at(-1) as Name;
    this.refer(block, 'function', parts, 'from', first.start, name.end);
    const argument = this.peek(1);
    this.call(block, 'from', false, parts);
    if (this.word() === 'with' && this.word(1) === 'ordinality') this.at += 2;
    const path = argument?.kind === 'string' ? stringValue(this.text.slice(argument.start, argument.end)) : undefined;
    return { ...base, kind: 'function', parts, path };
  }

  private sourceAlias(source: Source): void {
    if (this.word() === 'at' && this.word(1) === '(') {
      this.at++;
      this.skipBrackets();
    }
    if (this.accept('as')) {
      if (this.isName(this.peek()) || this.peek()?.kind === 'string') source.alias = this.takeName();
    } else if (this.isName(this.peek()) && !this.breaksStatement() && !this.startsClause()) source.alias = this.takeName();
    else return;
    if (source.alias && this.word() === '(') source.columnAliases = this.nameList();
  }

  /** Words that are no reserved ones and yet go on with the statement after a source. */
  private startsClause(): boolean {
    const word = this.word();
    return (
      word === 'set' || (word === 'sample' && this.tokens[this.at - 1]?.word === 'using') || (word === 'values' && this.word(1) === '(')
    );
  }
}
