import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { cellText, cellTitle, copyText, isNumeric } from './cellText.ts';
import { type ColumnLayout, columnLayout, MAX_CHARACTERS, scrollLeftShowing, visibleColumns } from './columnLayout.ts';
import { create, svgIcon } from './elements.ts';
import { formatNumber } from './footerText.ts';
import { type ColumnAction, columnActionOf, headCell, headId } from './gridHead.ts';
import { type CellPlace, columnAction, HEAD_ROW, moveByKey } from './gridKeys.ts';
import type { HeadState } from './headLabel.ts';
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
import { matchesSearch } from './searchMatches.ts';

export interface GridRows {
  readonly columns: readonly WireColumn[];
  readonly rowCount: number;
  row(index: number): WireRow | undefined;
  /** Rows `first` to before `end` are in view. */
  look(first: number, end: number): void;
  /** How the head of a column is marked. */
  head(column: number): HeadState;
  /** Cells that contain this are marked. */
  readonly search: string;
}

/** What a person asks for by the head or a key. */
export interface GridActions {
  column(action: ColumnAction, column: number): void;
  find(): void;
}

const HEAD_HEIGHT = 39;
const MAX_ROWS_SHOWN = 16;
/** Left and right, top and bottom. */
const BORDERS = 2;
/** Rows whose texts decide how wide columns are. */
const MEASURED_ROWS = 100;
const TYPE_SCALE = 0.85;
/** Room beside a name for what it is sorted by. */
const MARK_CHARACTERS = 3;

let grids = 0;

/** A table of any length, of which only the cells in view are in the document. */
export class Grid {
  readonly element: HTMLElement;
  readonly #rows: GridRows;
  readonly #actions: GridActions;
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
  /** What the head was drawn from: it stays while that is the same, so that a click on it finds it in its place. */
  #headDrawn = '';

  constructor(rows: GridRows, actions: GridActions) {
    this.#rows = rows;
    this.#actions = actions;
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
    this.#head.addEventListener('click', (event) => this.#clickHead(event));
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

  /** The focused cell. */
  get active(): CellPlace {
    return this.#active;
  }

  /** Moves the focus to a cell, which comes into view. */
  activate(place: CellPlace): void {
    this.#active = place;
    const width = this.element.clientWidth - this.#indexWidth;
    this.element.scrollLeft = scrollLeftShowing(this.#layout, place.column, this.element.scrollLeft, width);
    this.#scrollTo(place.row === HEAD_ROW ? this.#position : positionShowing(this.#scale, this.#position, place.row));
  }

  /** Other rows are shown: from the first on. */
  toTop(): void {
    if (this.#active.row !== HEAD_ROW) this.#active = { ...this.#active, row: 0 };
    this.#scrollTo(0);
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
    let longest = Math.max(column.name.length + MARK_CHARACTERS, column.type.length * TYPE_SCALE);
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
    if (event.target !== this.element) return;
    const isControl = event.ctrlKey || event.metaKey;
    const action = isControl ? undefined : columnAction(event, this.#active);
    const extent = { rowCount: this.#rows.rowCount, columnCount: this.#rows.columns.length, pageStep: pageStep(this.#scale) };
    const target = event.altKey ? undefined : moveByKey(event.key, isControl, this.#active, extent);
    if (action === undefined && target === undefined) return;
    // Otherwise the notebook takes the key for moving between cells.
    event.preventDefault();
    event.stopPropagation();
    if (action !== undefined) this.#actions.column(action, this.#active.column);
    else if (target !== undefined) this.activate(target);
  }

  #click(event: MouseEvent): void {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (cell === null) return;
    this.activate({ row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) });
  }

  #clickHead(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    if (target?.closest('.kodiak-find-button')) {
      this.#actions.find();
      return;
    }
    const cell = target?.closest<HTMLElement>('[data-column]');
    if (target === undefined || !cell) return;
    const column = Number(cell.dataset['column']);
    this.activate({ row: HEAD_ROW, column });
    this.#actions.column(columnActionOf(target) ?? (event.shiftKey ? 'addSort' : 'sort'), column);
  }

  #copy(event: ClipboardEvent): void {
    const selection = document.getSelection();
    if (selection !== null && !selection.isCollapsed) return;
    const { row, column } = this.#active;
    const value = row === HEAD_ROW ? this.#rows.columns[column]?.name : this.#rows.row(row)?.[column];
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
    this.#drawHead(columns.first, columns.end);
    const drawn: HTMLElement[] = [];
    for (let row = rows.first; row < rows.end; row++) drawn.push(this.#rowElement(row, columns.first, columns.end));
    this.#canvas.replaceChildren(...drawn);
    const { row, column } = this.#active;
    const inView = row === HEAD_ROW ? column >= columns.first && column < columns.end : row >= rows.first && row < rows.end;
    if (inView) this.element.setAttribute('aria-activedescendant', this.#cellId(this.#active));
    else this.element.removeAttribute('aria-activedescendant');
  }

  #drawHead(first: number, end: number): void {
    const columns = this.#rows.columns.slice(first, end);
    const states = columns.map((_, index) => this.#rows.head(first + index));
    const active = this.#active.row === HEAD_ROW ? this.#active.column : undefined;
    const drawnFrom = JSON.stringify([
      first,
      end,
      this.#layout.widths.slice(first, end),
      this.#layout.edges[first],
      this.#indexWidth,
      states,
      active,
    ]);
    if (drawnFrom === this.#headDrawn) return;
    this.#headDrawn = drawnFrom;
    const cells = columns.map((column, index) =>
      this.#placed(
        headCell(column, states[index], {
          grid: this.#id,
          index: first + index,
          numeric: this.#numeric[first + index] ?? false,
          active: first + index === active,
        }),
        first + index,
      ),
    );
    this.#head.replaceChildren(this.#corner(), ...cells);
  }

  /** Above the row numbers: the way to the search. */
  #corner(): HTMLElement {
    const corner = create('div', 'kodiak-cell kodiak-index');
    corner.setAttribute('role', 'columnheader');
    corner.setAttribute('aria-label', 'Row number');
    corner.style.width = `${this.#indexWidth}px`;
    const find = create('button', 'kodiak-icon kodiak-find-button');
    find.type = 'button';
    find.tabIndex = -1;
    find.title = 'Find in all rows (Ctrl+F)';
    find.setAttribute('aria-label', 'Find in all rows');
    find.append(svgIcon('find'));
    corner.append(find);
    return corner;
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
    const found = value !== undefined && matchesSearch(value, this.#rows.search);
    const marks = `${found ? ' kodiak-match' : ''}${active ? ' kodiak-active' : ''}`;
    const cell = this.#placed(textElement(`kodiak-cell kodiak-${shown.kind}${marks}`, shown.text), column);
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
    return row === HEAD_ROW ? headId(this.#id, column) : `${this.#id}-${row}-${column}`;
  }
}

function textElement(className: string, text: string): HTMLElement {
  const element = create('div', className);
  element.textContent = text;
  return element;
}
