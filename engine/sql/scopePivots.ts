import { ScopeQueries } from './scopeQueries.ts';
import type { Block, Join, Name, Pivot, Query, Reference, Source } from './scopeTree.ts';

/** Reads PIVOT and UNPIVOT, as statements and behind a source. */
export abstract class ScopePivots extends ScopeQueries {
  protected override pivotStatement(query: Query): Block {
    const block = this.block('pivot', query);
    const kind = this.word().startsWith('unpivot') || this.word() === 'pivot_longer' ? 'unpivot' : 'pivot';
    this.at++;
    this.clause(block, 'from');
    this.source(block, undefined);
    const pivot = emptyPivot(kind);
    block.pivot = pivot;
    for (;;) {
      const word = this.word();
      if (word === 'on' && pivot.on.length === 0) {
        this.at++;
        this.clause(block, 'pivot');
        this.pivotOn(block, pivot);
      } else if (word === 'using' && this.word(1) !== 'sample') {
        this.at++;
        this.clause(block, 'pivot');
        this.pivotAggregates(block, pivot);
      } else if (word === 'group') {
        this.at++;
        const from = block.references.length;
        this.groupBy(block);
        pivot.group = lastParts(block.references.slice(from));
      } else if (word === 'into') {
        this.at++;
        this.pivotInto(pivot);
      } else if (word === 'include' || word === 'exclude') {
        this.at++;
        this.accept('nulls');
      } else break;
    }
    this.closeBlock(block);
    return block;
  }

  private pivotInto(pivot: Pivot): void {
    if (this.accept('name') && this.isName(this.peek())) pivot.nameColumn = this.takeName();
    if (!this.accept('value')) return;
    const names: Name[] = [];
    while (this.isName(this.peek())) {
      names.push(this.takeName());
      if (!this.accept(',')) break;
    }
    (pivot as { valueColumns: readonly Name[] }).valueColumns = names;
  }

  private pivotOn(block: Block, pivot: Pivot): void {
    const from = block.references.length;
    const values: string[] = [];
    do {
      const before = this.at;
      this.expression(block, 'pivot', {});
      values.push(...this.inValues(before));
      if (this.accept('as') && this.isName(this.peek())) this.at++;
    } while (this.accept(','));
    pivot.on = lastParts(block.references.slice(from).filter(({ kind }) => kind === 'column'));
    (pivot as { values: readonly string[] }).values = values;
  }

  /** The literals of an IN list between two tokens. */
  private inValues(from: number): string[] {
    const values: string[] = [];
    let inside = false;
    for (let at = from; at < this.at; at++) {
      const tok = this.tokens[at];
      if (tok?.word === 'in') inside = true;
      else if (inside && tok && (tok.kind === 'string' || tok.kind === 'number')) values.push(this.nameOf(tok).text);
    }
    return values;
  }

  private pivotAggregates(block: Block, pivot: Pivot): void {
    const from = block.references.length;
    const names: (string | undefined)[] = [];
    do {
      const item = this.selectItem(block, 'pivot');
      names.push(item?.alias?.text);
    } while (this.accept(','));
    const columns = block.references.slice(from).filter(({ kind }) => kind === 'column');
    (pivot as { used: readonly Name[] }).used = lastParts(columns);
    (pivot as { aggregates: readonly (string | undefined)[] }).aggregates = names;
  }

  /** `t PIVOT (sum(x) FOR y IN ('a', 'b') GROUP BY z)`, `t UNPIVOT (v FOR n IN (a, b))` */
  protected override pivotedSource(block: Block, inner: Source, join: Join | undefined): Source {
    const kind = this.word() as 'pivot' | 'unpivot';
    this.at++;
    const query = this.query(block, undefined, undefined, block.sources.length);
    this.at++;
    const pivoted = this.block('pivot', query);
    query.members.push(pivoted);
    pivoted.sources.push(inner);
    const pivot = emptyPivot(kind);
    pivoted.pivot = pivot;
    this.clause(pivoted, 'pivot');
    this.bracketed(() => {
      if (kind === 'pivot') this.pivotAggregates(pivoted, pivot);
      else if (this.isName(this.peek())) (pivot as { valueColumns: readonly Name[] }).valueColumns = [this.takeName()];
      if (this.accept('for')) {
        if (kind === 'pivot') this.pivotOn(pivoted, pivot);
        else {
          if (this.isName(this.peek())) pivot.nameColumn = this.takeName();
          this.accept('in');
          if (this.word() === '(') {
            pivot.on = this.nameList((name) => this.refer(pivoted, 'column', [name], 'pivot', name.start, name.end));
          }
        }
      }
      if (this.accept('group')) {
        const from = pivoted.references.length;
        this.groupBy(pivoted);
        pivot.group = lastParts(pivoted.references.slice(from));
      }
    });
    pivoted.end = this.lastEnd();
    query.end = pivoted.end;
    return {
      kind: 'query',
      start: inner.start,
      end: this.lastEnd(),
      parts: [],
      path: undefined,
      query,
      alias: undefined,
      columnAliases: [],
      join,
    };
  }
}

function emptyPivot(kind: Pivot['kind']): Pivot {
  return { kind, on: [], values: [], used: [], aggregates: [], group: undefined, nameColumn: undefined, valueColumns: [] };
}

function lastParts(references: readonly Reference[]): Name[] {
  return references.flatMap(({ parts }) => parts.at(-1) ?? []);
}
