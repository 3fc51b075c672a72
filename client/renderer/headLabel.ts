import type { WireColumn } from '../../server/protocol/values.ts';
import { visible } from './cellText.ts';
import type { SortMark } from './viewSpec.ts';

/** How the head of a column is marked. */
export interface HeadState {
  readonly sort: SortMark | undefined;
  readonly filtered: boolean;
}

/** What a screen reader says of a head: `total, DOUBLE, sorted descending, key 2, filtered`. */
export function headLabel(column: WireColumn, state: HeadState | undefined): string {
  const parts = [visible(column.name), visible(column.type)];
  if (state?.sort !== undefined) parts.push(state.sort.descending ? 'sorted descending' : 'sorted ascending');
  if (state?.sort?.rank !== undefined) parts.push(`key ${state.sort.rank}`);
  if (state?.filtered) parts.push('filtered');
  return parts.join(', ');
}
