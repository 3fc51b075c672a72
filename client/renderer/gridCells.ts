import { cellPieces, cellText, cellTitle, isNumeric, joined } from './cellText.ts';
import type { ColumnLengths } from './columnLengths.ts';
import { formatNumber } from './footerText.ts';
import type { CellPlace } from './gridKeys.ts';
import type { GridRows } from './gridParts.ts';
import { markedText } from './markedText.ts';
import { matchesSearch } from './searchMatches.ts';

/** How a cell is to look besides its value. */
export interface CellLook {
  readonly id: string;
  readonly active: boolean;
  readonly selected: boolean;
  /** Numbers have separators between thousands. */
  readonly thousands: boolean;
  /** Pixels, and whether they were chosen by hand. */
  readonly width: number;
  readonly fixed: boolean;
}

/** Draws the cells of a grid, and knows which of them were drawn without a value. No value becomes anything but text. */
export class GridCells {
  /** A text that was drawn needs a wider column. */
  wider = false;
  readonly #rows: GridRows;
  readonly #lengths: ColumnLengths;
  readonly #numeric: readonly boolean[];
  readonly #waiting = new Set<number>();

  constructor(rows: GridRows, lengths: ColumnLengths) {
    this.#rows = rows;
    this.#lengths = lengths;
    this.#numeric = rows.columns.map(({ type }) => isNumeric(type));
  }

  isNumeric(column: number): boolean {
    return this.#numeric[column] === true;
  }

  drawNumber(element: HTMLElement, row: number): void {
    element.setAttribute('role', 'rowheader');
    element.dataset['row'] = String(row);
    element.textContent = formatNumber(row + 1);
  }

  draw(element: HTMLElement, { row, column }: CellPlace, look: CellLook): void {
    const values = this.#rows.row(row);
    const value = values?.[column];
    const mark = values && this.#rows.mark?.(values, column);
    if (mark) element.classList.add(mark.className);
    if (mark?.description !== undefined) element.setAttribute('aria-description', mark.description);
    element.id = look.id;
    element.dataset['row'] = String(row);
    if (look.selected) markSelected(element, true);
    if (look.active) element.classList.add('kodiak-active');
    if (value === undefined) {
      this.#waiting.add(row);
      element.classList.add('kodiak-waiting');
      element.textContent = '…';
      return;
    }
    const numeric = this.isNumeric(column);
    const marked = value === null || numeric ? undefined : cellPieces(value);
    const { text, kind } = marked ? { text: joined(marked), kind: 'text' } : cellText(value, numeric, look.thousands);
    element.classList.add(`kodiak-${kind}`);
    if (marked) element.append(markedText(marked));
    else element.textContent = text;
    if (matchesSearch(value, this.#rows.search)) element.classList.add('kodiak-match');
    if (!look.fixed && this.#lengths.add(column, text.length)) this.wider = true;
    if (this.#lengths.isCut(text.length, look.width)) element.title = cellTitle(value);
  }

  /** Rows that were drawn without values and have some now; they are to be drawn again. */
  takeArrived(): number[] {
    const arrived = [...this.#waiting].filter((row) => this.#rows.row(row) !== undefined);
    for (const row of arrived) this.#waiting.delete(row);
    return arrived;
  }

  /** Rows outside of this range are not drawn any more. */
  keepWaiting(first: number, last: number): void {
    for (const row of this.#waiting) if (row < first || row > last) this.#waiting.delete(row);
  }
}

export function markSelected(element: HTMLElement, isSelected: boolean): void {
  element.classList.toggle('kodiak-selected', isSelected);
  if (isSelected) element.setAttribute('aria-selected', 'true');
  else element.removeAttribute('aria-selected');
}
