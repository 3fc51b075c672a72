import { type Column, type CustomDataView, type SlickEvent, SlickEventData, SlickGrid } from 'slickgrid';
import { Sortable } from 'sortablejs';

// SlickGrid looks for it there, to move columns by their heads.
Object.assign(globalThis, { Sortable });

/** Column of the row numbers, which is always the first. */
export const NUMBER_COLUMN = 'row-number';

export interface TableParts {
  /** Makes a cell that is to be shown, whose place and classes are set already. `column` is the column's id. */
  cell(element: HTMLElement, row: number, column: string): void;
  /** Makes the head of a column. */
  head(element: HTMLElement, column: string): void;
  /** Puts the focus on the grid. */
  focus(): void;
  /** Rows `first` to before `end` are about to be drawn. True when none of them is still to come. */
  look(first: number, end: number): boolean;
}

/**
 * Rows that come within this time are drawn once: drawing them as waiting first would keep the page busy while the answer is there, and
 * where the page shares a thread with the workbench the request itself would wait for that.
 */
const HOLD_MS = 80;

interface ScrollBarSize {
  readonly width: number;
  readonly height: number;
}

let scrollBarSize: ScrollBarSize | undefined;

const NOTHING_SAID = new SlickEventData();

/** Between two looks at where a scroll bar that is dragged has come to. */
const JUMP_INTERVAL_MS = 10;

/** Heights and widths that the browser lays out without rounding; SlickGrid pages what is higher. */
const MAX_CANVAS_HEIGHT = 8_000_000;

/**
 * SlickGrid as our grids use it: columns are positioned by a constructed style sheet, which every content policy allows; cells and heads are
 * made by `TableParts` and by no string that could be read as HTML; keys and focus are the grid's, not SlickGrid's.
 */
export class SlickTable extends SlickGrid<object> {
  readonly #parts: TableParts;
  #sheet: CSSStyleSheet | undefined;
  #ruleOffset = 0;
  #scrollBars = { horizontal: false, vertical: false };
  /** A jump waits for its rows. */
  #held: ReturnType<typeof setTimeout> | undefined;

  constructor(
    container: HTMLElement,
    rows: CustomDataView<object>,
    columns: Column[],
    frozenColumn: number,
    rowHeight: number,
    parts: TableParts,
  ) {
    super(container, rows, columns, {
      rowHeight,
      frozenColumn,
      explicitInitialization: true,
      suppressCssChangesOnHiddenInit: true,
      skipFreezeColumnValidation: true,
      enableHtmlRendering: false,
      enableCellNavigation: false,
      enableMouseWheelScrollHandler: false,
      enableColumnReorder: true,
      maxSupportedCssHeight: MAX_CANVAS_HEIGHT,
      syncColumnCellResize: true,
      defaultFormatter: () => '',
    });
    this.#parts = parts;
    this.scrollThrottle = this.actionThrottle(() => this.#drawJump(), JUMP_INTERVAL_MS);
    this.onHeaderCellRendered.subscribe((_, { node, column }) => parts.head(node, String(column.id)));
    this.init();
    for (const element of container.querySelectorAll<HTMLElement>('[tabindex]')) element.tabIndex = -1;
  }

  /** True where the canvas is shorter than the rows, so that the scroll bar moves through them proportionally. */
  get paged(): boolean {
    return this.n > 1;
  }

  /** Pixels from the first row's top to the top of the view. */
  get top(): number {
    return this.scrollTop + this.offset;
  }

  /** Pixels of the view that show rows. */
  get viewHeight(): number {
    return this.viewportH - (this.#scrollBars.horizontal ? (this.scrollbarDimensions?.height ?? 0) : 0);
  }

  /** Moves by pixels of rows, however long the result is. False at the end, where somebody else may scroll. */
  scrollBy(pixels: number): boolean {
    const before = this.top;
    this.scrollTo(before + pixels);
    this.render();
    return this.top !== before;
  }

  /** What is drawn for any other reason is drawn for the jump, too. */
  override render(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    super.render();
  }

  #drawJump(): void {
    // Which way it goes on is not known: rows below the view are drawn when it moves.
    this.vScrollDir = 0;
    const { top, bottom } = this.getVisibleRange();
    if (this.#parts.look(Math.max(0, top), bottom + 1)) this.render();
    else this.#held ??= setTimeout(() => this.render(), HOLD_MS);
  }

  /** Other columns, or the same in another order; those up to `frozenColumn` stay in view. */
  arrange(columns: Column[], frozenColumn: number): void {
    const left = this.scrollLeft;
    this.columns = columns;
    this.getOptions().frozenColumn = frozenColumn;
    this.setFrozenOptions();
    this.setScroller();
    this.setColumns(columns);
    this.scrollToX(left);
    this.handleScroll();
    this.render();
  }

  /** Fits the columns, from the left, and the canvas to other sizes. What is at the left edge stays there. */
  setWidths(widths: readonly number[]): void {
    const edge = this.getFirstColumnIndexAtOrAfter(this.scrollLeft);
    const moved = this.scrollLeft - (this.columnPosLeft[edge] ?? 0);
    for (const [index, column] of this.columns.entries()) column.width = widths[index] ?? 0;
    this.reRenderColumns(false);
    if (this.scrollLeft > 0) this.scrollToX((this.columnPosLeft[edge] ?? 0) + moved);
    this.resizeCanvas();
  }

  /** Which scroll bars there are. */
  setScrollBars(bars: { readonly horizontal: boolean; readonly vertical: boolean }): void {
    this.#scrollBars = bars;
    this.setOverflow();
  }

  /** To be called after the element was moved, whereby the browser forgets how far it was scrolled. */
  restoreScroll(): void {
    for (const view of this.getViewports()) view.scrollTop = this.scrollTop;
    this.scrollToX(this.scrollLeft);
  }

  /** Ids of the columns between two places of the canvas, and of those that stay in view. */
  columnsBetween(left: number, right: number): string[] {
    const frozen = Number(this.getOptions().frozenColumn ?? -1);
    const inView = (index: number) => (this.columnPosRight[index] ?? 0) >= left && (this.columnPosLeft[index] ?? 0) <= right;
    return this.columns.flatMap(({ id }, index) => (index > 0 && (index <= frozen || inView(index)) ? String(id) : []));
  }

  get scrollBarSize(): ScrollBarSize {
    return { width: this.scrollbarDimensions?.width ?? 0, height: this.scrollbarDimensions?.height ?? 0 };
  }

  /** The nearest place in which the whole row is in view. */
  showRow(row: number): void {
    const top = row * this.getRowHeight();
    const bottom = top + this.getRowHeight();
    if (top < this.top) this.scrollTo(top);
    else if (bottom > this.top + this.viewHeight) this.scrollTo(bottom - this.viewHeight);
    this.render();
  }

  /** The elements of the rows that are drawn, with their numbers. */
  *drawnRows(): Generator<{ readonly row: number; readonly cells: readonly HTMLElement[] }> {
    for (const [row, { rowNode }] of Object.entries(this.getRowCache())) {
      yield { row: Number(row), cells: (rowNode ?? []).flatMap((node) => [...node.children] as HTMLElement[]) };
    }
  }

  override destroy(shouldDestroyAllElements?: boolean): void {
    clearTimeout(this.#held);
    super.destroy(shouldDestroyAllElements);
  }

  protected override setFocus(): void {
    this.#parts.focus();
  }

  protected override setOverflow(): void {
    const { horizontal, vertical } = this.#scrollBars ?? { horizontal: false, vertical: false };
    const [left, right] = this.getViewports();
    for (const view of [left, right]) if (view) view.style.overflowX = horizontal ? 'scroll' : 'hidden';
    if (left) left.style.overflowY = 'hidden';
    if (right) right.style.overflowY = vertical ? 'scroll' : 'hidden';
  }

  /** Measuring lays the whole page out, and all grids of a page have the same. */
  protected override measureScrollbar(): ScrollBarSize {
    scrollBarSize ??= super.measureScrollbar();
    return scrollBarSize;
  }

  /** Heads are as wide as their columns, borders included, so that none needs to be measured. */
  protected override applyColumnHeaderWidths(): void {
    const heads = this._headers.flatMap((header) => [...header.children] as HTMLElement[]);
    for (const [index, { width }] of this.columns.entries()) {
      const head = heads[index];
      if (head !== undefined && head.style.width !== `${width}px`) head.style.width = `${width}px`;
    }
    this.updateColumnCaches();
  }

  /** No cell of ours spans rows: looking for one takes most of the time of drawing 10,000 columns. */
  override getParentRowSpanByCell(): null {
    return null;
  }

  /** Nobody listens to it, and making one for each cell takes a tenth of the time of drawing it. */
  protected override trigger<Args>(event: SlickEvent<Args>, args?: Args, cause?: Event | SlickEventData): SlickEventData {
    return (event as unknown) === this.onBeforeAppendCell ? NOTHING_SAID : super.trigger(event, args, cause);
  }

  /** Nothing of ours depends on where the grid is on the page. */
  protected override bindAncestorScrollEvents(): void {}

  protected override createCssRules(): void {
    const height = this.getOptions().rowHeight;
    const scope = `.${this.getUID()}`;
    const fixed = [
      `${scope} .slick-header-column { left: 1000px; }`,
      `${scope} .slick-row, ${scope} .slick-cell { height: ${height}px; }`,
      `${scope} .slick-headerrow-columns, ${scope} .slick-footerrow-columns { height: 0; }`,
    ];
    const placed = this.columns.flatMap((_, index) => [`${scope} .l${index} { }`, `${scope} .r${index} { }`]);
    this.#sheet = new CSSStyleSheet();
    this.#sheet.replaceSync([...fixed, ...placed].join('\n'));
    this.#ruleOffset = fixed.length;
    document.adoptedStyleSheets.push(this.#sheet);
  }

  protected override getColumnCssRules(index: number): { left: CSSStyleRule; right: CSSStyleRule } {
    const [left, right] = [2 * index, 2 * index + 1].map((place) => this.#sheet?.cssRules[this.#ruleOffset + place]);
    if (!(left instanceof CSSStyleRule && right instanceof CSSStyleRule)) throw new Error(`There is no rule for column ${index}.`);
    return { left, right };
  }

  protected override removeCssRules(): void {
    const at = this.#sheet === undefined ? -1 : document.adoptedStyleSheets.indexOf(this.#sheet);
    if (at >= 0) document.adoptedStyleSheets.splice(at, 1);
    this.#sheet = undefined;
  }

  protected override appendCellHtml(
    divRow: HTMLElement,
    row: number,
    cell: number,
    colspan: number,
    rowspan: number,
    columnMetadata: null,
    item: object,
  ): void {
    super.appendCellHtml(divRow, row, cell, colspan, rowspan, columnMetadata, item);
    const element = divRow.lastElementChild;
    const column = this.columns[cell];
    if (element instanceof HTMLElement && column !== undefined) this.#parts.cell(element, row, String(column.id));
  }

  protected override appendRowHtml(
    left: HTMLElement[],
    right: HTMLElement[],
    row: number,
    range: { bottom: number; top: number; leftPx: number; rightPx: number },
    dataLength: number,
  ): void {
    super.appendRowHtml(left, right, row, range, dataLength);
    for (const element of [left.at(-1), right.at(-1)]) element?.setAttribute('aria-rowindex', String(row + 2));
  }
}
