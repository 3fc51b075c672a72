import type { WireColumn } from '../../server/protocol/values.ts';
import { visible } from './cellText.ts';
import { shortName } from './chipText.ts';
import { create, svgIcon } from './elements.ts';
import { type HeadState, headLabel } from './headLabel.ts';

export type ColumnAction = 'addSort' | 'filter' | 'profile' | 'sort';

interface HeadPlace {
  /** Id of the grid. */
  readonly grid: string;
  readonly index: number;
  readonly numeric: boolean;
  readonly active: boolean;
}

const HELP = 'Click or Enter sorts, with Shift by several columns. Alt+↓ filters, P sums the column up.';

/** The id that the grid names its focused head by. */
export function headId(grid: string, index: number): string {
  return `${grid}-head-${index}`;
}

/** The head of a column: name, type, marks, and buttons for the mouse; keys do the same. */
export function headCell(column: WireColumn, state: HeadState | undefined, { grid, index, numeric, active }: HeadPlace): HTMLElement {
  const sort = state?.sort;
  const filtered = state?.filtered === true;
  const cell = create('div', `kodiak-cell${numeric ? ' kodiak-number' : ''}${active ? ' kodiak-active' : ''}`);
  cell.id = headId(grid, index);
  cell.dataset['column'] = String(index);
  cell.setAttribute('role', 'columnheader');
  cell.setAttribute('aria-colindex', String(index + 2));
  // Only one head of a grid may say how the rows are sorted; the others say it in their name.
  if (sort !== undefined && (sort.rank ?? 1) === 1) cell.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
  cell.setAttribute('aria-label', headLabel(column, state));
  cell.title = `${visible(column.name)} ${visible(column.type)}\n${HELP}`;
  const name = create('span', 'kodiak-name');
  name.append(visible(column.name));
  const mark = create('span', 'kodiak-sort');
  mark.textContent = sort === undefined ? '' : `${sort.descending ? '↓' : '↑'}${sort.rank ?? ''}`;
  const type = create('span', 'kodiak-type');
  type.textContent = visible(column.type);
  const line = create('span', 'kodiak-head-line');
  line.append(name, mark);
  const tools = create('span', `kodiak-tools${filtered ? ' kodiak-filtered' : ''}`);
  tools.append(tool('profile', `Profile of ${shortName(column.name)}`), tool('filter', `Filter ${shortName(column.name)}`));
  cell.append(line, type, tools);
  return cell;
}

/** What a click on this part of a head asks for; undefined where it is not a button. */
export function columnActionOf(target: Element): ColumnAction | undefined {
  const action = target.closest<HTMLElement>('[data-action]')?.dataset['action'];
  return action === 'filter' || action === 'profile' ? action : undefined;
}

function tool(action: 'filter' | 'profile', title: string): HTMLElement {
  const element = create('button', `kodiak-icon kodiak-tool-${action}`);
  element.type = 'button';
  element.tabIndex = -1;
  element.title = title;
  element.dataset['action'] = action;
  element.setAttribute('aria-label', title);
  element.append(svgIcon(action));
  return element;
}
