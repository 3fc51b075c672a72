import { statementScopes } from './errorPlaces.ts';
import { isTypeName } from './keywords.ts';
import type { Token } from './lexer.ts';
import type { TextRange } from './scopeTree.ts';
import type { Statement } from './splitStatements.ts';

/** A string that is written out and cast: `'x'::T`, `CAST('x' AS T)`, `DATE 'x'`. Its range is what an error of it is shown at. */
export interface LiteralCast extends TextRange {
  /** SQL that does the same by itself. */
  readonly expression: string;
}

/** Words and operators by which an expression may come not to be evaluated, or its error not to count. */
const CONDITIONAL = new Set('case coalesce ifnull if nullif try try_cast and or lambda for -> limit offset sample'.split(' '));

/** Types that may stand right before a string. */
const BEFORE_STRING = new Set('date time timetz timestamp timestamptz timestamp_s timestamp_ms timestamp_ns'.split(' '));

/**
 * The casts of strings that are certainly done when the statement runs: those of a SELECT that gives one row, without a condition.
 * Of others nobody knows whether a row reaches them.
 */
export function certainCasts(statement: Statement, script: string): LiteralCast[] {
  const { tokens } = statement;
  const text = (index: number) => (tokens[index] ? script.slice(tokens[index].start, tokens[index].end).toLowerCase() : '');
  if (text(0) !== 'select' || tokens.some((_, index) => CONDITIONAL.has(text(index)))) return [];
  const [scope, ...others] = statementScopes(statement, script);
  const [block, ...inner] = scope?.blocks ?? [];
  if (!block || others.length > 0 || inner.length > 0 || block.sources.length > 0) return [];
  if (block.kind !== 'select' || block.clauses.some(({ kind }) => kind !== 'select')) return [];
  const casts: LiteralCast[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'string' || token.unterminated || script.charAt(token.start) !== "'") continue;
    const before = tokens[index - 1];
    const literal = script.slice(token.start, token.end);
    if (text(index + 1) === '::') {
      const end = typeEnd(tokens, text, index + 2);
      if (end !== undefined) casts.push({ start: token.start, end, expression: script.slice(token.start, end) });
    } else if (text(index - 1) === '(' && text(index - 2) === 'cast' && text(index + 1) === 'as') {
      const end = typeEnd(tokens, text, index + 2);
      const type = tokens[index + 2];
      if (end !== undefined && type)
        casts.push({ start: token.start, end: token.end, expression: `${literal}::${script.slice(type.start, end)}` });
    } else if (before && isBeforeString(text(index - 1), tokens[index + 1]) && text(index - 2) !== '.') {
      casts.push({ start: before.start, end: token.end, expression: `${literal}::${text(index - 1)}` });
    }
  }
  return casts;
}

/** A unit may follow an interval's number. */
function isBeforeString(word: string, next: Token | undefined): boolean {
  return BEFORE_STRING.has(word) || (word === 'interval' && next?.kind !== 'word');
}

/** Where the type ends that begins at a token: a built-in one, or one by its bare name, perhaps with numbers and as a list. */
function typeEnd(tokens: readonly Token[], text: (index: number) => string, from: number): number | undefined {
  const first = tokens[from];
  if (!first || (first.kind !== 'word' && first.kind !== 'quotedName') || text(from + 1) === '.') return undefined;
  // Types of several words, and those with a type inside, are left alone.
  if (['struct', 'map', 'union', 'enum'].includes(text(from)) || ['with', 'without', 'varying', 'precision'].includes(text(from + 1)))
    return undefined;
  if (first.kind === 'word' && text(from + 1) === '(' && !isTypeName(text(from))) return undefined;
  let at = from + 1;
  while (text(at) === '(' || text(at) === '[') {
    const close = text(at) === '(' ? ')' : ']';
    at++;
    while (tokens[at]?.kind === 'number' || text(at) === ',') at++;
    if (text(at) !== close) return undefined;
    at++;
  }
  return tokens[at - 1]?.end;
}
