import { COPY_FORMATS, type CopyFormat } from './copyFormats.ts';
import type { MenuItem } from './popupMenu.ts';

/** What a person can do with a column besides what its head does at a click. */
export type ColumnCommand =
  | 'ascending'
  | 'descending'
  | 'filter'
  | 'fit'
  | 'hide'
  | 'left'
  | 'pin'
  | 'profile'
  | 'right'
  | 'select'
  | 'showAll'
  | 'thousands'
  | 'unpin'
  | 'unsorted';

export interface ColumnState {
  readonly name: string;
  readonly sorted: boolean;
  readonly pinned: boolean;
  /** How many columns are hidden. */
  readonly hidden: number;
  /** How many are shown. */
  readonly shown: number;
  /** Numbers have separators between thousands. */
  readonly thousands: boolean;
}

export function columnItems(state: ColumnState, run: (command: ColumnCommand) => void): MenuItem[] {
  const item = (command: ColumnCommand, label: string, more: Partial<MenuItem> = {}): MenuItem => ({
    label,
    ...more,
    run: () => run(command),
  });
  return [
    item('ascending', 'Sort Ascending', { key: 'Enter' }),
    item('descending', 'Sort Descending'),
    ...(state.sorted ? [item('unsorted', 'Remove from the Order')] : []),
    item('filter', 'Filter…', { key: 'Alt+↓' }),
    item('profile', 'Profile', { key: 'P' }),
    state.pinned ? item('unpin', 'Unpin', { separated: true }) : item('pin', 'Pin to the Left', { separated: true }),
    item('left', 'Move Left'),
    item('right', 'Move Right'),
    item('fit', 'Fit the Width'),
    ...(state.shown > 1 ? [item('hide', 'Hide')] : []),
    ...(state.hidden > 0 ? [item('showAll', `Show All Columns (${state.hidden} hidden)`)] : []),
    item('select', 'Select the Column', { key: 'Ctrl+Space', separated: true }),
    item('thousands', 'Thousands Separators', { checked: state.thousands }),
  ];
}

export type CellCommand = 'all' | 'column' | 'copy' | 'open' | 'row' | { readonly copyAs: CopyFormat };

export function cellItems(columnName: string, run: (command: CellCommand) => void): MenuItem[] {
  const formats = Object.entries(COPY_FORMATS) as [CopyFormat, string][];
  return [
    { label: 'Open the Value', key: 'Enter', run: () => run('open') },
    { label: 'Copy', key: 'Ctrl+C', separated: true, run: () => run('copy') },
    ...formats
      .filter(([format]) => format !== 'tsv')
      .map(([format, words]) => ({ label: `Copy as ${words}`, run: () => run({ copyAs: format }) })),
    { label: 'Select the Row', key: 'Shift+Space', separated: true, run: () => run('row') },
    { label: 'Select All', key: 'Ctrl+A', run: () => run('all') },
    { label: `Column ${columnName}…`, separated: true, run: () => run('column') },
  ];
}
