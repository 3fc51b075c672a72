import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { type CellPlace, HEAD_ROW } from './gridKeys.ts';
import type { PageClient } from './pageClient.ts';
import { ValuePane } from './valuePane.ts';

interface ViewedRows {
  readonly columns: readonly WireColumn[];
  /** What the rows are asked for by; undefined where they cannot be had any more. */
  readonly handle: string | undefined;
  row(index: number): WireRow | undefined;
}

/** Opens the value of a cell beside its grid, follows the focus while it is open, and goes back to the grid. */
export class ValueViewer {
  readonly #rows: ViewedRows;
  readonly #pages: PageClient;
  readonly #beside: HTMLElement;
  readonly #leave: () => void;
  #pane: ValuePane | undefined;
  #place: CellPlace | undefined;

  /** `beside` holds the grid; `leave` gives it the focus. */
  constructor(rows: ViewedRows, pages: PageClient, beside: HTMLElement, leave: () => void) {
    this.#rows = rows;
    this.#pages = pages;
    this.#beside = beside;
    this.#leave = leave;
  }

  open(place: CellPlace): void {
    if (this.#rows.row(place.row) === undefined) return;
    if (this.#pane === undefined) {
      this.#pane = new ValuePane();
      this.#beside.append(this.#pane.element);
    }
    this.#show(place);
    this.#pane.focus();
  }

  /** Another cell has the focus. */
  follow(place: CellPlace): void {
    const same = this.#place?.row === place.row && this.#place.column === place.column;
    if (this.#pane !== undefined && !same && place.row !== HEAD_ROW) this.#show(place);
  }

  dispose(): void {
    this.#pane?.element.remove();
    this.#pane = undefined;
    this.#place = undefined;
  }

  #show(place: CellPlace): void {
    const { row, column } = place;
    const named = this.#rows.columns[column];
    if (named === undefined) return;
    this.#place = place;
    const { handle } = this.#rows;
    this.#pane?.show(
      { row, column: named, value: this.#rows.row(row)?.[column] },
      {
        read: async (offset, length) => {
          if (handle === undefined) throw new Error('The rows of this result are gone: run it again to see the whole value.');
          return await this.#pages.value({ resultId: handle, row, column, offset, length }, new AbortController().signal);
        },
        copy: (text) => navigator.clipboard.writeText(text).catch(() => this.#pages.copy(text)),
        close: () => {
          this.dispose();
          this.#leave();
        },
      },
    );
  }
}
