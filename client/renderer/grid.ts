import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { cellText, cellTitle, copyText, isNumeric, visible } from './cellText.ts';
import { type ColumnLayout, columnLayout, MAX_CHARACTERS, scrollLeftShowing, visibleColumns } from './columnLayout.ts';
import { formatNumber } from './footerText.ts';
import { type CellPlace, moveByKey } from './gridKeys.ts';
import {
  clamp,
  pageStep,
  positionAt,
  positionShowing,
  ROW_HEIGHT,
  type ScrollScale,
  scrollScale,
  scrollTopFor,
  visibleRows,
} from './scrollScale.ts';

export interface GridRows {
  readonly columns: readonly WireColumn[];
  readonly rowCount: number;
  row(index: number): WireRow | undefined;
  /** Rows `first` to before `end` are in view. */
  look(first: number, end: number): void;
}

const HEAD_HEIGHT = 39;
const MAX_ROWS_SHOWN = 16;
/** Left and right, top and bottom. */
const BORDERS = 2;
/** Rows whose texts decide how wide columns are. */
const MEASURED_ROWS = 100;
const TYPE_SCALE = 0.85;

let grids = 0;

/** A table of any length, of which only the cells in view are in the document. */
export class Grid {
  readonly element: HTMLElement;
  readonly #rows: GridRows;
  readonly #id = `kodiak-grid-${++grids}`;
  readonly #head: HTMLElement;
  readonly #canvas: HTMLElement;
  readonly #numeric: readonly boolean[];
  readonly #resizes: ResizeObserver;
  /** The longest text of each column so far, in characters. */
  #lengths: number[] = [];
  #layout: ColumnLayout = columnLayout([], 1);
  #indexWidth = 0;
  #characterWidth = 8;
  #scale: ScrollScale = scrollScale(0, 0);
  /** The row at the top edge. The scroll bar follows it: pixels are too coarse for a long result. */
  #position = 0;
  #expectedScrollTop = 0;
  #active: CellPlace = { row: 0, column: 0 };
  #frame: number | undefined;

  constructor(rows: GridRows) {
    this.#rows = rows;
    this.#numeric = rows.columns.map((column) => isNumeric(column.type));
    this.element = create('div', 'kodiak-grid');
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'grid');
    this.element.setAttribute('aria-readonly', 'true');
    this.#head = create('div', 'kodiak-head');
    this.#head.setAttribute('role', 'row');
    this.#head.setAttribute('aria-rowindex', '1');
    this.#canvas = create('div', 'kodiak-canvas');
    this.#canvas.setAttribute('role', 'rowgroup');
    this.element.append(this.#head, this.#canvas);
    this.element.addEventListener('scroll', () => this.#scrolled());
    this.element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('mousedown', (event) => this.#click(event));
    this.element.addEventListener('copy', (event) => this.#copy(event));
    this.#resizes = new ResizeObserver(() => this.refresh());
    this.#resizes.observe(this.element);
  }

  /** To be called once the element is in the document, and after it was moved. */
  attached(): void {
    this.#measure();
    this.refresh();
    this.#scrollTo(this.#position);
  }

  /** Draws again, after rows arrived or their number changed. */
  refresh(): void {
    const { rowCount, columns } = this.#rows;
    this.#resize();
    this.#position = clamp(this.#position, 0, this.#scale.maxPosition);
    this.element.setAttribute('aria-rowcount', String(rowCount + 1));
    this.element.setAttribute('aria-colcount', String(columns.length + 1));
    this.element.setAttribute('aria-label', `Result with ${formatNumber(rowCount)} rows and ${formatNumber(columns.length)} columns`);
    this.#draw();
  }

  dispose(): void {
    this.#resizes.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #measure(): void {
    const ruler = create('span', 'kodiak-cell');
    ruler.textContent = '0'.repeat(20);
    ruler.style.cssText = 'position: static; padding: 0; border: none; visibility: hidden;';
    this.#canvas.append(ruler);
    this.#characterWidth = ruler.getBoundingClientRect().width / 20 || this.#characterWidth;
    ruler.remove();
    this.#lengths = this.#rows.columns.map((column, index) => this.#longest(column, index));
    this.#layout = columnLayout(this.#lengths, this.#characterWidth);
  }

  /** Fits canvas and element to the layout and to the number of rows. The element is as wide as its columns where there is room. */
  #resize(): void {
    const { rowCount } = this.#rows;
    const indexCharacters = Math.max(3, formatNumber(rowCount).length);
    this.#indexWidth = columnLayout([indexCharacters], this.#characterWidth).widths[0] ?? 0;
    const width = this.#indexWidth + (this.#layout.edges.at(-1) ?? 0);
    const { element } = this;
    element.style.overflowY = rowCount > MAX_ROWS_SHOWN ? 'scroll' : 'hidden';
    const verticalBar = element.offsetWidth - element.clientWidth - BORDERS;
    element.style.width = `${width + verticalBar + BORDERS}px`;
    element.style.overflowX = width > element.clientWidth ? 'scroll' : 'hidden';
    const horizontalBar = element.offsetHeight - element.clientHeight - BORDERS;
    element.style.height = `${HEAD_HEIGHT + Math.min(rowCount, MAX_ROWS_SHOWN) * ROW_HEIGHT + horizontalBar + BORDERS}px`;
    this.#scale = scrollScale(rowCount, Math.max(0, element.clientHeight - HEAD_HEIGHT));
    this.#head.style.height = `${HEAD_HEIGHT}px`;
    this.#head.style.width = `${width}px`;
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${this.#scale.canvasHeight}px`;
  }

  /** Columns grow with what comes into view, and do not shrink again. */
  #widen(rows: { readonly first: number; readonly end: number }): void {
    const columns = this.#visibleColumns();
    let wider = false;
    for (let row = rows.first; row < rows.end; row++) {
      const values = this.#rows.row(row);
      for (let column = columns.first; values !== undefined && column < columns.end; column++) {
        const length = cellText(values[column] ?? null, false).text.length;
        if (length <= Math.min(this.#lengths[column] ?? 0, MAX_CHARACTERS)) continue;
        if ((this.#lengths[column] ?? 0) < MAX_CHARACTERS) wider = true;
        this.#lengths[column] = length;
      }
    }
    if (!wider) return;
    this.#layout = columnLayout(this.#lengths, this.#characterWidth);
    this.#resize();
  }

  #visibleColumns(): { readonly first: number; readonly end: number } {
    return visibleColumns(this.#layout, this.element.scrollLeft, Math.max(0, this.element.clientWidth - this.#indexWidth));
  }

  #longest(column: WireColumn, index: number): number {
    let longest = Math.max(column.name.length + 1, column.type.length * TYPE_SCALE);
    for (let row = 0; row < Math.min(MEASURED_ROWS, this.#rows.rowCount); row++) {
      const value = this.#rows.row(row)?.[index];
      if (value !== undefined) longest = Math.max(longest, cellText(value, false).text.length);
    }
    return longest;
  }

  #scrolled(): void {
    const { scrollTop } = this.element;
    if (Math.abs(scrollTop - this.#expectedScrollTop) > 1) {
      this.#position = positionAt(this.#scale, scrollTop);
      this.#expectedScrollTop = scrollTop;
    }
    this.#drawSoon();
  }

  /** On a scaled canvas one notch of the wheel would jump over many rows. */
  #wheel(event: WheelEvent): void {
    if (!this.#scale.scaled || event.deltaY === 0 || event.ctrlKey || event.shiftKey) return;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / ROW_HEIGHT;
    const target = clamp(this.#position + lines, 0, this.#scale.maxPosition);
    if (target === this.#position) return;
    event.preventDefault();
    this.#scrollTo(target);
  }

  #scrollTo(position: number): void {
    this.#position = clamp(position, 0, this.#scale.maxPosition);
    this.element.scrollTop = scrollTopFor(this.#scale, this.#position);
    // The browser rounds: what it made of the value tells our own scroll events from the person's.
    this.#expectedScrollTop = this.element.scrollTop;
    this.#drawSoon();
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey) return;
    const extent = { rowCount: this.#rows.rowCount, columnCount: this.#rows.columns.length, pageStep: pageStep(this.#scale) };
    const target = moveByKey(event.key, event.ctrlKey || event.metaKey, this.#active, extent);
    if (target === undefined) return;
    // Otherwise the notebook takes the key for moving between cells.
    event.preventDefault();
    event.stopPropagation();
    this.#activate(target);
  }

  #click(event: MouseEvent): void {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null;
    if (cell === null) return;
    const place = { row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) };
    this.#activate(place);
  }

  #activate(place: CellPlace): void {
    this.#active = place;
    const width = this.element.clientWidth - this.#indexWidth;
    this.element.scrollLeft = scrollLeftShowing(this.#layout, place.column, this.element.scrollLeft, width);
    this.#scrollTo(positionShowing(this.#scale, this.#position, place.row));
  }

  #copy(event: ClipboardEvent): void {
    const selection = document.getSelection();
    if (selection !== null && !selection.isCollapsed) return;
    const value = this.#rows.row(this.#active.row)?.[this.#active.column];
    if (value === undefined || event.clipboardData === null) return;
    event.clipboardData.setData('text/plain', copyText(value));
    event.preventDefault();
    event.stopPropagation();
  }

  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const rows = visibleRows(this.#scale, this.#position);
    this.#widen(rows);
    const columns = this.#visibleColumns();
    this.#rows.look(rows.first, rows.end);
    this.#head.replaceChildren(...this.#headCells(columns.first, columns.end));
    const drawn: HTMLElement[] = [];
    for (let row = rows.first; row < rows.end; row++) drawn.push(this.#rowElement(row, columns.first, columns.end));
    this.#canvas.replaceChildren(...drawn);
    const active = drawn.length > 0 && this.#active.row >= rows.first && this.#active.row < rows.end;
    if (active) this.element.setAttribute('aria-activedescendant', this.#cellId(this.#active));
    else this.element.removeAttribute('aria-activedescendant');
  }

  #headCells(first: number, end: number): HTMLElement[] {
    const corner = create('div', 'kodiak-cell kodiak-index');
    corner.setAttribute('role', 'columnheader');
    corner.setAttribute('aria-label', 'Row number');
    corner.style.width = `${this.#indexWidth}px`;
    const cells = [corner];
    for (let index = first; index < end; index++) {
      const column = this.#rows.columns[index];
      if (column === undefined) break;
      const cell = this.#placed(create('div', this.#numeric[index] ? 'kodiak-cell kodiak-number' : 'kodiak-cell'), index);
      cell.setAttribute('role', 'columnheader');
      cell.title = `${visible(column.name)} ${column.type}`;
      cell.append(textElement('kodiak-name', visible(column.name)), textElement('kodiak-type', visible(column.type)));
      cells.push(cell);
    }
    return cells;
  }

  #rowElement(index: number, first: number, end: number): HTMLElement {
    const element = create('div', 'kodiak-row');
    element.setAttribute('role', 'row');
    element.setAttribute('aria-rowindex', String(index + 2));
    element.style.width = this.#canvas.style.width;
    element.style.top = `${this.element.scrollTop + (index - this.#position) * ROW_HEIGHT}px`;
    const number = textElement('kodiak-cell kodiak-index', formatNumber(index + 1));
    number.setAttribute('role', 'rowheader');
    number.style.width = `${this.#indexWidth}px`;
    element.append(number);
    const row = this.#rows.row(index);
    for (let column = first; column < end; column++) element.append(this.#cellElement(row, index, column));
    return element;
  }

  #cellElement(row: WireRow | undefined, index: number, column: number): HTMLElement {
    const value = row?.[column];
    const shown = value === undefined ? ({ text: '…', kind: 'waiting' } as const) : cellText(value, this.#numeric[column] ?? false);
    const place = { row: index, column };
    const active = index === this.#active.row && column === this.#active.column;
    const cell = this.#placed(textElement(`kodiak-cell kodiak-${shown.kind}${active ? ' kodiak-active' : ''}`, shown.text), column);
    cell.id = this.#cellId(place);
    cell.setAttribute('role', 'gridcell');
    cell.setAttribute('aria-colindex', String(column + 2));
    cell.dataset['row'] = String(index);
    cell.dataset['column'] = String(column);
    if (value !== undefined && shown.text.length * this.#characterWidth > (this.#layout.widths[column] ?? 0) - 16)
      cell.title = cellTitle(value);
    return cell;
  }

  #placed(element: HTMLElement, column: number): HTMLElement {
    element.style.left = `${this.#indexWidth + (this.#layout.edges[column] ?? 0)}px`;
    element.style.width = `${this.#layout.widths[column] ?? 0}px`;
    return element;
  }

  #cellId({ row, column }: CellPlace): string {
    return `${this.#id}-${row}-${column}`;
  }
}

function create(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function textElement(className: string, text: string): HTMLElement {
  const element = create('div', className);
  element.textContent = text;
  return element;
}
