import { ScopePivots } from './scopePivots.ts';
import type { Block, ClauseKind, Name, Query, Source } from './scopeTree.ts';
import { QUERY_STARTS, set } from './scopeWords.ts';

/** Reads statements that write rows: INSERT, UPDATE, DELETE and MERGE. */
export abstract class ScopeWrites extends ScopePivots {
  protected target(block: Block, mayHaveAlias = true): Source | undefined {
    this.clause(block, 'from');
    const count = block.sources.length;
    const first = this.peek();
    if (!this.isName(first) || !first) return undefined;
    const { parts } = this.nameChain();
    this.mentionQualifiers(parts);
    const source: Source = {
      kind: 'relation',
      start: first.start,
      end: this.lastEnd(),
      parts,
      path: undefined,
      query: undefined,
      alias: undefined,
      columnAliases: [],
      join: undefined,
    };
    if (!mayHaveAlias) {
      // What follows is what is changed.
    } else if (this.accept('as')) {
      if (this.isName(this.peek())) source.alias = this.takeName();
    } else if (this.isName(this.peek()) && !this.breaksStatement() && !set('set values default by').has(this.word()))
      source.alias = this.takeName();
    block.sources.splice(count, 0, source);
    return source;
  }

  protected override insert(query: Query): Block {
    const block = this.block('insert', query);
    this.at++;
    if (this.accept('or')) this.at++;
    this.accept('into');
    this.target(block);
    if (this.word() === '(' && !this.startsQuery(this.at)) {
      this.clause(block, 'columns');
      this.outputList(block, 'columns');
    }
    if (this.accept('by')) {
      block.byName = this.word() === 'name';
      this.accept('name', 'position');
    }
    if (this.accept('default')) this.accept('values');
    else if (QUERY_STARTS.has(this.word()) || this.word() === '(') {
      this.clause(block, 'values');
      this.wholeQuery(block, { sourceLimit: 0 });
    }
    if (this.accept('on')) this.onConflict(block);
    if (this.accept('returning')) this.selectList(block, 'returning');
    this.closeBlock(block);
    return block;
  }

  private onConflict(block: Block): void {
    this.accept('conflict');
    this.clause(block, 'conflict');
    if (this.word() === '(') this.outputList(block, 'conflict');
    if (this.accept('where')) this.expression(block, 'where', {});
    this.accept('do');
    if (this.accept('nothing') || !this.accept('update')) return;
    const target = block.sources[0];
    if (target) {
      const at = this.lastEnd();
      const alias = { text: 'excluded', start: at, end: at };
      block.sources.push({ ...target, kind: 'excluded', alias, start: at, end: at });
    }
    this.assignments(block);
    if (this.accept('where')) {
      this.clause(block, 'where');
      this.expression(block, 'where', {});
    }
  }

  protected override update(query: Query): Block {
    const block = this.block('update', query);
    this.at++;
    this.target(block);
    this.assignments(block);
    this.clauses(block, new Set(['select']));
    if (this.accept('returning')) this.selectList(block, 'returning');
    this.closeBlock(block);
    return block;
  }

  private assignments(block: Block): void {
    if (!this.accept('set')) return;
    this.clause(block, 'set');
    do {
      if (this.word() === '(') this.outputList(block, 'set');
      else if (this.isName(this.peek())) {
        const { parts } = this.nameChain();
        this.refer(block, 'output', parts, 'set', (parts[0] as Name).start, this.lastEnd());
      }
      if (this.accept('=')) this.expression(block, 'set', {});
    } while (this.accept(','));
  }

  protected override delete(query: Query): Block {
    const block = this.block('delete', query);
    this.at++;
    this.accept('from');
    this.target(block);
    if (this.accept('using')) this.from(block);
    this.clauses(block, new Set(['select', 'from']));
    if (this.accept('returning')) this.selectList(block, 'returning');
    this.closeBlock(block);
    return block;
  }

  protected override merge(query: Query): Block {
    const block = this.block('merge', query);
    this.at++;
    this.accept('into');
    this.target(block);
    if (this.accept('using')) {
      this.clause(block, 'from');
      this.source(block, { start: this.lastEnd(), natural: false, using: [], hasCondition: true });
      if (this.accept('on')) {
        this.clause(block, 'on');
        this.expression(block, 'on', {});
      } else if (this.accept('using') && this.word() === '(') {
        this.nameList((name) => this.refer(block, 'using', [name], 'using', name.start, name.end));
      }
    }
    while (this.accept('when')) {
      this.clause(block, 'when');
      this.accept('not');
      this.accept('matched');
      if (this.accept('by')) this.accept('source', 'target');
      if (this.accept('and')) this.expression(block, 'where', {});
      this.accept('then');
      if (this.accept('update')) this.assignments(block);
      else if (this.accept('insert')) {
        if (this.word() === '(') this.outputList(block, 'columns');
        if (this.accept('by')) this.accept('name', 'position');
        if (this.accept('values') && this.word() === '(') this.call(block, 'values', false);
      } else this.accept('delete', 'do', 'error');
      while (this.peek() && this.isJunk(this.word()) && this.word() !== ')') this.skipOne();
    }
    if (this.accept('returning')) this.selectList(block, 'returning');
    this.closeBlock(block);
    return block;
  }

  protected outputList(block: Block, clause: ClauseKind): void {
    this.nameList((name) => this.refer(block, 'output', [name], clause, name.start, name.end));
  }

  /** The query of a table macro may stand in brackets. */
  protected isBracketedTable(): boolean {
    return this.word() === '(' && this.tokens[this.at - 1]?.word === 'table' && this.startsQuery(this.at);
  }

  /** `CREATE TABLE t (a, b) AS …` */
  protected isBareNameList(): boolean {
    const close = this.closing.get(this.at);
    if (close === undefined || this.tokens[close + 1]?.word !== 'as') return false;
    for (let at = this.at + 1; at < close; at++) if (!this.isName(this.tokens[at]) && this.tokens[at]?.word !== ',') return false;
    return true;
  }
}
