import type { WireRow } from '../../server/protocol/values.ts';

/** Rows of a page, unless there are very many columns. */
const PAGE_ROWS = 200;
/** More rows than a view has at once. */
const MIN_PAGE_ROWS = 40;
const MAX_PAGE_VALUES = 200_000;

/** Rows of a page of a result with so many columns: most of what makes an answer late is the number of its values. */
export function pageRowsOf(columnCount: number): number {
  return Math.max(MIN_PAGE_ROWS, Math.min(PAGE_ROWS, Math.floor(MAX_PAGE_VALUES / Math.max(1, columnCount))));
}

/** The pages of `pageRows` rows that rows `first` to before `end` lie on. */
export function pagesOf(first: number, end: number, pageRows: number): number[] {
  if (end <= first) return [];
  const from = Math.floor(first / pageRows);
  return Array.from({ length: Math.floor((end - 1) / pageRows) - from + 1 }, (_, index) => from + index);
}

/** Rows of a page, which may be read only when they are looked at. */
export interface RowPage {
  readonly length: number;
  row(index: number): WireRow | undefined;
}

interface StoredPage {
  readonly rows: RowPage;
  /** Asking again gives nothing more. */
  readonly final: boolean;
}

/** A result's rows as far as they are here: the preview, which stays, and the pages seen last. */
export class PageStore {
  readonly #preview: readonly WireRow[];
  readonly pageRows: number;
  readonly #maxPages: number;
  /** In the order of use, the one used last at the end. */
  readonly #pages = new Map<number, StoredPage>();

  constructor(preview: readonly WireRow[], maxPages: number, pageRows: number) {
    this.#preview = preview;
    this.pageRows = pageRows;
    this.#maxPages = maxPages;
  }

  row(index: number): WireRow | undefined {
    return this.#preview[index] ?? this.#pages.get(Math.floor(index / this.pageRows))?.rows.row(index % this.pageRows);
  }

  /** Pages to ask for so that rows `first` to before `end` can be shown. Those that are here count as used. */
  missing(first: number, end: number): number[] {
    const missing: number[] = [];
    for (const page of pagesOf(first, end, this.pageRows)) {
      const stored = this.#pages.get(page);
      if (stored !== undefined) {
        this.#pages.delete(page);
        this.#pages.set(page, stored);
      }
      const to = Math.min(end, (page + 1) * this.pageRows);
      const here = page * this.pageRows + (stored?.rows.length ?? 0);
      if (to > this.#preview.length && to > here && stored?.final !== true) missing.push(page);
    }
    return missing;
  }

  put(page: number, rows: RowPage, final: boolean): void {
    this.#pages.delete(page);
    this.#pages.set(page, { rows, final });
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= this.#maxPages) return;
      this.#pages.delete(oldest);
    }
  }
}
