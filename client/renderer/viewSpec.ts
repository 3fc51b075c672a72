import type { ViewSpec } from '../../server/protocol/notebookOutput.ts';
import type { WireFilter, WireSortKey } from '../../server/protocol/requests.ts';

/** All rows of a result in their own order. */
export const ALL_ROWS: ViewSpec = { sort: [], filters: [], search: '' };

export function showsAll({ sort, filters, search }: ViewSpec): boolean {
  return sort.length === 0 && filters.length === 0 && search === '';
}

/** Whether two views have the same rows in the same order. */
export function sameView(one: ViewSpec, other: ViewSpec): boolean {
  return JSON.stringify([one.sort, one.filters, one.search]) === JSON.stringify([other.sort, other.filters, other.search]);
}

export function filterOf(spec: ViewSpec, column: number): WireFilter | undefined {
  return spec.filters.find((filter) => filter.column === column);
}

/** A column has one condition: a new one takes the place of the one before. */
export function withFilter(spec: ViewSpec, filter: WireFilter): ViewSpec {
  const known = spec.filters.some(({ column }) => column === filter.column);
  const filters = known ? spec.filters.map((other) => (other.column === filter.column ? filter : other)) : [...spec.filters, filter];
  return { ...spec, filters };
}

export function withoutFilter(spec: ViewSpec, column: number): ViewSpec {
  return { ...spec, filters: spec.filters.filter((filter) => filter.column !== column) };
}

/**
 * The keys after a click on a column's head: ascending, descending, not at all. A click on another column sorts by that one alone;
 * with `add`, the other keys stay and the column gets or keeps its place among them.
 */
export function cycleSort(sort: readonly WireSortKey[], column: number, add: boolean): readonly WireSortKey[] {
  const known = sort.find((key) => key.column === column);
  if (!add) {
    if (known === undefined || sort.length > 1) return [{ column }];
    return known.descending === true ? [] : [{ column, descending: true }];
  }
  if (known === undefined) return [...sort, { column }];
  if (known.descending === true) return sort.filter((key) => key !== known);
  return sort.map((key) => (key === known ? { column, descending: true } : key));
}

/** The keys after a column is chosen to be sorted by alone in a direction, or not to be sorted by any more. */
export function sortBy(
  sort: readonly WireSortKey[],
  column: number,
  direction: 'ascending' | 'descending' | 'unsorted',
): readonly WireSortKey[] {
  if (direction === 'unsorted') return sort.filter((key) => key.column !== column);
  return [direction === 'descending' ? { column, descending: true } : { column }];
}

export interface SortMark {
  readonly descending: boolean;
  /** From 1; undefined for the only key. */
  readonly rank: number | undefined;
}

/** How a column's head is marked; undefined where the rows are not sorted by it. */
export function sortMark(sort: readonly WireSortKey[], column: number): SortMark | undefined {
  const index = sort.findIndex((key) => key.column === column);
  if (index < 0) return undefined;
  return { descending: sort[index]?.descending === true, rank: sort.length > 1 ? index + 1 : undefined };
}
