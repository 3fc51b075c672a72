import type { WireColumn } from '../../server/protocol/values.ts';
import { visible } from './cellText.ts';
import { shortName } from './chipText.ts';
import { create, svgIcon } from './elements.ts';
import { type HeadState, headLabel } from './headLabel.ts';

export type ColumnAction = 'addSort' | 'ascending' | 'descending' | 'filter' | 'profile' | 'sort' | 'unsorted';

const MAX_NAME = 200;
const MAX_TYPE = 500;
const HELP =
  'Click or Enter sorts, with Shift by several columns. Alt+↓ filters, P sums the column up, Shift+F10 shows all that can be done.';

/**
 * Makes or changes the head of a column: name, type and marks. The buttons for the mouse, whose work keys do as well, are made when the
 * head is pointed at or has the focus: most of 10,000 heads never need them.
 */
export function drawHead(element: HTMLElement, column: WireColumn, state: HeadState | undefined, active: boolean): void {
  const sort = state?.sort;
  element.classList.toggle('kodiak-active', active);
  // Only one head of a grid may say how the rows are sorted; the others say it in their name.
  if (sort !== undefined && (sort.rank ?? 1) === 1) element.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
  else element.removeAttribute('aria-sort');
  element.setAttribute('aria-label', headLabel(column, state));
  const line = element.querySelector('.kodiak-head-line') ?? makeText(element, column);
  const mark = line.querySelector('.kodiak-sort');
  const text = sort === undefined ? '' : `${sort.descending ? '↓' : '↑'}${sort.rank ?? ''}`;
  if (mark !== null && mark.textContent !== text) mark.textContent = text;
  const filtered = state?.filtered === true;
  if (active || filtered) drawTools(element, column);
  element.querySelector('.kodiak-tools')?.classList.toggle('kodiak-filtered', filtered);
}

/** Gives a head its buttons. */
export function drawTools(element: HTMLElement, column: WireColumn): void {
  if (element.querySelector('.kodiak-tools') !== null) return;
  const tools = create('span', 'kodiak-tools');
  const name = shortName(column.name);
  tools.append(tool('profile', `Profile of ${name}`), tool('filter', `Filter ${name}`), tool('menu', `Menu of ${name} (Shift+F10)`));
  element.append(tools);
}

function makeText(element: HTMLElement, column: WireColumn): Element {
  element.title = `${shortName(column.name)} ${visible(column.type.slice(0, MAX_TYPE))}\n${HELP}`;
  const name = create('span', 'kodiak-name');
  name.textContent = visible(column.name.slice(0, MAX_NAME));
  const type = create('span', 'kodiak-type');
  type.textContent = visible(column.type.slice(0, MAX_TYPE));
  const line = create('span', 'kodiak-head-line');
  line.append(name, create('span', 'kodiak-sort'));
  element.replaceChildren(line, type);
  return line;
}

/** What a click on this part of a head asks for; undefined where it is not a button. */
export function columnActionOf(target: Element): 'filter' | 'menu' | 'profile' | undefined {
  const action = target.closest<HTMLElement>('[data-action]')?.dataset['action'];
  return action === 'filter' || action === 'profile' || action === 'menu' ? action : undefined;
}

function tool(action: 'filter' | 'menu' | 'profile', title: string): HTMLElement {
  const element = create('button', `kodiak-icon kodiak-tool-${action}`);
  element.type = 'button';
  element.tabIndex = -1;
  element.title = title;
  element.dataset['action'] = action;
  element.setAttribute('aria-label', title);
  element.append(svgIcon(action));
  return element;
}
