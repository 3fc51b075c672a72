import type { ResultOutput } from '../../server/protocol/notebookOutput.ts';
import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { footerText } from './footerText.ts';
import { Grid, type GridRows } from './grid.ts';
import { Notice } from './notice.ts';
import { type PageClient, PageFailure } from './pageClient.ts';
import { PAGE_ROWS, PageStore } from './pageStore.ts';

const MAX_PAGES = 40;
const MAX_REQUESTS = 2;
const POLL_MS = 500;

/** One result on the screen: grid, footer and notice, and the traffic for rows that come into view. */
export class ResultView implements GridRows {
  readonly element: HTMLElement;
  readonly #pages: PageClient;
  readonly #store: PageStore;
  readonly #grid: Grid;
  readonly #footer: HTMLElement;
  readonly #notice: Notice;
  readonly #requested = new Set<number>();
  #output: ResultOutput;
  #inView = { first: 0, end: 0 };
  #goneBecause: string | undefined;
  /** Why some rows in view are not here. */
  #problem = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(output: ResultOutput, pages: PageClient) {
    this.#output = output;
    this.#pages = pages;
    this.#store = new PageStore(output.preview, MAX_PAGES);
    this.#grid = new Grid(this);
    this.#footer = document.createElement('div');
    this.#footer.className = 'kodiak-footer';
    this.#notice = new Notice(() => this.#pages.runAgain(this.#output.resultId));
    this.element = document.createElement('div');
    this.element.className = 'kodiak-result';
    this.element.append(this.#grid.element, this.#footer, this.#notice.element);
  }

  get columns(): readonly WireColumn[] {
    return this.#output.columns;
  }

  get rowCount(): number {
    return this.#goneBecause === undefined ? this.#output.rowCount : Math.min(this.#output.rowCount, this.#output.preview.length);
  }

  row(index: number): WireRow | undefined {
    return this.#store.row(index);
  }

  look(first: number, end: number): void {
    this.#inView = { first, end };
    this.#fetchMissing();
  }

  /** To be called once the element is in the document, and after it was moved. */
  attached(): void {
    this.#grid.attached();
    this.#showFooter();
    this.#pollSoon();
  }

  /** The same result, further on. */
  update(output: ResultOutput): void {
    const { preview } = this.#output.preview.length > 0 ? this.#output : output;
    this.#output = { ...output, preview };
    this.#refresh();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#grid.dispose();
  }

  #refresh(): void {
    if (this.#disposed) return;
    this.#grid.refresh();
    this.#showFooter();
  }

  #fetchMissing(): void {
    if (this.#goneBecause !== undefined) return;
    for (const page of this.#store.missing(this.#inView.first, this.#inView.end)) {
      if (this.#requested.size >= MAX_REQUESTS) return;
      if (!this.#requested.has(page)) void this.#fetch(page);
    }
  }

  async #fetch(page: number): Promise<void> {
    this.#requested.add(page);
    try {
      const { rows, rowCount, complete } = await this.#pages.fetch(this.#output.resultId, page * PAGE_ROWS, PAGE_ROWS);
      this.#store.put(page, rows, complete);
      this.#problem = '';
      this.#grew(rowCount, complete);
    } catch (error) {
      this.#failed(error);
      this.#store.put(page, [], true);
    } finally {
      this.#requested.delete(page);
    }
    this.#refresh();
  }

  /** Rows can be scrolled to as soon as they have arrived in the server. */
  #pollSoon(): void {
    clearTimeout(this.#timer);
    if (this.#disposed || this.#output.complete || this.#goneBecause !== undefined) return;
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
  }

  async #poll(): Promise<void> {
    try {
      const { rowCount, complete } = await this.#pages.fetch(this.#output.resultId, 0, 0);
      this.#grew(rowCount, complete);
    } catch (error) {
      this.#failed(error);
    }
    this.#refresh();
    this.#pollSoon();
  }

  #grew(rowCount: number, complete: boolean): void {
    if (rowCount >= this.#output.rowCount) this.#output = { ...this.#output, rowCount, complete: complete || this.#output.complete };
  }

  #failed(error: unknown): void {
    this.#problem = error instanceof Error ? error.message : String(error);
    if (error instanceof PageFailure && error.gone) this.#goneBecause = this.#problem;
  }

  #showFooter(): void {
    const { rowCount, columns, complete, truncated, note, preview } = this.#output;
    const rowsHere = this.#goneBecause === undefined ? undefined : preview.length;
    this.#footer.textContent = footerText({ rowCount, columnCount: columns.length, complete, truncated, note });
    if (this.#problem === '') this.#notice.clear();
    else this.#notice.show({ rowCount, reason: this.#problem, rowsHere });
  }
}
