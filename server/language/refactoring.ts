import type { Block, Query, StatementScope, TextRange } from '../../engine/sql/scopeTree.ts';
import type { SqlScript } from '../../engine/sql/sqlScript.ts';
import type { Column } from '../../engine/types.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { type Word, wordsIn } from './sqlWords.ts';

export interface TextChange extends TextRange {
  readonly text: string;
}

/** What a refactoring works on: a statement with a selection, which may be empty. Offsets are those of the script. */
export interface RefactoringPlace {
  readonly document: LanguageDocument;
  readonly statement: StatementScope;
  readonly selection: TextRange;
  /** Columns of queries that would stand before the statement; undefined for what DuckDB does not take. */
  describe(queries: readonly string[]): Promise<readonly (readonly Column[] | undefined)[]>;
}

/** A change of a statement that keeps what it gives. */
export interface Refactoring {
  readonly id: string;
  readonly title: string;
  readonly kind: 'refactor.rewrite' | 'refactor.extract' | 'refactor.inline';
  /** True when the name of a column that is computed, and has no alias, may have other qualifiers after it: `sum(o.total)`. */
  readonly qualifies?: boolean;
  /** Ways to write it, the best first; one that DuckDB finds to give other columns is not taken. */
  readonly ways: () => Promise<readonly (readonly TextChange[])[]> | readonly (readonly TextChange[])[];
}

/** The outermost query around a range: all of a SELECT, or what a CREATE, COPY or EXPLAIN holds. */
export function rootQuery(statement: StatementScope, { start, end }: TextRange): Query | undefined {
  return statement.queries.find((query) => isRoot(statement, query) && query.start <= start && end <= query.end);
}

/** CREATE and COPY have a query of their own around the written one. */
export function isRoot({ kind }: StatementScope, query: Query): boolean {
  if (kind !== 'create' && kind !== 'copy') return !query.parent && !query.outer;
  return query.parent !== undefined && !query.parent.parent && query.parent.members.length === 0 && query.members.length > 0;
}

/** A tree's range without the white space and comments at its ends. */
export function trimmed(script: SqlScript, range: TextRange): TextRange {
  const words = wordsIn(script, range);
  return { start: words[0]?.start ?? range.start, end: words.at(-1)?.end ?? range.end };
}

const AFTER_FROM = new Set('select where group having window qualify order limit offset fetch union intersect except returning'.split(' '));

/** From the word `from` to the end of the last source or its condition; undefined without it. */
export function fromSpan(script: SqlScript, block: Block): TextRange | undefined {
  const words = wordsIn(script, block);
  const first = words.findIndex(({ word, depth }, index) => word === 'from' && depth === 0 && !isOperator(words, index));
  const from = words[first];
  if (!from) return undefined;
  let end = from.end;
  for (const [index, { word, depth, end: own }] of words.entries()) {
    if (index <= first) continue;
    if (depth < 0 || (depth === 0 && words[index - 1]?.word !== '.' && AFTER_FROM.has(word))) break;
    if (depth === 0 && word === 'using' && words[index + 1]?.word === 'sample') break;
    end = own;
  }
  return { start: from.start, end };
}

/** `IS DISTINCT FROM`, and a column called from. */
function isOperator(words: readonly Word[], index: number): boolean {
  const before = words[index - 1]?.word;
  return before === '.' || (before === 'distinct' && /^(?:is|not)$/.test(words[index - 2]?.word ?? ''));
}

/** A query of its own that gives a select list of a block, with what the block reads and all that its names mean. */
export function standaloneQuery(place: RefactoringPlace, block: Block, list: string): string {
  const { script } = place.document;
  const from = fromSpan(script, block);
  return withCtes(place, block, `select ${list}\n${from ? script.text.slice(from.start, from.end) : ''}`);
}

/** A query behind the common table expressions that a block sees. */
export function withCtes({ document, statement }: Pick<RefactoringPlace, 'document' | 'statement'>, block: Block, query: string): string {
  const { script, resolver } = document;
  const ctes = resolver.visibleCtes(block.query).filter((cte) => cte.query && cte.start >= statement.start);
  if (ctes.length === 0) return query;
  const texts = ctes.sort((a, b) => a.start - b.start).map(({ start, end }) => script.text.slice(start, end));
  return `with recursive ${texts.join(', ')}\n${query}`;
}

export function overlaps(range: TextRange, selection: TextRange): boolean {
  return range.start <= selection.end && selection.start <= range.end;
}
