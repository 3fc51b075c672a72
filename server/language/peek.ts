import type { Block, Cte, Query, Reference, Source, StatementScope, TextRange } from '../../engine/sql/scopeTree.ts';
import { splitStatements } from '../../engine/sql/splitStatements.ts';
import { classifyStatement } from '../../engine/sql/statementClass.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { isRoot, trimmed } from './refactoring.ts';
import { wordsIn } from './sqlWords.ts';

/** A part of a statement that can be run by itself. Offsets are those of the script. */
export interface Peek {
  readonly sql: string;
  /** What it is called: a name, or `subquery`. */
  readonly title: string;
  readonly range: TextRange;
  /** Which pieces of `sql` were taken from the script, in order. */
  readonly pieces: readonly PeekPiece[];
}

/** A piece of the script that begins at `at` in the SQL to run. */
export interface PeekPiece extends TextRange {
  readonly at: number;
}

/** Why a part cannot be run by itself, in a sentence. */
export interface PeekRefusal {
  readonly refusal: string;
}

/** A thing that gives rows, and where it is written. */
type Candidate = TextRange &
  (
    | { readonly kind: 'cte'; readonly cte: Cte; readonly owner: Query }
    | { readonly kind: 'source'; readonly source: Source; readonly block: Block }
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'member'; readonly block: Block }
  );

const MAX_TITLE = 40;
const READS: ReadonlySet<Block['kind']> = new Set(['select', 'values', 'pivot', 'tail']);
/** Functions that change something when a SELECT calls them. */
const ACTS = new Set(
  'nextval setseed checkpoint force_checkpoint write_log truncate_duckdb_logs enable_logging disable_logging enable_profiling disable_profiling'.split(
    ' ',
  ),
);

/** The smallest part around a selection that gives rows, made a query of its own; undefined where there is none. */
export function peekAt(document: LanguageDocument, statement: StatementScope, selection: TextRange): Peek | PeekRefusal | undefined {
  const candidate = smallest(document, statement, selection);
  if (candidate === undefined) return undefined;
  if (statement.created?.kind === 'macro')
    return { refusal: 'This is the body of a macro, which has no rows without arguments. Peek at a call of the macro instead.' };
  if (statement.created?.kind === 'prepared')
    return { refusal: 'This is a prepared statement, which has no rows without its parameters. Run an EXECUTE instead.' };
  const part = partOf(document, statement, candidate);
  const included = [...part.levels.flatMap(({ ctes }) => ctes), part.body];
  const refusal = refusalOf(document, statement, candidate, included);
  if (refusal) return refusal;
  const peek = composed(document, part, titleOf(document, candidate));
  return isQuery(peek.sql) ? peek : undefined;
}

/** Whether it is one statement that only reads, whatever the tree says. */
function isQuery(sql: string): boolean {
  const [only, ...others] = splitStatements(sql);
  return only !== undefined && others.length === 0 && classifyStatement(only, sql) === 'query';
}

function smallest(document: LanguageDocument, statement: StatementScope, selection: TextRange): Candidate | undefined {
  const all = candidates(document, statement);
  let found: Candidate | undefined;
  for (const candidate of all) {
    const covers = candidate.start <= selection.start && selection.end <= candidate.end;
    if (covers && (!found || candidate.end - candidate.start < found.end - found.start)) found = candidate;
  }
  // Beside all of them, as at the word CREATE of a table that is made from a query.
  return found ?? all.find(({ kind }) => kind === 'query');
}

function candidates(document: LanguageDocument, statement: StatementScope): Candidate[] {
  const found: Candidate[] = [];
  const bodies = new Map<Query, Candidate>();
  for (const query of statement.queries) {
    for (const cte of query.ctes) {
      if (!cte.query) continue;
      const candidate: Candidate = { kind: 'cte', cte, owner: query, start: cte.start, end: cte.end };
      found.push(candidate);
      bodies.set(cte.query, candidate);
    }
  }
  for (const block of statement.blocks) {
    for (const source of block.sources) {
      if (source.kind === 'excluded') continue;
      const candidate: Candidate = { kind: 'source', source, block, start: source.start, end: source.end };
      found.push(candidate);
      if (source.query) bodies.set(source.query, candidate);
    }
    if (block.query.members.length > 1 && block.kind !== 'tail') found.push({ kind: 'member', block, ...trimmed(document.script, block) });
  }
  for (const query of statement.queries) {
    if (query.members.length === 0) continue;
    const range = withBrackets(document, trimmed(document.script, query), isRoot(statement, query));
    const body = bodies.get(query);
    if (body) found.push({ ...body, ...range });
    else found.push({ kind: 'query', query, ...range });
  }
  return found;
}

function withBrackets({ script }: LanguageDocument, range: TextRange, isWhole: boolean): TextRange {
  const before = script.tokens[script.tokenBefore(range.start)];
  const after = script.tokens[script.tokenBefore(range.end) + 1];
  const isOpen = before && script.text.slice(before.start, before.end) === '(';
  const isClosed = after && script.text.slice(after.start, after.end) === ')';
  return !isWhole && isOpen && isClosed ? { start: before.start, end: after.end } : range;
}

/** Common table expressions of one WITH that a part sees. */
interface Level {
  readonly recursive: boolean;
  readonly ctes: readonly Cte[];
}

interface Part {
  /** The outermost first. */
  readonly levels: readonly Level[];
  /** What is written behind them, as it is or behind `SELECT * FROM`. */
  readonly body: TextRange;
  readonly isSource: boolean;
}

function partOf(document: LanguageDocument, statement: StatementScope, candidate: Candidate): Part {
  const { script } = document;
  const all = Number.POSITIVE_INFINITY;
  switch (candidate.kind) {
    case 'cte': {
      const { cte, owner } = candidate;
      return { levels: levelsOf(document, owner, owner.ctes.indexOf(cte) + 1), body: cte.name, isSource: true };
    }
    case 'source': {
      const { source, block } = candidate;
      return { levels: levelsOf(document, block.query, all), body: source, isSource: true };
    }
    case 'member': {
      const { block } = candidate;
      return { levels: levelsOf(document, block.query, all), body: trimmed(script, block), isSource: false };
    }
    case 'query': {
      const { query } = candidate;
      const { parent } = query;
      const around = parent && !isRoot(statement, query) ? levelsOf(document, parent, query.cteLimit) : [];
      return { levels: around, body: trimmed(script, query), isSource: false };
    }
  }
}

/** What is named in a query and around it; of its own WITH the first ones. */
function levelsOf({ script }: LanguageDocument, query: Query, limit: number): Level[] {
  const levels: Level[] = [];
  let at: Query | undefined = query;
  let first = limit;
  while (at) {
    const ctes = at.ctes.slice(0, first).filter((cte) => cte.query);
    const [, second] = wordsIn(script, at);
    if (ctes.length > 0) levels.unshift({ recursive: second?.word === 'recursive', ctes });
    first = at.cteLimit;
    at = at.parent;
  }
  return levels;
}

function composed({ script }: LanguageDocument, { levels, body, isSource }: Part, title: string): Peek {
  let sql = '';
  const pieces: PeekPiece[] = [];
  const take = ({ start, end }: TextRange) => {
    pieces.push({ at: sql.length, start, end });
    sql += script.text.slice(start, end);
  };
  for (const [index, { recursive, ctes }] of levels.entries()) {
    // DuckDB takes no WITH in brackets right behind another.
    if (index > 0) sql += 'FROM (';
    sql += recursive ? 'WITH RECURSIVE ' : 'WITH ';
    for (const [place, cte] of ctes.entries()) {
      if (place > 0) sql += ', ';
      take(cte);
    }
    sql += '\n';
  }
  const [first] = wordsIn(script, body);
  if (isSource) {
    sql += 'SELECT * FROM ';
    take(body);
  } else if (levels.length === 0) take(body);
  else {
    const isWrapped = /^(?:with|summarize|describe|desc|show)$/.test(first?.word ?? '');
    sql += isWrapped ? 'FROM (' : '(';
    take(body);
    // A comment may end the body.
    sql += '\n)';
  }
  sql += '\n)'.repeat(Math.max(0, levels.length - 1));
  return { sql, title, range: body, pieces };
}

function refusalOf(
  { script, resolver }: LanguageDocument,
  statement: StatementScope,
  candidate: Candidate,
  included: readonly TextRange[],
): PeekRefusal | undefined {
  const isInside = ({ start, end }: TextRange) => included.some((range) => range.start <= start && end <= range.end);
  for (const block of statement.blocks) {
    if (!READS.has(block.kind) && isInside(trimmed(script, block)))
      return { refusal: 'This part changes data, and peeking never does. Run the statement instead.' };
    for (const reference of block.references) {
      if (!isInside(reference)) continue;
      const name = reference.parts.at(-1)?.text.toLowerCase() ?? '';
      if (reference.kind === 'function' && ACTS.has(name))
        return { refusal: `This part calls ${name}, which changes something, and peeking never does. Run the statement instead.` };
      if (meansOutside(reference, block))
        return {
          refusal: `${noun(candidate)} uses ${script.text.slice(reference.start, reference.end)} of what stands around it, and has no rows without that. Peek at the query around it instead.`,
        };
    }
  }
  return undefined;

  /** Whether a name means something that is written beside the part: a row around a subquery, an item before a LATERAL one. */
  function meansOutside(reference: Reference, block: Block): boolean {
    return resolver.meanings(reference, block).some((meaning) => {
      if (meaning?.kind === 'column' || meaning?.kind === 'source') return meaning.source !== undefined && !isInside(meaning.source);
      if (meaning?.kind === 'local') return !isInside(meaning.local.name);
      return meaning?.kind === 'alias' && !isInside(meaning.item);
    });
  }
}

function noun(candidate: Candidate): string {
  switch (candidate.kind) {
    case 'cte':
      return `The common table expression ${candidate.cte.name.text}`;
    case 'source':
      return 'This item of FROM';
    case 'query':
      return 'This subquery';
    case 'member':
      return 'This query';
  }
}

function titleOf({ script }: LanguageDocument, candidate: Candidate): string {
  switch (candidate.kind) {
    case 'cte':
      return candidate.cte.name.text;
    case 'source': {
      const { source } = candidate;
      if (source.kind === 'query') return source.alias?.text ?? 'subquery';
      const written = script.text
        .slice(source.start, source.kind === 'relation' ? source.parts.at(-1)?.end : source.end)
        .replaceAll(/\s+/g, ' ');
      return written.length <= MAX_TITLE ? written : `${written.slice(0, MAX_TITLE - 1)}…`;
    }
    case 'query':
      return script.text[candidate.start] === '(' ? 'subquery' : 'query';
    case 'member':
      return 'part of a set operation';
  }
}
