import { type Column, SlickCellRangeSelector, type SlickRange } from 'slickgrid';
import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { ALL_ROWS_END, type CellRange, clampRange, columnsRange, rangeBetween, rangeHas, rowsRange } from './cellSelection.ts';
import { cellPieces, cellText, cellTitle, isNumeric, joined } from './cellText.ts';
import { shortName } from './chipText.ts';
import {
  type ColumnArrangement,
  naturalArrangement,
  pinnedThatFit,
  shownColumns,
  withAllShown,
  withHidden,
  withMoved,
  withOrder,
  withPinned,
  withWidth,
} from './columnArrangement.ts';
import { ColumnLengths } from './columnLengths.ts';
import type { CopyFormat } from './copyFormats.ts';
import { create, svgIcon } from './elements.ts';
import { formatNumber } from './footerText.ts';
import { type ColumnAction, columnActionOf, drawHead, drawTools } from './gridHead.ts';
import { type CellPlace, columnAction, HEAD_ROW, moveByKey, pageStep } from './gridKeys.ts';
import { type ColumnCommand, cellItems, columnItems } from './gridMenus.ts';
import { HEAD_HEIGHT, ROW_HEIGHT } from './gridStyle.ts';
import type { HeadState } from './headLabel.ts';
import { markedText } from './markedText.ts';
import { PopupMenu } from './popupMenu.ts';
import { matchesSearch } from './searchMatches.ts';
import { NUMBER_COLUMN, SlickTable } from './slickTable.ts';

export interface GridRows {
  readonly columns: readonly WireColumn[];
  readonly rowCount: number;
  /** What the rows come from: another one has other rows. */
  readonly source: object;
  row(index: number): WireRow | undefined;
  /** Rows `first` to before `end` are in view. */
  look(first: number, end: number): void;
  /** How the head of a column is marked. */
  head(column: number): HeadState;
  /** Cells that contain this are marked. */
  readonly search: string;
  /** How else a cell is marked. */
  mark?(row: WireRow, column: number): CellMark | undefined;
}

/** A class for the eye, and what it means in words. */
export interface CellMark {
  readonly className: string;
  readonly description?: string;
}

/** Selected cells. Columns are those of the result, from the left. */
export interface Selection {
  readonly range: CellRange;
  readonly columns: readonly number[];
}

/** What a person asks for by the head, a menu or a key. */
export interface GridActions {
  column(action: ColumnAction, column: number): void;
  find(): void;
  /** Another cell has the focus. */
  focused(place: CellPlace): void;
  /** Other cells are selected; undefined where it is only the focused one. */
  selected(selection: Selection | undefined): void;
  /** The cell's value is to be shown in full. */
  open(place: CellPlace): void;
  /** The selected cells as text, where all of them are here. */
  textHere(selection: Selection): string | undefined;
  copy(selection: Selection, format: CopyFormat): void;
  /** Columns were moved, hidden, pinned or fitted, or numbers are written in another way. */
  arranged(): void;
}

/** More rows than any view has: the style sheet of the page says how high a grid may be. */
const MAX_ROWS_SHOWN = 500;
/** Left and right, top and bottom. */
const BORDERS = 2;
const MIN_COLUMN_WIDTH = 24;
const MAX_HEADS_AT_ONCE = 300;
/** Pixels that pinned columns leave to the others. */
const MIN_LOOSE_WIDTH = 120;

let grids = 0;

/** A table of any length and width, of which only the cells near the view are in the document. Drawn by SlickGrid. */
export class Grid {
  readonly element: HTMLElement;
  readonly #rows: GridRows;
  readonly #actions: GridActions;
  readonly #id = `kodiak-grid-${++grids}`;
  readonly #numeric: readonly boolean[];
  readonly #lengths: ColumnLengths;
  readonly #resizes: ResizeObserver;
  readonly #menu: PopupMenu;
  #table: SlickTable | undefined;
  #arrangement: ColumnArrangement;
  /** The columns that are shown, from the left. */
  #shown: readonly number[] = [];
  #numberWidth = 0;
  #active: CellPlace = { row: 0, column: 0 };
  /** Where a selection began that Shift extends. Its columns, as those of the range, are places from the left. */
  #anchor: { readonly row: number; readonly column: number } = { row: 0, column: 0 };
  /** Undefined where only the focused cell is meant. */
  #range: CellRange | undefined;
  /** Numbers have separators between thousands. */
  #thousands = false;
  /** The columns and the sizes that the table was laid out for. */
  #order = '';
  #sizes = '';
  /** What the drawn cells depend on besides their values. */
  #drawnFor: { readonly source: object; readonly search: string } | undefined;
  /** Rows that were drawn without their values. */
  readonly #waiting = new Set<number>();
  /** By column, what its head was drawn from: it stays while that is the same, so that a click on it finds it in its place. */
  readonly #heads = new Map<number, string>();
  #wider = false;
  #frame: number | undefined;

  /** Menus lie in `host`, which holds the grid. */
  constructor(rows: GridRows, actions: GridActions, host: HTMLElement) {
    this.#rows = rows;
    this.#actions = actions;
    this.#numeric = rows.columns.map((column) => isNumeric(column.type));
    this.#lengths = new ColumnLengths(rows);
    this.#arrangement = naturalArrangement(rows.columns.length);
    this.element = create('div', 'kodiak-grid');
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'grid');
    this.element.setAttribute('aria-readonly', 'true');
    this.element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('mousedown', (event) => this.#press(event));
    this.element.addEventListener('mouseover', (event) => this.#point(event));
    this.element.addEventListener('copy', (event) => this.#copy(event));
    this.element.addEventListener('dblclick', (event) => this.#doubleClick(event));
    this.element.addEventListener('contextmenu', (event) => this.#contextMenu(event));
    this.#menu = new PopupMenu(host, () => this.element.focus({ preventScroll: true }));
    this.#resizes = new ResizeObserver(() => this.refresh());
    this.#resizes.observe(this.element);
  }

  /** To be called once the element is in the document, and after it was moved. */
  attached(): void {
    this.refresh();
    this.#table?.restoreScroll();
  }

  /** Draws again what has changed, after rows arrived or their number changed. */
  refresh(): void {
    const { rowCount, columns } = this.#rows;
    const table = this.#tableOnScreen();
    this.element.setAttribute('aria-rowcount', String(rowCount + 1));
    this.element.setAttribute('aria-colcount', String(this.#shown.length + 1));
    this.element.setAttribute('aria-label', `Result with ${formatNumber(rowCount)} rows and ${formatNumber(columns.length)} columns`);
    if (table === undefined) return;
    this.#dropOutdated(table);
    this.#layOut(table);
    table.render();
    this.#drawHeads(table);
    this.#nameActive();
  }

  /** The focused cell. */
  get active(): CellPlace {
    return this.#active;
  }

  /** How a person has arranged the columns. */
  get looked(): { readonly arrangement: ColumnArrangement; readonly thousands: boolean } {
    return { arrangement: this.#arrangement, thousands: this.#thousands };
  }

  /** Arranges the columns as they were before. */
  look({ arrangement, thousands }: { readonly arrangement: ColumnArrangement; readonly thousands: boolean }): void {
    this.#arrangement = arrangement;
    this.#thousands = thousands;
    this.#drawnFor = undefined;
    this.refresh();
  }

  /** Moves the focus to a cell, which comes into view. Nothing but that cell is selected then. */
  activate(place: CellPlace): void {
    this.#focusOn(place);
    this.#anchor = { row: Math.max(0, place.row), column: this.#position(place.column) };
    this.#select(undefined);
    this.#actions.focused(place);
  }

  #focusOn(place: CellPlace): void {
    for (const element of this.element.querySelectorAll('.kodiak-active')) element.classList.remove('kodiak-active');
    this.#active = place;
    const table = this.#table;
    if (table === undefined) return;
    table.scrollColumnIntoView(this.#position(place.column) + 1);
    if (place.row !== HEAD_ROW && place.row < this.#rows.rowCount) table.showRow(place.row);
    document.getElementById(this.#cellId(place))?.classList.add('kodiak-active');
    this.#drawHeads(table);
    this.#nameActive();
  }

  /** Other rows are shown: from the first on. */
  toTop(): void {
    if (this.#active.row !== HEAD_ROW) this.#active = { ...this.#active, row: 0 };
    this.#select(undefined);
    this.#table?.scrollTo(0);
    this.refresh();
  }

  dispose(): void {
    this.#resizes.disconnect();
    this.#menu.close(false);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#table?.destroy();
    this.#table = undefined;
  }

  /** SlickGrid measures what it draws: it is made when the grid is on the screen first. */
  #tableOnScreen(): SlickTable | undefined {
    if (!this.element.isConnected || this.element.getClientRects().length === 0) return undefined;
    if (this.#table !== undefined) return this.#table;
    this.#lengths.measure(this.#rows, this.#characterWidth());
    const table = new SlickTable(
      this.element,
      { getLength: () => this.#rows.rowCount, getItem: () => this, getItemMetadata: () => null },
      [numberColumn(0)],
      0,
      ROW_HEIGHT,
      {
        cell: (element, row, column) => this.#drawCell(element, row, column),
        head: (element, column) => this.#makeHead(element, column),
        focus: () => this.element.focus({ preventScroll: true }),
      },
    );
    this.#table = table;
    table.onRendered.subscribe(() => this.#rendered(table));
    table.onHeaderClick.subscribe((event, { column }) => this.#clickHead(event.getNativeEvent<MouseEvent>(), String(column.id)));
    table.onColumnsReordered.subscribe(() => {
      const columns = table.getColumns().map(({ id }) => String(id));
      this.#arrange(withOrder(this.#arrangement, columns.filter((id) => id !== NUMBER_COLUMN).map(Number), this.#pinned()));
    });
    table.onColumnsResized.subscribe((_, { triggeredByColumn }) => {
      const width = table.getColumns()[table.getColumnIndex(triggeredByColumn)]?.width;
      this.#arrange(withWidth(this.#arrangement, Number(triggeredByColumn), width));
    });
    const selector = new SlickCellRangeSelector({ selectionCss: {} as CSSStyleDeclaration });
    table.registerPlugin(selector);
    for (const event of [selector.onCellRangeSelecting, selector.onCellRangeSelected]) {
      event.subscribe((_, { range }) => this.#drag(range));
    }
    table.onColumnsResizeDblClick.subscribe((_, { triggeredByColumn }) =>
      this.#arrange(withWidth(this.#arrangement, Number(triggeredByColumn), undefined)),
    );
    return table;
  }

  #characterWidth(): number {
    const ruler = create('span', 'kodiak-ruler');
    ruler.textContent = '0'.repeat(20);
    this.element.append(ruler);
    const width = ruler.getBoundingClientRect().width / 20;
    ruler.remove();
    return width || 8;
  }

  /** Cells that were drawn from other rows, for another search or without their values are to be drawn again. */
  #dropOutdated(table: SlickTable): void {
    const { source, search } = this.#rows;
    if (this.#drawnFor !== undefined && this.#drawnFor.source === source && this.#drawnFor.search === search) {
      const arrived = [...this.#waiting].filter((row) => this.#rows.row(row) !== undefined);
      for (const row of arrived) this.#waiting.delete(row);
      table.invalidateRows(arrived);
    } else {
      this.#waiting.clear();
      table.invalidateAllRows();
    }
    this.#drawnFor = { source, search };
  }

  /** Fits columns and element to each other and to the number of rows. The element is as wide as its columns where there is room. */
  #layOut(table: SlickTable): void {
    const { rowCount } = this.#rows;
    const { columns, pinned } = shownColumns(this.#arrangement);
    this.#numberWidth = this.#lengths.numberWidth(formatNumber(rowCount));
    const widths = columns.map((column) => this.#width(column));
    const width = widths.reduce((sum, each) => sum + each, this.#numberWidth);
    const { element } = this;
    const bar = table.scrollBarSize;
    const rowsHeight = HEAD_HEIGHT + Math.min(rowCount, MAX_ROWS_SHOWN) * ROW_HEIGHT + BORDERS;
    element.style.height = `${rowsHeight}px`;
    let vertical = rowCount > MAX_ROWS_SHOWN || element.offsetHeight < rowsHeight;
    element.style.width = `${width + (vertical ? bar.width : 0) + BORDERS}px`;
    const horizontal = element.clientWidth < width + (vertical ? bar.width : 0);
    if (horizontal) {
      element.style.height = `${rowsHeight + bar.height}px`;
      vertical ||= element.offsetHeight < rowsHeight + bar.height;
    }
    const fitting = pinnedThatFit(widths.slice(0, pinned), element.clientWidth - this.#numberWidth - MIN_LOOSE_WIDTH);
    const order = JSON.stringify([columns, fitting]);
    const sizes = [element.clientWidth, element.clientHeight, rowCount, horizontal, vertical, this.#numberWidth, ...widths].join();
    if (order === this.#order && sizes === this.#sizes) return;
    const rearranged = order !== this.#order;
    this.#order = order;
    this.#sizes = sizes;
    table.setScrollBars({ horizontal, vertical });
    if (rearranged) {
      this.#shown = columns;
      element.setAttribute('aria-colcount', String(columns.length + 1));
      this.#heads.clear();
      this.#select(undefined);
      const placed = columns.map((column, index) => this.#tableColumn(column, index, widths[index] ?? 0));
      table.arrange([numberColumn(this.#numberWidth), ...placed], fitting);
    } else table.setWidths([this.#numberWidth, ...widths]);
  }

  #tableColumn(column: number, position: number, width: number): Column {
    const attributes = { 'data-column': String(column), 'aria-colindex': String(position + 2) };
    const numeric = this.#numeric[column] ? ' kodiak-number' : '';
    return {
      id: String(column),
      field: '',
      name: '',
      width,
      minWidth: MIN_COLUMN_WIDTH,
      headerCssClass: numeric.trim(),
      cssClass: `dnd${numeric}`,
      cellAttrs: attributes,
      headerCellAttrs: attributes,
    };
  }

  #width(column: number): number {
    return this.#arrangement.widths[column] ?? this.#lengths.width(column);
  }

  #pinned(): number {
    return Number(this.#table?.getOptions().frozenColumn ?? 0);
  }

  #arrange(arrangement: ColumnArrangement): void {
    this.#arrangement = arrangement;
    this.#actions.arranged();
    this.refresh();
  }

  #drawCell(element: HTMLElement, row: number, id: string): void {
    element.removeAttribute('tabindex');
    element.removeAttribute('aria-describedby');
    if (id === NUMBER_COLUMN) {
      element.setAttribute('role', 'rowheader');
      element.dataset['row'] = String(row);
      element.textContent = formatNumber(row + 1);
      return;
    }
    const column = Number(id);
    if (rangeHas(this.#range, row, this.#position(column))) markSelected(element, true);
    const values = this.#rows.row(row);
    const value = values?.[column];
    const mark = values && this.#rows.mark?.(values, column);
    if (mark) element.classList.add(mark.className);
    if (mark?.description !== undefined) element.setAttribute('aria-description', mark.description);
    element.id = this.#cellId({ row, column });
    element.dataset['row'] = String(row);
    if (row === this.#active.row && column === this.#active.column) element.classList.add('kodiak-active');
    if (value === undefined) {
      this.#waiting.add(row);
      element.classList.add('kodiak-waiting');
      element.textContent = '…';
      return;
    }
    const numeric = this.#numeric[column] ?? false;
    const marked = value === null || numeric ? undefined : cellPieces(value);
    const { text, kind } = marked ? { text: joined(marked), kind: 'text' } : cellText(value, numeric, this.#thousands);
    element.classList.add(`kodiak-${kind}`);
    if (marked) element.append(markedText(marked));
    else element.textContent = text;
    if (matchesSearch(value, this.#rows.search)) element.classList.add('kodiak-match');
    if (this.#arrangement.widths[column] === undefined && this.#lengths.add(column, text.length)) this.#wider = true;
    if (this.#lengths.isCut(text.length, this.#width(column))) element.title = cellTitle(value);
  }

  /** After SlickGrid has drawn: asks for the rows in view, and makes room for what turned out to be wider. */
  #rendered(table: SlickTable): void {
    const { top, bottom } = table.getRenderedRange();
    this.#rows.look(top, Math.min(this.#rows.rowCount, bottom + 1));
    for (const row of this.#waiting) if (row < top || row > bottom) this.#waiting.delete(row);
    this.#fillHeads(table);
    if (this.#wider) this.#refreshSoon();
    this.#nameActive();
  }

  #refreshSoon(): void {
    this.#wider = false;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.refresh();
    });
  }

  #makeHead(element: HTMLElement, id: string): void {
    element.parentElement?.setAttribute('aria-rowindex', '1');
    if (id === NUMBER_COLUMN) {
      element.setAttribute('aria-label', 'Row number');
      element.replaceChildren(findButton());
      return;
    }
    const column = this.#rows.columns[Number(id)];
    if (column !== undefined && !this.#headsLater) drawHead(element, column, undefined, false);
  }

  /** Heads of very many columns are made when they come into view. */
  get #headsLater(): boolean {
    return this.#shown.length > MAX_HEADS_AT_ONCE;
  }

  #fillHeads(table: SlickTable): void {
    if (!this.#headsLater) return;
    const { leftPx = 0, rightPx = 0 } = table.getRenderedRange();
    for (const column of table.columnsBetween(leftPx, rightPx)) {
      const named = this.#rows.columns[Number(column)];
      const element = document.getElementById(`${table.getUID()}${column}`);
      if (element !== null && named !== undefined && element.querySelector('.kodiak-name') === null)
        drawHead(element, named, undefined, false);
    }
  }

  /** Draws the heads again whose marks have changed. */
  #drawHeads(table: SlickTable): void {
    for (const column of this.#shown) {
      const state = this.#rows.head(column);
      const active = this.#active.row === HEAD_ROW && this.#active.column === column;
      const plain = state.sort === undefined && !state.filtered && !active;
      const drawnFrom = plain ? '' : JSON.stringify([state, active]);
      if (drawnFrom === (this.#heads.get(column) ?? '')) continue;
      this.#heads.set(column, drawnFrom);
      const element = document.getElementById(`${table.getUID()}${column}`);
      const named = this.#rows.columns[column];
      if (element !== null && named !== undefined) drawHead(element, named, state, active);
    }
  }

  #nameActive(): void {
    const id = this.#cellId(this.#active);
    if (document.getElementById(id) === null) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', id);
  }

  /** On a paged canvas one notch of the wheel would jump over many rows, and the pinned columns have no scroll bar of their own. */
  #wheel(event: WheelEvent): void {
    const table = this.#table;
    if (table === undefined || event.deltaY === 0 || event.ctrlKey || event.shiftKey) return;
    const overPinned = event.target instanceof Element && event.target.closest('.slick-pane-left') !== null;
    if (!table.paged && !overPinned) return;
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_HEIGHT : event.deltaY;
    if (table.scrollBy(pixels)) event.preventDefault();
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.element || !this.#does(event)) return;
    // Otherwise the notebook takes the key for moving between cells.
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the key means something to the grid. */
  #does(event: KeyboardEvent): boolean {
    const { key, shiftKey, altKey } = event;
    const isControl = event.ctrlKey || event.metaKey;
    if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) return this.#openMenu(undefined);
    const inCells = this.#active.row !== HEAD_ROW && !altKey;
    if (isControl && !altKey && key.toLowerCase() === 'a') return this.#selectAll();
    if (inCells && key === ' ' && (isControl || shiftKey)) return isControl ? this.#selectColumn() : this.#selectRow();
    if (inCells && key === 'Enter' && !isControl) {
      this.#actions.open(this.#active);
      return true;
    }
    if (key === 'Escape' && this.#range !== undefined) {
      this.activate(this.#active);
      return true;
    }
    const action = isControl ? undefined : columnAction(event, this.#active);
    if (action !== undefined) {
      this.#actions.column(action, this.#active.column);
      return true;
    }
    const target = altKey ? undefined : this.#target(key, isControl);
    if (target === undefined) return false;
    if (shiftKey && inCells) this.#extend({ ...target, row: Math.max(0, target.row) });
    else this.activate(target);
    return true;
  }

  /** Where a key moves the focus to. */
  #target(key: string, toEnd: boolean): CellPlace | undefined {
    const { row, column } = this.#active;
    const step = pageStep(this.#table?.viewHeight ?? 0, ROW_HEIGHT);
    const extent = { rowCount: this.#rows.rowCount, columnCount: this.#shown.length, pageStep: step };
    const target = moveByKey(key, toEnd, { row, column: this.#position(column) }, extent);
    return target && { row: target.row, column: this.#shown[target.column] ?? column };
  }

  /** The place of a column from the left. */
  #position(column: number): number {
    return Math.max(0, this.#shown.indexOf(column));
  }

  /** Selects from the anchor to this cell. */
  #extend(place: CellPlace): void {
    this.#focusOn(place);
    this.#select(rangeBetween(this.#anchor, { row: place.row, column: this.#position(place.column) }));
  }

  #drag({ fromRow, toRow, fromCell, toCell }: SlickRange): void {
    const [left, right] = [Math.max(0, fromCell - 1), Math.max(0, toCell - 1)];
    const row = fromRow === this.#anchor.row ? toRow : fromRow;
    const column = left === this.#anchor.column ? right : left;
    this.#active = { row, column: this.#shown[column] ?? 0 };
    this.#select(rangeBetween({ row: fromRow, column: left }, { row: toRow, column: right }));
  }

  #selectAll(): boolean {
    this.#select(rangeBetween({ row: 0, column: 0 }, { row: ALL_ROWS_END, column: Math.max(0, this.#shown.length - 1) }));
    return true;
  }

  #selectRow(): boolean {
    this.#select(rowsRange(this.#anchor.row, Math.max(0, this.#active.row), this.#shown.length));
    return true;
  }

  #selectColumn(): boolean {
    this.#select(columnsRange(this.#anchor.column, this.#position(this.#active.column)));
    return true;
  }

  #select(range: CellRange | undefined): void {
    if (range === undefined && this.#range === undefined) return;
    this.#range = range;
    for (const { row, cells } of this.#table?.drawnRows() ?? []) {
      for (const cell of cells) {
        const column = cell.dataset['column'];
        if (column !== undefined) markSelected(cell, rangeHas(range, row, this.#position(Number(column))));
      }
    }
    this.#actions.selected(range && this.#selection(range));
  }

  #selection(range: CellRange): Selection | undefined {
    const clamped = clampRange(range, this.#rows.rowCount, this.#shown.length);
    return clamped && { range: clamped, columns: this.#shown.slice(clamped.fromColumn, clamped.toColumn + 1) };
  }

  /** What copying is about: the selected cells, or the focused one. */
  #meant(): Selection | undefined {
    const { row, column } = this.#active;
    const place = { row: Math.max(0, row), column: this.#position(column) };
    return this.#selection(this.#range ?? rangeBetween(place, place));
  }

  #press(event: MouseEvent): void {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.slick-cell[data-row]') : null;
    if (cell === null) return;
    const place = { row: Number(cell.dataset['row']), column: Number(cell.dataset['column'] ?? this.#shown[0] ?? 0) };
    const isNumber = cell.dataset['column'] === undefined;
    if (event.button === 2 && rangeHas(this.#range, place.row, this.#position(place.column))) return;
    this.element.focus({ preventScroll: true });
    if (!event.shiftKey) this.activate(place);
    else if (!isNumber) this.#extend(place);
    if (isNumber) {
      this.#active = place;
      this.#selectRow();
    }
    event.preventDefault();
  }

  #doubleClick(event: MouseEvent): void {
    const cell = event.target instanceof Element ? event.target.closest('[role=gridcell][data-column]') : null;
    if (cell !== null) this.#actions.open(this.#active);
  }

  #contextMenu(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null;
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    const column = Number(target.dataset['column']);
    if (target.classList.contains('slick-header-column')) this.activate({ row: HEAD_ROW, column });
    this.#openMenu(event);
  }

  /** The menu of the focused head or cell, at the pointer or beside it. */
  #openMenu(event: MouseEvent | undefined): boolean {
    const element = document.getElementById(this.#cellId(this.#active)) ?? this.element;
    const [box, host] = [element.getBoundingClientRect(), this.element.parentElement?.getBoundingClientRect() ?? new DOMRect()];
    const place = { left: (event?.clientX ?? box.left) - host.left, top: (event?.clientY ?? box.bottom) - host.top };
    const { row, column } = this.#active;
    const name = shortName(this.#rows.columns[column]?.name ?? '');
    if (this.#rows.columns.length === 0) return false;
    if (row === HEAD_ROW) this.#menu.open(`Column ${name}`, this.#columnItems(column), place);
    else {
      const items = cellItems(name, (command) => {
        const meant = this.#meant();
        if (command === 'open') this.#actions.open(this.#active);
        else if (command === 'row') this.#selectRow();
        else if (command === 'all') this.#selectAll();
        else if (command === 'column') this.#menu.open(`Column ${name}`, this.#columnItems(column), place);
        else if (meant !== undefined) this.#actions.copy(meant, command === 'copy' ? 'tsv' : command.copyAs);
      });
      this.#menu.open('Cells', items, place);
    }
    return true;
  }

  #columnItems(column: number): ReturnType<typeof columnItems> {
    const arrangement = this.#arrangement;
    const state = {
      name: this.#rows.columns[column]?.name ?? '',
      sorted: this.#rows.head(column).sort !== undefined,
      pinned: arrangement.pinned.includes(column),
      hidden: arrangement.hidden.length,
      shown: this.#shown.length,
      thousands: this.#thousands,
    };
    return columnItems(state, (command) => this.#run(command, column));
  }

  #run(command: ColumnCommand, column: number): void {
    const arrangement = this.#arrangement;
    switch (command) {
      case 'ascending':
      case 'descending':
      case 'unsorted':
      case 'filter':
      case 'profile':
        this.#actions.column(command, column);
        return;
      case 'pin':
      case 'unpin':
        this.#arrange(withPinned(arrangement, column, command === 'pin'));
        break;
      case 'left':
      case 'right':
        this.#arrange(withMoved(arrangement, column, command === 'left' ? -1 : 1));
        break;
      case 'hide': {
        const position = this.#position(column);
        this.#arrange(withHidden(arrangement, column));
        this.#active = { ...this.#active, column: this.#shown[Math.min(position, this.#shown.length - 1)] ?? 0 };
        break;
      }
      case 'showAll':
        this.#arrange(withAllShown(arrangement));
        break;
      case 'fit':
        this.#arrange(withWidth(arrangement, column, undefined));
        break;
      case 'select':
        this.#active = { ...this.#active, row: 0 };
        this.#anchor = { row: 0, column: this.#position(column) };
        this.#selectColumn();
        return;
      case 'thousands':
        this.#thousands = !this.#thousands;
        this.#actions.arranged();
        this.#drawnFor = undefined;
        this.refresh();
        return;
    }
    this.activate(this.#active);
  }

  #point(event: MouseEvent): void {
    const head = event.target instanceof Element ? event.target.closest<HTMLElement>('.slick-header-column[data-column]') : null;
    const column = head && this.#rows.columns[Number(head.dataset['column'])];
    if (head && column) drawTools(head, column);
  }

  #clickHead(event: MouseEvent, id: string): void {
    const target = event.target;
    if (!(target instanceof Element) || target.closest('.slick-resizable-handle') !== null) return;
    if (target.closest('.kodiak-find-button') !== null) this.#actions.find();
    if (id === NUMBER_COLUMN) return;
    this.element.focus({ preventScroll: true });
    this.activate({ row: HEAD_ROW, column: Number(id) });
    const action = columnActionOf(target);
    if (action === 'menu') this.#openMenu(event);
    else if (action === undefined && (event.ctrlKey || event.metaKey)) this.#run('select', Number(id));
    else this.#actions.column(action ?? (event.shiftKey ? 'addSort' : 'sort'), Number(id));
  }

  #copy(event: ClipboardEvent): void {
    const selection = document.getSelection();
    if (event.clipboardData === null || (selection !== null && !selection.isCollapsed)) return;
    const { row, column } = this.#active;
    const meant = this.#meant();
    if (row === HEAD_ROW && this.#range === undefined) event.clipboardData.setData('text/plain', this.#rows.columns[column]?.name ?? '');
    else if (meant === undefined) return;
    else {
      const text = this.#actions.textHere(meant);
      if (text === undefined) this.#actions.copy(meant, 'tsv');
      else event.clipboardData.setData('text/plain', text);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #cellId({ row, column }: CellPlace): string {
    return row === HEAD_ROW ? `${this.#table?.getUID()}${column}` : `${this.#id}-${row}-${column}`;
  }
}

function markSelected(element: HTMLElement, isSelected: boolean): void {
  element.classList.toggle('kodiak-selected', isSelected);
  if (isSelected) element.setAttribute('aria-selected', 'true');
  else element.removeAttribute('aria-selected');
}

function numberColumn(width: number): Column {
  const fixed = { resizable: false, reorderable: false, selectable: false };
  return { id: NUMBER_COLUMN, field: '', name: '', width, minWidth: 0, cssClass: 'kodiak-index', headerCssClass: 'kodiak-index', ...fixed };
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
