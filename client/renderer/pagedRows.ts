import type { WireRow } from '../../server/protocol/values.ts';
import { type PageClient, PageFailure } from './pageClient.ts';
import { PageStore, pageRowsOf, type RowPage } from './pageStore.ts';

const MAX_PAGES = 40;
const MAX_REQUESTS = 2;
/** Pages in one request. */
const MAX_RUN = 2;
const NO_ROWS: RowPage = { length: 0, row: () => undefined };

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
  #running = 0;
  #inView = { first: 0, end: 0 };
  #stopped = false;

  constructor(resultId: string, columnCount: number, preview: readonly WireRow[], pages: PageClient, listener: RowsListener) {
    this.#resultId = resultId;
    this.#pages = pages;
    this.#listener = listener;
    this.#store = new PageStore(preview, MAX_PAGES, pageRowsOf(columnCount));
  }

  get handle(): string {
    return this.#resultId;
  }

  row(index: number): WireRow | undefined {
    return this.#store.row(index);
  }

  /** Rows `first` to before `end` are in view. True when none of them is still to come. */
  look(first: number, end: number): boolean {
    this.#inView = { first, end };
    const missing = this.#stopped ? [] : this.#store.missing(first, end);
    const wanted = missing.filter((page) => !this.#requested.has(page));
    for (const pages of runsOf(wanted, MAX_RUN)) if (this.#running < MAX_REQUESTS) void this.#fetch(pages);
    return missing.length === 0;
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

  /** Pages that follow each other come with one answer. */
  async #fetch(pages: readonly number[]): Promise<void> {
    const [from = 0] = pages;
    const { pageRows } = this.#store;
    for (const page of pages) this.#requested.add(page);
    this.#running++;
    const put = (rows: RowPage, final: boolean) => {
      for (const [index, page] of pages.entries()) this.#store.put(page, part(rows, index * pageRows, pageRows), final);
      for (const page of pages) this.#requested.delete(page);
      this.#running--;
    };
    const limit = pages.length * pageRows;
    await this.#pages.fetchFrame(this.#resultId, from * pageRows, limit).then(
      ({ rows, rowCount, complete }) => {
        put(rows, complete);
        if (!this.#stopped) this.#listener.arrived(rowCount, complete);
      },
      async (error: unknown) => {
        const isGone = error instanceof PageFailure && error.gone;
        if (pages.length > 1 && !isGone && !this.#stopped) {
          // Together they may be more than one answer can hold.
          this.#running--;
          await Promise.all(pages.map((page) => this.#fetch([page])));
          return;
        }
        put(NO_ROWS, true);
        this.#fail(error);
      },
    );
    this.look(this.#inView.first, this.#inView.end);
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    const gone = error instanceof PageFailure && error.gone;
    if (gone) this.stop();
    this.#listener.failed(error instanceof Error ? error.message : String(error), gone);
  }
}

/** Pages that follow each other, at most so many together. */
function runsOf(pages: readonly number[], most: number): number[][] {
  const runs: number[][] = [];
  for (const page of pages) {
    const run = runs.at(-1);
    if (run !== undefined && run.length < most && run.at(-1) === page - 1) run.push(page);
    else runs.push([page]);
  }
  return runs;
}

/** The page that begins at a row of several. */
function part(rows: RowPage, from: number, pageRows: number): RowPage {
  if (from === 0 && rows.length <= pageRows) return rows;
  const length = Math.max(0, Math.min(pageRows, rows.length - from));
  return { length, row: (index) => (index < length ? rows.row(from + index) : undefined) };
}
