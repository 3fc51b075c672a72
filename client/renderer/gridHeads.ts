import { create, svgIcon } from './elements.ts';
import { drawHead, drawTools } from './gridHead.ts';
import { type CellPlace, HEAD_ROW } from './gridKeys.ts';
import type { GridRows } from './gridParts.ts';
import { NUMBER_COLUMN, type SlickTable } from './slickTable.ts';

/** Heads of more columns than this are made when they come into view. */
const MAX_HEADS_AT_ONCE = 300;

/** Draws the heads of a grid's columns, each again only when its marks change: a click on it finds it in its place. */
export class GridHeads {
  readonly #rows: GridRows;
  /** By column, what its head was drawn from. */
  readonly #drawnFrom = new Map<number, string>();
  #later = false;

  constructor(rows: GridRows) {
    this.#rows = rows;
  }

  /** All heads will be made anew, so many. */
  begin(columnCount: number): void {
    this.#drawnFrom.clear();
    this.#later = columnCount > MAX_HEADS_AT_ONCE;
  }

  make(element: HTMLElement, id: string): void {
    element.parentElement?.setAttribute('aria-rowindex', '1');
    if (id === NUMBER_COLUMN) {
      element.setAttribute('aria-label', 'Row number');
      element.replaceChildren(findButton());
      return;
    }
    const column = this.#rows.columns[Number(id)];
    if (column !== undefined && !this.#later) drawHead(element, column, undefined, false);
  }

  /** Makes the heads that have come into view. */
  fill(table: SlickTable): void {
    if (!this.#later) return;
    const { leftPx = 0, rightPx = 0 } = table.getRenderedRange();
    for (const id of table.columnsBetween(leftPx, rightPx)) {
      const column = this.#rows.columns[Number(id)];
      const element = document.getElementById(headId(table, Number(id)));
      if (element !== null && column !== undefined && element.querySelector('.kodiak-name') === null) {
        drawHead(element, column, undefined, false);
      }
    }
  }

  /** Draws those again whose marks have changed. */
  mark(table: SlickTable, columns: readonly number[], active: CellPlace): void {
    for (const column of columns) {
      const state = this.#rows.head(column);
      const isActive = active.row === HEAD_ROW && active.column === column;
      const plain = state.sort === undefined && !state.filtered && !isActive;
      const drawnFrom = plain ? '' : JSON.stringify([state, isActive]);
      if (drawnFrom === (this.#drawnFrom.get(column) ?? '')) continue;
      this.#drawnFrom.set(column, drawnFrom);
      const element = document.getElementById(headId(table, column));
      const named = this.#rows.columns[column];
      if (element !== null && named !== undefined) drawHead(element, named, state, isActive);
    }
  }

  /** The pointer is over a part of the grid: a head gets its buttons. */
  point({ target }: MouseEvent): void {
    const head = target instanceof Element ? target.closest<HTMLElement>('.slick-header-column[data-column]') : null;
    const column = head && this.#rows.columns[Number(head.dataset['column'])];
    if (head && column) drawTools(head, column);
  }
}

/** The id that SlickGrid gives the head of a column. */
export function headId(table: SlickTable, column: number): string {
  return `${table.getUID()}${column}`;
}

/** Above the row numbers: the way to the search. */
function findButton(): HTMLElement {
  const find = create('button', 'kodiak-icon kodiak-find-button');
  find.type = 'button';
  find.tabIndex = -1;
  find.title = 'Find in all rows (Ctrl+F)';
  find.setAttribute('aria-label', 'Find in all rows');
  find.append(svgIcon('find'));
  return find;
}
