import type { WireComparison } from '../../../server/protocol/requests.ts';
import type { WireRow } from '../../../server/protocol/values.ts';
import type { CellMark } from '../gridParts.ts';

/** What happened to a row, with the sign that stands for it beside its colour. */
export const KINDS = ['added', 'removed', 'changed', 'unchanged'] as const;

export type Kind = (typeof KINDS)[number];

export const SIGNS: Readonly<Record<Kind, string>> = { added: '+', removed: '−', changed: '~', unchanged: '=' };

/** How the cells of a comparison are marked: the first column by what happened to the row, and of changed rows the cells that differ. */
export function comparisonMarks(cells: WireComparison['cells']): (row: WireRow, column: number) => CellMark | undefined {
  const before = new Map(cells.map(({ now, before: other }) => [now, other]));
  const now = new Map(cells.map(({ now: other, before: column }) => [column, other]));
  return (row, column) => {
    const kind = String(row[0]);
    if (column === 0) return { className: `kodiak-diff-${kind}` };
    if (kind === 'added' || kind === 'removed') return { className: `kodiak-diff-row-${kind}` };
    if (kind !== 'changed') return undefined;
    const other = before.get(column) ?? now.get(column);
    if (other === undefined || same(row[column], row[other])) return undefined;
    return before.has(column)
      ? { className: 'kodiak-diff-now', description: 'changed' }
      : { className: 'kodiak-diff-before', description: 'before the change' };
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
