import type { ViewSpec } from '../../server/protocol/notebookOutput.ts';
import type { FilterValue, WireFilter } from '../../server/protocol/requests.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import { visible } from './cellText.ts';
import { columnFamily } from './columnFamily.ts';
import { formatNumber } from './footerText.ts';
import { showsAll } from './viewSpec.ts';

const MAX_VALUE = 40;
const MAX_NAME = 40;
const MAX_LISTED = 3;

const WORDS: Readonly<Record<WireFilter['op'], string>> = {
  equals: '=',
  notEquals: '≠',
  less: '<',
  lessOrEqual: '≤',
  greater: '>',
  greaterOrEqual: '≥',
  between: 'between',
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  matches: 'matches',
  isNull: 'is NULL',
  isNotNull: 'is not NULL',
  in: 'is one of',
};

/** What a filter keeps: `total ≥ 100`, `name contains “a”`. */
export function filterText({ column, op, values = [] }: WireFilter, columns: readonly WireColumn[]): string {
  const { name = '', type = '' } = columns[column] ?? {};
  const bare = ['boolean', 'number', 'time'].includes(columnFamily(type));
  const texts = values.slice(0, MAX_LISTED).map((value) => valueText(value, bare));
  const more = values.length > MAX_LISTED ? `, and ${formatNumber(values.length - MAX_LISTED)} more` : '';
  const compared = op === 'between' ? texts.join(' and ') : texts.join(', ') + more;
  return [shortName(name), WORDS[op], compared].filter((part) => part !== '').join(' ');
}

/** What rows are sorted by: `total ↓, id ↑`. */
export function sortText(sort: ViewSpec['sort'], columns: readonly WireColumn[]): string {
  return sort.map(({ column, descending }) => `${shortName(columns[column]?.name ?? '')} ${descending ? '↓' : '↑'}`).join(', ');
}

/** How many rows a view has: `1,204 of 100,000 rows`. */
export function viewCountText(shown: number, all: number): string {
  return `${shown === 0 ? 'none' : formatNumber(shown)} of ${formatNumber(all)} ${all === 1 ? 'row' : 'rows'}`;
}

/** What goes on until a view is there. */
export function workText(wanted: ViewSpec, shown: ViewSpec, rowCount: number): string {
  if (showsAll(wanted)) return `Showing all ${formatNumber(rowCount)} ${rowCount === 1 ? 'row' : 'rows'}…`;
  const sorts = JSON.stringify(wanted.sort) !== JSON.stringify(shown.sort) && wanted.sort.length > 0;
  const word = sorts ? 'Sorting' : wanted.search !== shown.search ? 'Searching' : 'Filtering';
  return `${word} ${formatNumber(rowCount)} ${rowCount === 1 ? 'row' : 'rows'}…`;
}

export function shortName(name: string): string {
  return name.length > MAX_NAME ? `${visible(name.slice(0, MAX_NAME))}…` : visible(name);
}

function valueText(value: FilterValue, bare: boolean): string {
  const text = String(value ?? 'NULL');
  const short = visible(text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text);
  return bare || value === null ? short : `“${short}”`;
}
