import { button, create, setText } from '../elements.ts';

export interface ColumnRule {
  readonly title: string;
  /** `number`: to the right; `sql`: a text of several lines in the editor's font; `wide`: takes what room is left. */
  readonly kind: 'text' | 'number' | 'sql' | 'wide';
}

export interface TableRow {
  /** Names the row from one look to the next. */
  readonly key: string;
  readonly cells: readonly string[];
  /** A share from 0 to 1 that is drawn beside the text of the cell with this index. */
  readonly bar?: { readonly cell: number; readonly share: number };
  /** Drawn with less weight. */
  readonly faded?: boolean;
}

export interface RowAction {
  readonly text: string;
  /** For a row, by its cells. */
  label(cells: readonly string[]): string;
  run(key: string): void;
}

interface Shown {
  readonly element: HTMLTableRowElement;
  readonly cells: HTMLElement[];
  readonly bar: HTMLProgressElement;
  readonly button: HTMLButtonElement | undefined;
}

/**
 * A table whose rows are updated in place, so that what has the focus keeps it. Arrows, Home and End move between rows; Tab goes on to
 * the button of the row, which Delete presses as well.
 */
export class RowTable {
  readonly element = create('table', 'monitor-table');
  readonly #columns: readonly ColumnRule[];
  readonly #action: RowAction | undefined;
  readonly #body = document.createElement('tbody');
  readonly #rows = new Map<string, Shown>();
  /** The row that Tab leads to. */
  #current: string | undefined;

  constructor(name: string, columns: readonly ColumnRule[], action?: RowAction) {
    this.#columns = columns;
    this.#action = action;
    this.element.setAttribute('role', 'grid');
    this.element.setAttribute('aria-label', name);
    const head = document.createElement('thead');
    const titles = document.createElement('tr');
    for (const { title, kind } of columns) titles.append(headCell(title, kind));
    if (action) titles.append(headCell('', 'text', 'Action'));
    head.append(titles);
    this.element.append(head, this.#body);
    this.#body.addEventListener('keydown', (event) => this.#pressed(event));
    this.#body.addEventListener('focusin', ({ target }) => {
      const row = target instanceof Element ? target.closest('tr') : null;
      if (row?.dataset['key'] !== undefined) this.#makeCurrent(row.dataset['key']);
    });
  }

  show(rows: readonly TableRow[]): void {
    const keys = new Set(rows.map(({ key }) => key));
    const hadFocus = this.#body.contains(document.activeElement);
    const place = this.#current === undefined ? 0 : [...this.#rows.keys()].indexOf(this.#current);
    for (const [key, { element }] of this.#rows) {
      if (keys.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    let before: Element | null = this.#body.firstElementChild;
    const ordered = rows.map((row) => [row.key, this.#rows.get(row.key) ?? this.#make(row.key)] as const);
    for (const [index, [, shown]] of ordered.entries()) {
      const row = rows[index];
      if (row) this.#fill(shown, row);
      // Moved only where it stands elsewhere: what is moved loses the focus.
      if (before === shown.element) before = before.nextElementSibling;
      else this.#body.insertBefore(shown.element, before);
    }
    this.#rows.clear();
    for (const [key, shown] of ordered) this.#rows.set(key, shown);
    if (this.#current === undefined || !keys.has(this.#current)) {
      const next = rows[Math.min(Math.max(0, place), rows.length - 1)]?.key;
      this.#makeCurrent(next);
      // The row that had the focus is gone: the one that took its place has it now.
      if (hadFocus && next !== undefined) this.#rows.get(next)?.element.focus();
    }
  }

  #make(key: string): Shown {
    const element = document.createElement('tr');
    element.dataset['key'] = key;
    element.tabIndex = -1;
    const cells = this.#columns.map(({ kind }) => {
      const cell = create('td', `monitor-${kind}`);
      const text = create(kind === 'sql' ? 'code' : 'span', 'monitor-cell');
      cell.append(text);
      element.append(cell);
      return text;
    });
    const bar = create('progress', 'monitor-bar');
    bar.max = 1;
    bar.setAttribute('aria-hidden', 'true');
    const action = this.#action;
    const press = action && button('monitor-button', action.text, action.text, () => action.run(key));
    if (press) {
      press.tabIndex = -1;
      const cell = create('td', 'monitor-action');
      cell.append(press);
      element.append(cell);
    }
    return { element, cells, bar, button: press };
  }

  #fill({ element, cells, bar, button: press }: Shown, row: TableRow): void {
    element.dataset['faded'] = String(row.faded === true);
    for (const [index, cell] of cells.entries()) {
      const text = row.cells[index] ?? '';
      setText(cell, text);
      if (cell.title !== text) cell.title = text;
    }
    const place = row.bar && cells[row.bar.cell];
    if (row.bar && place) {
      bar.value = row.bar.share;
      if (place.previousSibling !== bar) place.before(bar);
    } else {
      bar.remove();
    }
    if (press && this.#action) {
      const label = this.#action.label(row.cells);
      if (press.getAttribute('aria-label') !== label) press.setAttribute('aria-label', label);
      press.disabled = row.faded === true && this.#action.text === 'Cancel';
    }
  }

  #makeCurrent(key: string | undefined): void {
    this.#current = key;
    for (const [one, { element, button: press }] of this.#rows) {
      element.tabIndex = one === key ? 0 : -1;
      if (press) press.tabIndex = one === key ? 0 : -1;
    }
  }

  #pressed(event: KeyboardEvent): void {
    const keys = [...this.#rows.keys()];
    const at = this.#current === undefined ? -1 : keys.indexOf(this.#current);
    const targets: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: keys.length - 1 };
    const target = targets[event.key];
    if (target !== undefined) {
      const key = keys[Math.min(Math.max(0, target), keys.length - 1)];
      if (key !== undefined) this.#rows.get(key)?.element.focus();
      event.preventDefault();
    } else if (event.key === 'Delete' && this.#current !== undefined) {
      this.#rows.get(this.#current)?.button?.click();
      event.preventDefault();
    }
  }
}

function headCell(title: string, kind: ColumnRule['kind'], label = title): HTMLElement {
  const cell = create('th', `monitor-${kind}`);
  cell.scope = 'col';
  cell.textContent = title;
  if (label !== title) cell.setAttribute('aria-label', label);
  return cell;
}
