import { type Column, SlickCellRangeSelector } from 'slickgrid';
import { shortName } from './chipText.ts';
import {
  type ColumnArrangement,
  naturalArrangement,
  pinnedThatFit,
  rearranged,
  shownColumns,
  withOrder,
  withWidth,
} from './columnArrangement.ts';
import { ColumnLengths } from './columnLengths.ts';
import { create } from './elements.ts';
import { formatNumber } from './footerText.ts';
import { GridCells, markSelected } from './gridCells.ts';
import { columnActionOf } from './gridHead.ts';
import { GridHeads, headId } from './gridHeads.ts';
import { type CellPlace, columnAction, HEAD_ROW, moveByKey, pageStep } from './gridKeys.ts';
import { type ColumnCommand, cellItems, columnItems } from './gridMenus.ts';
import type { GridActions, GridRows, Selection } from './gridParts.ts';
import { GridSelection } from './gridSelection.ts';
import { HEAD_HEIGHT, ROW_HEIGHT } from './gridStyle.ts';
import { PopupMenu } from './popupMenu.ts';
import { NUMBER_COLUMN, SlickTable } from './slickTable.ts';
import { whenSeen } from './whenSeen.ts';

/** More rows than any view has: the style sheet of the page says how high a grid may be. */
const MAX_ROWS_SHOWN = 500;
/** Left and right, top and bottom. */
const BORDERS = 2;
const MIN_COLUMN_WIDTH = 24;
/** Pixels that pinned columns leave to the others. */
const MIN_LOOSE_WIDTH = 120;

let grids = 0;

/** Of a grid in pixels, without a scroll bar below. */
function rowsHeight(rowCount: number): number {
  return HEAD_HEIGHT + Math.min(rowCount, MAX_ROWS_SHOWN) * ROW_HEIGHT + BORDERS;
}

/** A table of any length and width, of which only the cells near the view are in the document. Drawn by SlickGrid. */
export class Grid {
  readonly element: HTMLElement;
  readonly #rows: GridRows;
  readonly #actions: GridActions;
  readonly #id = `kodiak-grid-${++grids}`;
  readonly #lengths: ColumnLengths;
  readonly #resizes: ResizeObserver;
  readonly #menu: PopupMenu;
  readonly #cells: GridCells;
  readonly #heads: GridHeads;
  readonly #selection: GridSelection;
  #table: SlickTable | undefined;
  #arrangement: ColumnArrangement;
  /** The columns that are shown, from the left. */
  #shown: readonly number[] = [];
  /** By column, its place from the left. */
  #positions: ReadonlyMap<number, number> = new Map();
  #numberWidth = 0;
  #active: CellPlace = { row: 0, column: 0 };
  /** Numbers have separators between thousands. */
  #thousands = false;
  /** The columns and the sizes that the table was laid out for. */
  #order = '';
  #sizes = '';
  /** What the drawn cells depend on besides their values. */
  #drawnFor: { readonly source: object; readonly search: string } | undefined;
  #frame: number | undefined;
  /** A person can see it, or the page had time to make it before. */
  #isSeen = false;
  #forget: (() => void) | undefined;

  /** Menus lie in `host`, which holds the grid. */
  constructor(rows: GridRows, actions: GridActions, host: HTMLElement) {
    this.#rows = rows;
    this.#actions = actions;
    this.#lengths = new ColumnLengths(rows);
    this.#cells = new GridCells(rows, this.#lengths);
    this.#heads = new GridHeads(rows);
    this.#selection = new GridSelection(this, (selection) => this.#showSelected(selection));
    this.#arrangement = naturalArrangement(rows.columns.length);
    this.element = create('div', 'kodiak-grid');
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'grid');
    this.element.setAttribute('aria-readonly', 'true');
    this.element.setAttribute('aria-multiselectable', 'true');
    this.element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('mousedown', (event) => this.#press(event));
    this.element.addEventListener('mouseover', (event) => this.#heads.point(event));
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
    const table = this.#isSeen ? this.#tableOnScreen() : undefined;
    if (!this.#isSeen) this.#reserve(rowCount);
    this.element.setAttribute('aria-rowcount', String(rowCount + 1));
    this.element.setAttribute('aria-colcount', String(this.#shown.length + 1));
    this.element.setAttribute('aria-label', `Result with ${formatNumber(rowCount)} rows and ${formatNumber(columns.length)} columns`);
    if (table === undefined) return;
    this.#dropOutdated(table);
    this.#layOut(table);
    table.render();
    this.#heads.mark(table, this.#shown, this.#active);
    this.#nameActive();
  }

  /** Takes the place that the table will have. */
  #reserve(rowCount: number): void {
    this.element.style.height = `${rowsHeight(rowCount)}px`;
    this.#forget ??= whenSeen(this.element, this.#rows.isAwaited, () => {
      this.#isSeen = true;
      this.refresh();
    });
  }

  get rowCount(): number {
    return this.#rows.rowCount;
  }

  /** The columns that are shown, from the left. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  /** The place of a column from the left. */
  position(column: number): number {
    return this.#positions.get(column) ?? 0;
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
    this.#selection.begin(place);
    this.#actions.focused(place);
  }

  #focusOn(place: CellPlace): void {
    this.#active = place;
    const table = this.#table;
    if (table === undefined) return;
    table.scrollColumnIntoView(this.position(place.column) + 1);
    if (place.row !== HEAD_ROW && place.row < this.#rows.rowCount) table.showRow(place.row);
    this.#heads.mark(table, this.#shown, this.#active);
    this.#markActive();
  }

  #markActive(): void {
    const cell = document.getElementById(this.#cellId(this.#active));
    for (const element of this.element.querySelectorAll('.kodiak-active')) element.classList.toggle('kodiak-active', element === cell);
    cell?.classList.add('kodiak-active');
    this.#nameActive();
  }

  /** Other rows are shown: from the first on. */
  toTop(): void {
    if (this.#active.row !== HEAD_ROW) this.#active = { ...this.#active, row: 0 };
    this.#selection.clear();
    this.#table?.scrollTo(0);
    this.refresh();
  }

  dispose(): void {
    this.#forget?.();
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
        head: (element, column) => this.#heads.make(element, column),
        focus: () => this.element.focus({ preventScroll: true }),
        look: (first, end) => this.#rows.look(first, Math.min(this.#rows.rowCount, end)),
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
      event.subscribe((_, { range: { fromRow, toRow, fromCell, toCell } }) => {
        const columns = { fromColumn: Math.max(0, fromCell - 1), toColumn: Math.max(0, toCell - 1) };
        this.#active = this.#selection.drag({ fromRow, toRow, ...columns });
        this.#markActive();
      });
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
      table.invalidateRows(this.#cells.takeArrived());
    } else {
      this.#cells.keepWaiting(0, -1);
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
    const height = rowsHeight(rowCount);
    element.style.height = `${height}px`;
    let vertical = rowCount > MAX_ROWS_SHOWN || element.offsetHeight < height;
    element.style.width = `${width + (vertical ? bar.width : 0) + BORDERS}px`;
    const horizontal = element.clientWidth < width + (vertical ? bar.width : 0);
    if (horizontal) {
      element.style.height = `${height + bar.height}px`;
      vertical ||= element.offsetHeight < height + bar.height;
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
      this.#positions = new Map(columns.map((column, position) => [column, position]));
      element.setAttribute('aria-colcount', String(columns.length + 1));
      this.#heads.begin(columns.length);
      this.#selection.clear();
      const placed = columns.map((column, index) => this.#tableColumn(column, index, widths[index] ?? 0));
      table.arrange([numberColumn(this.#numberWidth), ...placed], fitting);
    } else table.setWidths([this.#numberWidth, ...widths]);
  }

  #tableColumn(column: number, position: number, width: number): Column {
    const attributes = { 'data-column': String(column), 'aria-colindex': String(position + 2) };
    const numeric = this.#cells.isNumeric(column) ? ' kodiak-number' : '';
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
      this.#cells.drawNumber(element, row);
      return;
    }
    const place = { row, column: Number(id) };
    this.#cells.draw(element, place, {
      id: this.#cellId(place),
      active: row === this.#active.row && place.column === this.#active.column,
      selected: this.#selection.has(place),
      thousands: this.#thousands,
      width: this.#width(place.column),
      fixed: this.#arrangement.widths[place.column] !== undefined,
    });
  }

  /** After SlickGrid has drawn: asks for the rows in view, and makes room for what turned out to be wider. */
  #rendered(table: SlickTable): void {
    const { top, bottom } = table.getRenderedRange();
    this.#rows.look(top, Math.min(this.#rows.rowCount, bottom + 1));
    this.#cells.keepWaiting(top, bottom);
    this.#heads.fill(table);
    if (this.#cells.wider) this.#refreshSoon();
    this.#nameActive();
  }

  #refreshSoon(): void {
    this.#cells.wider = false;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.refresh();
    });
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
    if (isControl && !altKey && key.toLowerCase() === 'a') this.#selection.all();
    else if (inCells && key === ' ' && isControl) this.#selection.columnsTo(this.#active.column);
    else if (inCells && key === ' ' && shiftKey) this.#selection.rowsTo(this.#active.row);
    else if (inCells && key === 'Enter' && !isControl) this.#actions.open(this.#active);
    else if (key === 'Escape' && this.#selection.any) this.activate(this.#active);
    else return this.#moves(event, inCells, isControl);
    return true;
  }

  #moves(event: KeyboardEvent, inCells: boolean, isControl: boolean): boolean {
    const { key, shiftKey, altKey } = event;
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
    const target = moveByKey(key, toEnd, { row, column: this.position(column) }, extent);
    return target && { row: target.row, column: this.#shown[target.column] ?? column };
  }

  /** Selects to this cell from where the selection began. */
  #extend(place: CellPlace): void {
    this.#focusOn(place);
    this.#selection.extendTo(place);
  }

  #showSelected(selection: Selection | undefined): void {
    for (const { row, cells } of this.#table?.drawnRows() ?? []) {
      for (const cell of cells) {
        const column = cell.dataset['column'];
        if (column !== undefined) markSelected(cell, this.#selection.has({ row, column: Number(column) }));
      }
    }
    this.#actions.selected(selection);
  }

  #press(event: MouseEvent): void {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('.slick-cell[data-row]') : null;
    if (cell === null) return;
    const place = { row: Number(cell.dataset['row']), column: Number(cell.dataset['column'] ?? this.#shown[0] ?? 0) };
    const isNumber = cell.dataset['column'] === undefined;
    if (event.button === 2 && this.#selection.has(place)) return;
    this.element.focus({ preventScroll: true });
    if (!event.shiftKey) this.activate(place);
    else if (!isNumber) this.#extend(place);
    if (isNumber) {
      this.#active = place;
      this.#selection.rowsTo(place.row);
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
        const meant = this.#selection.meant(this.#active);
        if (command === 'open') this.#actions.open(this.#active);
        else if (command === 'row') this.#selection.rowsTo(this.#active.row);
        else if (command === 'all') this.#selection.all();
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
    switch (command) {
      case 'ascending':
      case 'descending':
      case 'unsorted':
      case 'filter':
      case 'profile':
        this.#actions.column(command, column);
        return;
      case 'select':
        this.#active = { row: 0, column };
        this.#selection.begin(this.#active);
        this.#selection.columnsTo(column);
        return;
      case 'thousands':
        this.#thousands = !this.#thousands;
        this.#drawnFor = undefined;
        this.#arrange(this.#arrangement);
        return;
      default:
        this.#rearrange(command, column);
    }
  }

  #rearrange(command: ColumnCommand, column: number): void {
    const position = this.position(column);
    this.#arrange(rearranged(this.#arrangement, command, column) ?? this.#arrangement);
    const next = this.#shown.includes(column) ? column : (this.#shown[Math.min(position, this.#shown.length - 1)] ?? 0);
    this.activate({ ...this.#active, column: next });
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
    const meant = this.#selection.meant(this.#active);
    if (row === HEAD_ROW && !this.#selection.any) event.clipboardData.setData('text/plain', this.#rows.columns[column]?.name ?? '');
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
    return row === HEAD_ROW && this.#table ? headId(this.#table, column) : `${this.#id}-${row}-${column}`;
  }
}

function numberColumn(width: number): Column {
  const fixed = { resizable: false, reorderable: false, selectable: false };
  return { id: NUMBER_COLUMN, field: '', name: '', width, minWidth: 0, cssClass: 'kodiak-index', headerCssClass: 'kodiak-index', ...fixed };
}
