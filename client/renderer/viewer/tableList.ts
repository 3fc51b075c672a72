import type { ViewedTable } from '../../../server/protocol/dataViewer.ts';
import { formatRows } from '../../monitor/statsText.ts';
import { visible } from '../cellText.ts';
import { create } from '../elements.ts';

/** The tables and views of a database file, one of which is shown; by keyboard the arrows move and show. */
export class TableList {
  readonly element = create('nav', 'viewer-tables');
  readonly #list = create('div', 'viewer-table-list');
  readonly #empty = create('p', 'viewer-none');
  readonly #choose: (table: number) => void;
  #shown: readonly ViewedTable[] | undefined;

  constructor(choose: (table: number) => void) {
    this.#choose = choose;
    this.element.setAttribute('aria-label', 'Tables and views');
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', 'Tables and views');
    this.#empty.textContent = 'This database has no tables.';
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    this.element.append(this.#list, this.#empty);
  }

  show(tables: readonly ViewedTable[] | undefined, selected: number | undefined): void {
    this.element.hidden = tables === undefined;
    this.#empty.hidden = tables === undefined || tables.length > 0;
    if (tables !== this.#shown && JSON.stringify(tables) !== JSON.stringify(this.#shown)) {
      this.#list.replaceChildren(...(tables ?? []).map((table, index) => this.#item(table, index)));
    }
    this.#shown = tables;
    for (const [index, item] of [...this.#list.children].entries()) {
      const isSelected = index === selected;
      item.setAttribute('aria-selected', String(isSelected));
      if (item instanceof HTMLElement) item.tabIndex = isSelected || (selected === undefined && index === 0) ? 0 : -1;
    }
  }

  #item({ schema, name, kind, estimatedRows, columns }: ViewedTable, index: number): HTMLElement {
    const item = create('div', 'viewer-table');
    item.setAttribute('role', 'option');
    const title = create('span', 'viewer-table-name');
    title.textContent = visible(schema === 'main' ? name : `${schema}.${name}`);
    const note = create('span', 'viewer-table-note');
    const rows = estimatedRows === undefined ? [] : [`≈ ${formatRows(estimatedRows)}`];
    note.textContent = [kind === 'view' ? 'view' : '', ...rows, `${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`]
      .filter((part) => part !== '')
      .join(' · ');
    item.title = columns.map((column) => `${visible(column.name)} ${visible(column.type)}`).join('\n');
    item.append(title, note);
    item.addEventListener('click', () => this.#choose(index));
    return item;
  }

  #key(event: KeyboardEvent): void {
    const items = [...this.#list.children];
    const at = items.indexOf(event.target as Element);
    if (at < 0) return;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: items.length - 1,
      Enter: at,
      ' ': at,
    };
    const next = steps[event.key];
    const item = next === undefined ? undefined : items[next];
    if (next === undefined || !(item instanceof HTMLElement)) return;
    event.preventDefault();
    item.focus();
    this.#choose(next);
  }
}
