import type { ClauseKind } from '../../../engine/sql/scopeTree.ts';
import { joinConditions } from '../joinConditions.ts';
import { AFTER_OPERAND, CLAUSES_AFTER, EXPRESSION_START, JOIN_KEYWORDS, WINDOW_KEYWORDS } from '../keywords.ts';
import { addColumns, addColumnsWithFrom } from './columns.ts';
import { addFunctions, addMacroArguments } from './functions.ts';
import type { CompletionPlace } from './place.ts';

/** Words before an operand; any other word is an operand itself. */
const OPERAND_FOLLOWS = new Set(
  'select distinct where and or not on by having qualify when then else case in between like ilike similar limit offset returning set values if using for partition interval is from into with over filter lambda any some exists'.split(
    ' ',
  ),
);

export function isTablePlace(place: CompletionPlace, last: string): boolean {
  const { clause, call, statement, block } = place.context;
  const inner = call !== undefined && call.name !== '' && !['from', 'join', 'in', 'exists', 'as', 'using'].includes(call.name);
  if (last === 'from') return !(call && ['extract', 'trim', 'substring', 'overlay'].includes(call.name) && clause !== 'from');
  if (['join', 'into', 'summarize', 'describe', 'lateral'].includes(last)) return true;
  if (last === 'update' || last === 'table' || last === 'view' || last === 'copy')
    return statement?.kind === last || ['drop', 'alter', 'truncate', 'describe', 'show', 'comment'].includes(statement?.kind ?? '');
  if (last === 'exists') return statement?.kind === 'drop';
  if (last === 'pivot' || last === 'unpivot') return block?.kind === 'pivot';
  if (last === 'using') return block?.kind === 'delete' || block?.kind === 'merge';
  return clause === 'from' && (last === ',' || last === '(') && !inner;
}

export function isOperandPlace(last: string, second: string): boolean {
  if (last === '*') return !['select', ',', 'distinct', '(', '.'].includes(second);
  if (
    ['a', ')', ']', '}', 'end', 'null', 'true', 'false', 'all', 'asc', 'desc', 'nothing', 'default'].includes(last) &&
    !(last === 'all' && second === 'select')
  )
    return false;
  if (/^[^\p{L}_"]/u.test(last)) return true;
  return OPERAND_FOLLOWS.has(last);
}

export function inStar(place: CompletionPlace): boolean {
  return ['*', ')', 'exclude'].some((word) => place.context.before.includes(word));
}

export function addExpression(place: CompletionPlace): void {
  const { block, clause, before, prefix } = place.context;
  if (block && clause === 'on' && before[0] === 'on') {
    for (const [index, { text, detail, rank }] of joinConditions(place.document, block, place.context.start).entries()) {
      place.items.add({ label: text, kind: 'condition', insert: text, detail, rank: rank + index / 100 });
    }
  }
  const visible = block ? place.document.resolver.visibleSources(block) : [];
  addColumns(place, block, clause);
  if (block?.kind === 'select' && clause === 'select' && visible.length === 0) addColumnsWithFrom(place, block);
  addFunctions(place);
  addMacroArguments(place);
  const first = before[0];
  const start = first === 'select' ? ['*', 'DISTINCT', ...EXPRESSION_START] : EXPRESSION_START;
  if (prefix !== '' || first === 'select') place.items.keywords(start, 70);
  if (first === '(') place.items.keywords(['SELECT', 'FROM', 'WITH', 'DISTINCT'], 71);
  if (first === 'by' && (clause === 'group' || clause === 'order')) place.items.keywords(['ALL'], 20);
  if (place.context.call?.name === '' || place.context.call?.before === 'over') place.items.keywords(WINDOW_KEYWORDS, 72);
}

export function addAfterOperand(place: CompletionPlace, last: string): void {
  const { clause, block, call, statement } = place.context;
  if (call && call.name !== '' && !['in', 'exists', 'as', 'from', 'join', 'using'].includes(call.name) && clause !== 'from') {
    place.items.keywords([...AFTER_OPERAND, 'ORDER BY', 'AS'], 60);
    return;
  }
  if (block?.kind === 'pivot') place.items.keywords(['ON', 'USING', 'GROUP BY'], 5);
  if (clause === 'from' && (block?.kind === 'select' || block?.kind === 'pivot')) {
    const join = block?.sources.findLast(({ start }) => start < place.context.start)?.join;
    if (join && !join.hasCondition && !join.natural) place.items.keywords(['ON', 'USING'], 10);
    place.items.keywords(JOIN_KEYWORDS, 30);
    place.items.keywords(['AS', 'PIVOT', 'UNPIVOT', 'TABLESAMPLE'], 60);
  } else if (clause !== undefined && clause !== 'limit' && last !== 'all') {
    place.items.keywords(AFTER_OPERAND, 40);
    if (clause === 'select' || clause === 'returning') place.items.keywords(['AS'], 25);
    if (clause === 'order') place.items.keywords(['ASC', 'DESC', 'NULLS FIRST', 'NULLS LAST'], 20);
    if (clause === 'on') place.items.keywords(JOIN_KEYWORDS, 45);
    if (last === ')') place.items.keywords(['OVER', 'FILTER'], 30);
  }
  if (block?.kind === 'insert' && clause !== 'values')
    place.items.keywords(['VALUES', 'SELECT', 'FROM', 'DEFAULT VALUES', 'BY NAME', 'ON CONFLICT', 'RETURNING'], 30);
  else if (block?.kind === 'update') place.items.keywords(['SET', 'FROM', 'WHERE', 'RETURNING'], 30);
  else if (block?.kind === 'delete') place.items.keywords(['USING', 'WHERE', 'RETURNING'], 30);
  else if (block?.kind === 'merge')
    place.items.keywords(['USING', 'ON', 'WHEN MATCHED THEN', 'WHEN NOT MATCHED THEN', 'UPDATE SET', 'INSERT', 'DELETE'], 30);
  else if (statement?.kind === 'create' && block?.kind === 'tail') place.items.keywords(['AS'], 10);
  else if (statement?.kind === 'alter') return;
  else {
    const written = new Set(block?.clauses.filter((other) => other.start > place.context.start).map(({ kind }) => kind));
    const follow = CLAUSES_AFTER[clause ?? ''] ?? CLAUSES_AFTER['limit'] ?? [];
    // Only what may stand before the clause that is written already.
    const until = follow.findIndex((word) => written.has(word.split(' ')[0]?.toLowerCase() as ClauseKind));
    const words = until < 0 ? follow : follow.slice(0, until);
    const reads = block?.clauses.some(({ kind }) => kind === 'select') ?? false;
    place.items.keywords(block?.clauses[0]?.kind === 'from' && !reads ? ['SELECT', ...words] : words, 35);
  }
}
