import type { Token } from '../../engine/sql/lexer.ts';
import type { Block, ClauseKind } from '../../engine/sql/scopeTree.ts';
import { blockAround, type FixEdit, type FixPlace, type QuickFix } from './quickFix.ts';
import { lowerText } from './sqlText.ts';

/** Clauses before each of those that a condition can move to. */
const BEFORE: Readonly<Record<'having' | 'qualify', readonly ClauseKind[]>> = {
  having: ['from', 'on', 'using', 'where', 'group'],
  qualify: ['from', 'on', 'using', 'where', 'group', 'having', 'window'],
};

const NEXT_WORDS = new Set('where group by having window qualify order limit offset using sample'.split(' '));

/** A condition of WHERE with an aggregate belongs into HAVING, one with a window function into QUALIFY. */
export function conditionFixes(message: string, place: FixPlace): QuickFix[] {
  const to = /cannot contain aggregates/.test(message) ? 'having' : /cannot contain window functions/.test(message) ? 'qualify' : undefined;
  const block = to && blockAround(place);
  const where = block?.clauses.find(({ kind }) => kind === 'where');
  if (!to || !block || !where || place.start < where.start || place.start >= where.end) return [];
  const { text, statement } = place;
  const inside = (start: number, end: number) => {
    const own = statement.tokens.filter((token) => start <= token.start && token.end <= Math.min(end, block.end));
    // A clause reaches up to the next one, whose keyword is not its own.
    return own.slice(0, own.findLastIndex((token) => token.kind !== 'word' || !NEXT_WORDS.has(lowerText(text, token))) + 1);
  };
  const keyword = statement.tokens.findLast((token) => token.end <= where.start && lowerText(text, token) === 'where');
  const parts = conjuncts(inside(where.start, where.end), text);
  const at = parts.findIndex((part) => part[0] && part[0].start <= place.start && place.start < (part.at(-1)?.end ?? 0));
  const moved = parts[at];
  const [first, last] = [moved?.[0], moved?.at(-1)];
  if (!keyword || !first || !last) return [];
  const word = lowerText(text, keyword) === text.slice(keyword.start, keyword.end) ? to : to.toUpperCase();
  const and = word === to ? 'and' : 'AND';
  const condition = text.slice(first.start, last.end);
  const own = block.clauses.find(({ kind }) => kind === to);
  const ownEnd = own && inside(own.start, own.end).at(-1)?.end;
  const behind = ownEnd ?? endBefore(block, BEFORE[to], inside);
  const isAll = parts.length === 1;
  const added = own ? ` ${and} ${condition}` : ` ${word} ${condition}`;
  const title = `Move the condition to ${word.toUpperCase()}`;
  if (isAll && behind === last.end) {
    return [{ title, edits: [{ start: keyword.start, end: last.end, text: added.trim() }], preferred: true }];
  }
  return [{ title, edits: [removal(keyword, parts, at, statement.tokens), { start: behind, end: behind, text: added }], preferred: true }];
}

/** Takes a condition out of WHERE, with the word that joins it, or with WHERE itself. */
function removal(keyword: Token, parts: readonly (readonly Token[])[], at: number, tokens: readonly Token[]): FixEdit {
  const [first, last] = [parts[at]?.[0] as Token, parts[at]?.at(-1) as Token];
  const next = parts[at + 1]?.[0];
  if (next) return { start: first.start, end: next.start, text: '' };
  const before = parts[at - 1]?.at(-1);
  if (before) return { start: before.end, end: last.end, text: '' };
  const ahead = tokens[tokens.indexOf(keyword) - 1];
  return { start: ahead?.end ?? keyword.start, end: last.end, text: '' };
}

function endBefore(block: Block, kinds: readonly ClauseKind[], inside: (start: number, end: number) => readonly Token[]): number {
  const ends = block.clauses.filter(({ kind }) => kinds.includes(kind)).flatMap(({ start, end }) => inside(start, end).at(-1)?.end ?? []);
  return Math.max(...ends);
}

/** What AND joins, unless OR joins anything. */
function conjuncts(tokens: readonly Token[], text: string): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  let between = 0;
  for (const token of tokens) {
    const word = lowerText(text, token);
    if (word === '(' || word === '[' || word === 'case') depth++;
    if (word === ')' || word === ']' || word === 'end') depth--;
    if (depth === 0 && word === 'or') return [[...tokens]];
    if (depth === 0 && word === 'between') between++;
    if (depth === 0 && word === 'and' && between === 0) parts.push([]);
    else {
      if (depth === 0 && word === 'and') between--;
      parts.at(-1)?.push(token);
    }
  }
  return parts;
}
