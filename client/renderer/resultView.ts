import type { ResultOutput, ShownView, ViewSpec } from '../../server/protocol/notebookOutput.ts';
import type { WireFilter } from '../../server/protocol/requests.ts';
import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { ColumnPanels } from './columnPanels.ts';
import { create } from './elements.ts';
import { footerText } from './footerText.ts';
import { Grid } from './grid.ts';
import type { ColumnAction } from './gridHead.ts';
import type { GridRows } from './gridParts.ts';
import type { HeadState } from './headLabel.ts';
import { Notice } from './notice.ts';
import type { PageClient } from './pageClient.ts';
import { PagedRows } from './pagedRows.ts';
import { RowFinder } from './rowFinder.ts';
import { firstMatch, nextMatch } from './searchMatches.ts';
import { SelectedCells } from './selectedCells.ts';
import { ValueViewer } from './valueViewer.ts';
import { ViewBar } from './viewBar.ts';
import { ViewControl } from './viewControl.ts';
import { viewMemory } from './viewMemory.ts';
import { cycleSort, filterOf, sortBy, sortMark, withFilter, withoutFilter } from './viewSpec.ts';

const POLL_MS = 500;

/** The rows of a view, with their number. */
interface ViewRows {
  readonly rows: PagedRows;
  readonly rowCount: number;
}

/** One result on the screen: its grid with what is above, beside and below it, and the rows that come into view. */
export class ResultView implements GridRows {
  readonly element = create('div', 'kodiak-result');
  readonly mark?: NonNullable<GridRows['mark']>;
  readonly #pages: PageClient;
  readonly #all: PagedRows;
  readonly #control: ViewControl;
  readonly #grid: Grid;
  readonly #bar: ViewBar;
  readonly #panels: ColumnPanels;
  readonly #beside = create('div', 'kodiak-main');
  readonly #footer = create('div', 'kodiak-footer');
  readonly #facts = create('span', 'kodiak-facts-line');
  readonly #selected: SelectedCells;
  readonly #values: ValueViewer;
  readonly #finder: RowFinder;
  readonly #notice: Notice;
  #output: ResultOutput;
  /** Undefined while all rows are shown. */
  #view: ViewRows | undefined;
  /** The view was opened again, and has not given rows yet. */
  #reopened = false;
  #goneBecause: string | undefined;
  #recalled = false;
  /** Why some rows in view are not here. */
  #problem = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(output: ResultOutput, pages: PageClient, mark?: GridRows['mark']) {
    this.#output = output;
    this.#pages = pages;
    if (mark !== undefined) this.mark = mark;
    this.#all = new PagedRows(output.resultId, output.columns.length, output.preview, pages, {
      arrived: (rowCount, complete) => this.#grew(rowCount, complete),
      failed: (message, gone) => this.#failed(message, gone),
    });
    this.#control = new ViewControl(output.resultId, pages, {
      shown: (view) => this.#showView(view),
      changed: () => this.#refresh(),
      gone: (message) => this.#failed(message, true),
    });
    this.#selected = new SelectedCells(this, pages);
    this.#values = new ValueViewer(this, pages, this.#beside, () => this.#grid.element.focus({ preventScroll: true }));
    this.#finder = new RowFinder(this, pages, {
      found: (place) => this.#grid.activate(place),
      changed: () => this.#refresh(),
    });
    this.#grid = new Grid(
      this,
      {
        column: (action, column) => this.#columnAction(action, column),
        find: () => this.#bar.openFind(),
        focused: (place) => this.#values.follow(place),
        selected: (selection) => this.#selected.select(selection),
        open: (place) => this.#values.open(place),
        textHere: (selection) => this.#selected.textHere(selection),
        copy: (selection, format) => void this.#selected.copy(selection, format),
        arranged: () => {
          this.#remember();
          this.#showFooter();
        },
      },
      this.#beside,
    );
    this.#bar = new ViewBar({
      search: (search, onlyFound) => this.#search(search, onlyFound),
      nextMatch: (backwards) => void this.#nextMatch(backwards),
      removeSort: () => void this.#show({ ...this.#control.wanted, sort: [] }),
      editFilter: (column) => this.#panels.openFilter(column),
      removeFilter: (column) => void this.#show(withoutFilter(this.#control.wanted, column)),
      cancel: () => this.#control.cancel(),
      leave: () => this.#grid.element.focus(),
    });
    this.#panels = new ColumnPanels(
      {
        resultId: output.resultId,
        columns: output.columns,
        control: this.#control,
        pages,
        show: (spec) => void this.#show(spec),
        leave: () => this.#grid.element.focus(),
      },
      this.#beside,
    );
    this.#notice = new Notice(() => this.#pages.runAgain(this.#output.resultId));
    this.#beside.append(this.#grid.element);
    this.#footer.append(this.#facts, this.#selected.element);
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.append(this.#bar.element, this.#panels.above, this.#beside, this.#footer, this.#notice.element);
  }

  get columns(): readonly WireColumn[] {
    return this.#output.columns;
  }

  get rowCount(): number {
    if (this.#goneBecause !== undefined) return Math.min(this.#output.rowCount, this.#output.preview.length);
    return this.#view?.rowCount ?? this.#output.rowCount;
  }

  get isAwaited(): boolean {
    return this.#output.provenance.kind !== 'earlier';
  }

  get handle(): string | undefined {
    return this.#goneBecause === undefined ? (this.#view?.rows ?? this.#all).handle : undefined;
  }

  get source(): object {
    return this.#view?.rows ?? this.#all;
  }

  get search(): string {
    return this.#finder.search === '' ? this.#control.shown.search : this.#finder.search;
  }

  row(index: number): WireRow | undefined {
    return (this.#view?.rows ?? this.#all).row(index);
  }

  look(first: number, end: number): boolean {
    return this.#goneBecause !== undefined || (this.#view?.rows ?? this.#all).look(first, end);
  }

  head(column: number): HeadState {
    const { wanted } = this.#control;
    return { sort: sortMark(wanted.sort, column), filtered: filterOf(wanted, column) !== undefined };
  }

  /** To be called once the element is in the document, and after it was moved. */
  attached(): void {
    this.#recall();
    this.#grid.attached();
    this.#refresh();
    this.#pollSoon();
  }

  /** The same result, further on. */
  update(output: ResultOutput): void {
    const { preview } = this.#output.preview.length > 0 ? this.#output : output;
    this.#output = { ...output, preview };
    this.#refresh();
  }

  /** Sets the condition on a column, or takes it away. */
  filter(column: number, filter: WireFilter | undefined): void {
    const { wanted } = this.#control;
    void this.#show(filter === undefined ? withoutFilter(wanted, column) : withFilter(wanted, filter));
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#panels.dispose();
    this.#values.dispose();
    this.#selected.dispose();
    this.#finder.dispose();
    this.#all.stop();
    this.#view?.rows.stop();
    this.#control.dispose();
    this.#bar.dispose();
    this.#grid.dispose();
  }

  /** From anywhere in the result. */
  #key(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'f') return;
    // Otherwise VS Code opens its own search, which sees only the rows in view.
    event.preventDefault();
    event.stopPropagation();
    this.#bar.openFind();
  }

  /** The statement may be run again: its next result is shown as this one. */
  #remember(): void {
    // What is searched is forgotten: its box is closed in a new grid.
    const spec = { ...this.#control.wanted, search: '' };
    viewMemory.remember(this.#output.origin, this.columns, { spec, ...this.#grid.looked });
  }

  /** Shows a result as the one before it of the same statement was shown, once. */
  #recall(): void {
    if (this.#recalled || this.#output.origin === undefined) return;
    this.#recalled = true;
    const looked = viewMemory.recall(this.#output.origin, this.columns);
    if (looked === undefined) return;
    this.#grid.look(looked);
    void this.#show(looked.spec);
  }

  #columnAction(action: ColumnAction, column: number): void {
    if (this.#goneBecause !== undefined) return;
    if (action === 'filter') this.#panels.openFilter(column);
    else if (action === 'profile') void this.#panels.openProfile(column);
    else {
      const { wanted } = this.#control;
      const sort =
        action === 'sort' || action === 'addSort'
          ? cycleSort(wanted.sort, column, action === 'addSort')
          : sortBy(wanted.sort, column, action);
      void this.#show({ ...wanted, sort });
    }
  }

  /** A problem is said below the grid. */
  async #show(spec: ViewSpec): Promise<void> {
    if (this.#goneBecause !== undefined) return;
    this.#problem = (await this.#control.show(spec)) ?? '';
    this.#refresh();
  }

  #showView(view: ShownView | undefined): void {
    this.#remember();
    this.#view?.rows.stop();
    this.#problem = '';
    this.#view = view && {
      rowCount: view.rowCount,
      rows: new PagedRows(view.resultId, this.columns.length, view.rows, this.#pages, {
        arrived: () => this.#viewArrived(),
        failed: (message, gone) => this.#viewFailed(message, gone),
      }),
    };
    if (this.#disposed) return;
    this.#grid.refresh();
    this.#grid.toTop();
    const { search } = this.#control.shown;
    const found = search === '' ? undefined : firstMatch(this, 0, search);
    if (found !== undefined && this.#bar.focused) this.#grid.activate(found);
  }

  #viewArrived(): void {
    this.#reopened = false;
    this.#problem = '';
    this.#refresh();
  }

  /** A view that was dropped is opened again, once: if its rows cannot be had then, all rows are shown. */
  #viewFailed(message: string, gone: boolean): void {
    this.#problem = message;
    if (!gone) this.#refresh();
    else if (this.#reopened) {
      this.#control.dispose();
      this.#view = undefined;
      this.#refresh();
    } else {
      this.#reopened = true;
      void this.#control.reopen().then((problem) => {
        this.#problem = problem ?? '';
        this.#refresh();
      });
    }
  }

  /** Shows only the rows with a text, or looks for the first of them from the focused one on. */
  #search(search: string, onlyFound: boolean): void {
    this.#finder.search = onlyFound ? '' : search;
    void this.#show({ ...this.#control.wanted, search: onlyFound ? search : '' });
    if (!onlyFound && search !== '') void this.#finder.first(this.#grid.active);
    this.#refresh();
  }

  async #nextMatch(backwards: boolean): Promise<void> {
    if (this.#finder.search !== '') {
      await this.#finder.next(this.#grid.active, backwards);
      return;
    }
    const place = nextMatch(this, this.#grid.active, this.#control.shown.search, backwards);
    if (place !== undefined) this.#grid.activate(place);
  }

  #refresh(): void {
    if (this.#disposed) return;
    this.#grid.refresh();
    const { shown, wanted, began } = this.#control;
    this.#panels.refresh();
    const search = this.#finder.search === '' ? wanted.search : this.#finder.search;
    const counts = { rowCount: this.rowCount, allRows: this.#output.rowCount };
    this.#bar.update({ shown, wanted, search, found: this.#finder.note, began, columns: this.columns, ...counts });
    this.#finder.arrived();
    this.#showFooter();
  }

  /** Rows can be scrolled to as soon as they have arrived in the server. */
  #pollSoon(): void {
    clearTimeout(this.#timer);
    if (this.#disposed || this.#output.complete || this.#goneBecause !== undefined) return;
    this.#timer = setTimeout(() => void this.#all.poll().then(() => this.#pollSoon()), POLL_MS);
  }

  #grew(rowCount: number, complete: boolean): void {
    if (rowCount >= this.#output.rowCount) this.#output = { ...this.#output, rowCount, complete: complete || this.#output.complete };
    this.#problem = '';
    this.#refresh();
  }

  #failed(message: string, gone: boolean): void {
    this.#problem = message;
    if (gone) {
      this.#goneBecause = message;
      this.#view?.rows.stop();
      this.#view = undefined;
      this.#control.forget();
    }
    this.#refresh();
  }

  #showFooter(): void {
    const { rowCount, columns, complete, truncated, note, preview } = this.#output;
    const rowsHere = this.#goneBecause === undefined ? undefined : preview.length;
    const hidden = this.#grid.looked.arrangement.hidden.length;
    const text = footerText({ rowCount, columnCount: columns.length, complete, truncated, note, hidden });
    if (this.#facts.textContent !== text) this.#facts.textContent = text;
    if (this.#problem === '') this.#notice.clear();
    else this.#notice.show({ rowCount, reason: this.#problem, rowsHere });
  }
}
