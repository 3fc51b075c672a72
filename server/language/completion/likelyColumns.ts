import { meaningType } from '../../../engine/sql/resolveNames.ts';
import type { Block, ClauseKind } from '../../../engine/sql/scopeTree.ts';
import { sameName } from '../../../engine/sql/sqlNames.ts';
import type { CompletionPlace } from './place.ts';

const COMPARISONS = new Set(['=', '==', '!=', '<>', '<', '>', '<=', '>=']);
/** Clauses in which a column is hardly written twice. */
const LISTS: ReadonlySet<ClauseKind | undefined> = new Set(['select', 'group', 'order', 'returning']);

/** How far a column moves among the others: up when its type is that of what it is compared with, down when its list has it already. */
export type ColumnShift = (name: string, type: string | undefined) => number;

export function columnShift(place: CompletionPlace, block: Block, clause: ClauseKind | undefined): ColumnShift {
  const compared = comparedOperand(place, block);
  const { start, end } = place.context;
  const used =
    LISTS.has(clause) && !place.context.call?.name
      ? block.references.filter(
          (reference) => reference.kind === 'column' && reference.clause === clause && (reference.end < start || reference.start > end),
        )
      : [];
  const isUsed = (name: string) => used.some(({ parts }) => sameName(parts.at(-1)?.text ?? '', name));
  return (name, type) => {
    if (compared && !sameName(compared.name, name) && kindOf(type) === kindOf(compared.type)) return -3;
    if (compared && sameName(compared.name, name)) return 1;
    return isUsed(name) ? 3 : 0;
  };
}

/** The column left of the comparison that the cursor stands behind. */
function comparedOperand(place: CompletionPlace, block: Block): { readonly name: string; readonly type: string } | undefined {
  const { script, resolver } = place.document;
  if (!COMPARISONS.has(place.context.before[0] ?? '')) return undefined;
  const operator = script.tokenBefore(place.context.qualifierStart);
  const end = script.tokens[operator - 1]?.end;
  const reference = block.references.find((candidate) => candidate.kind === 'column' && candidate.end === end);
  const meaning = reference && resolver.meanings(reference, block).at(-1);
  const type = meaning && meaningType(meaning);
  return reference && type !== undefined ? { name: reference.parts.at(-1)?.text ?? '', type } : undefined;
}

/** Types that are compared with one another without a cast to be written. */
function kindOf(type: string | undefined): string | undefined {
  const plain = type?.replace(/\(.*$/, '').toUpperCase();
  if (plain === undefined) return undefined;
  if (/^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$|^(?:DOUBLE|FLOAT|DECIMAL|BIGNUM)$/.test(plain)) return 'number';
  return /^(?:DATE|TIMESTAMP)/.test(plain) ? 'time' : plain;
}
