import type { WireRow } from '../../server/protocol/values.ts';
import { type PageClient, PageFailure } from './pageClient.ts';
import { PAGE_ROWS, PageStore } from './pageStore.ts';

const MAX_PAGES = 40;
const MAX_REQUESTS = 2;

/** What became of the rows that were asked for. */
export interface RowsListener {
  /** Rows are here; there are so many now. */
  arrived(rowCount: number, complete: boolean): void;
  /** Some rows cannot be had; with `gone` none can. */
  failed(message: string, gone: boolean): void;
}

/** The rows behind one handle: those that are here, and the traffic for those that come into view. */
export class PagedRows {
  readonly #resultId: string;
  readonly #pages: PageClient;
  readonly #listener: RowsListener;
  readonly #store: PageStore;
  readonly #requested = new Set<number>();
  #inView = { first: 0, end: 0 };
  #stopped = false;

  constructor(resultId: string, preview: readonly WireRow[], pages: PageClient, listener: RowsListener) {
    this.#resultId = resultId;
    this.#pages = pages;
    this.#listener = listener;
    this.#store = new PageStore(preview, MAX_PAGES);
  }

  get handle(): string {
    return this.#resultId;
  }

  row(index: number): WireRow | undefined {
    return this.#store.row(index);
  }

  /** Rows `first` to before `end` are in view. */
  look(first: number, end: number): void {
    this.#inView = { first, end };
    if (this.#stopped) return;
    for (const page of this.#store.missing(first, end)) {
      if (this.#requested.size >= MAX_REQUESTS) return;
      if (!this.#requested.has(page)) void this.#fetch(page);
    }
  }

  /** Asks how many rows there are by now. */
  async poll(): Promise<void> {
    try {
      const { rowCount, complete } = await this.#pages.fetch(this.#resultId, 0, 0);
      if (!this.#stopped) this.#listener.arrived(rowCount, complete);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Nothing is asked for or told any more. */
  stop(): void {
    this.#stopped = true;
  }

  async #fetch(page: number): Promise<void> {
    this.#requested.add(page);
    try {
      const { rows, rowCount, complete } = await this.#pages.fetchFrame(this.#resultId, page * PAGE_ROWS, PAGE_ROWS);
      this.#store.put(page, rows, complete);
      this.#requested.delete(page);
      if (!this.#stopped) this.#listener.arrived(rowCount, complete);
    } catch (error) {
      this.#store.put(page, { length: 0, row: () => undefined }, true);
      this.#requested.delete(page);
      this.#fail(error);
    }
    this.look(this.#inView.first, this.#inView.end);
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    const gone = error instanceof PageFailure && error.gone;
    if (gone) this.stop();
    this.#listener.failed(error instanceof Error ? error.message : String(error), gone);
  }
}
