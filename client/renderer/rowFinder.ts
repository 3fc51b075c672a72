import type { WireRow } from '../../server/protocol/values.ts';
import { type CellPlace, HEAD_ROW } from './gridKeys.ts';
import type { PageClient } from './pageClient.ts';
import { matchingColumns } from './searchMatches.ts';

interface FindableRows {
  readonly rowCount: number;
  /** What the rows are asked for by; undefined where they cannot be had any more. */
  readonly handle: string | undefined;
  row(index: number): WireRow | undefined;
}

interface FinderListener {
  found(place: CellPlace): void;
  /** There is another note, or the next row is here. */
  changed(): void;
}

/** Goes from one cell with a text to the next in all rows, those that are not here included; rows without it stay where they are. */
export class RowFinder {
  /** Empty while nothing is looked for. */
  search = '';
  /** Why nothing is found; empty otherwise. */
  note = '';
  readonly #rows: FindableRows;
  readonly #pages: PageClient;
  readonly #listener: FinderListener;
  #work = new AbortController();
  /** A row that was found and is not here yet: which of its cells it is will be seen then. */
  #expected: { readonly row: number; readonly backwards: boolean } | undefined;

  constructor(rows: FindableRows, pages: PageClient, listener: FinderListener) {
    this.#rows = rows;
    this.#pages = pages;
    this.#listener = listener;
  }

  /** Goes to the first cell at or behind a place. */
  async first({ row }: CellPlace): Promise<void> {
    await this.#go(Math.max(0, row) - 1, false);
  }

  async next(from: CellPlace, backwards: boolean): Promise<void> {
    const row = from.row === HEAD_ROW ? -1 : from.row;
    const columns = matchingColumns(this.#rows.row(row), this.search);
    const beside = columns.filter((column) => (backwards ? column < from.column : column > from.column));
    const column = backwards ? beside.at(-1) : beside[0];
    if (column !== undefined) this.#listener.found({ row, column });
    else await this.#go(row, backwards);
  }

  /** Rows have arrived. */
  arrived(): void {
    const expected = this.#expected;
    const row = expected && this.#rows.row(expected.row);
    if (expected === undefined || row === undefined) return;
    this.#expected = undefined;
    const columns = matchingColumns(row, this.search);
    const column = expected.backwards ? columns.at(-1) : columns[0];
    if (column !== undefined) this.#listener.found({ row: expected.row, column });
  }

  dispose(): void {
    this.#work.abort();
  }

  async #go(from: number, backwards: boolean): Promise<void> {
    this.#work.abort();
    const work = new AbortController();
    this.#work = work;
    this.#expected = undefined;
    try {
      const row =
        (await this.#find(from, backwards, work.signal)) ??
        (await this.#find(backwards ? this.#rows.rowCount : -1, backwards, work.signal));
      if (this.#work !== work) return;
      this.note = row === undefined ? 'no row has it' : '';
      if (row !== undefined) {
        this.#expected = { row, backwards };
        this.#listener.found({ row, column: 0 });
      }
    } catch (error) {
      if (this.#work !== work) return;
      this.note = error instanceof Error ? error.message : String(error);
    }
    this.#listener.changed();
  }

  async #find(from: number, backwards: boolean, signal: AbortSignal): Promise<number | undefined> {
    const { handle } = this.#rows;
    if (handle === undefined) throw new Error('The rows of this result are gone.');
    return await this.#pages.find({ resultId: handle, search: this.search, from, backwards }, signal);
  }
}
