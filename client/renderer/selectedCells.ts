import type { WireColumnSum } from '../../server/protocol/requests.ts';
import type { WireColumn, WireRow } from '../../server/protocol/values.ts';
import { cellCount } from './cellSelection.ts';
import { copyText, isCut, isNumeric } from './cellText.ts';
import { COPY_FORMATS, type CopyFormat, copyWriter, joinCopied } from './copyFormats.ts';
import { create, setText } from './elements.ts';
import { formatNumber } from './footerText.ts';
import type { Selection } from './gridParts.ts';
import type { PageClient } from './pageClient.ts';
import { NOTHING, type SelectionSum, sumOf, sumText, together } from './selectionSum.ts';

/** The rows that a grid shows. */
export interface SelectableRows {
  readonly columns: readonly WireColumn[];
  readonly rowCount: number;
  /** What they are asked for by; undefined where they cannot be had any more. */
  readonly handle: string | undefined;
  row(index: number): WireRow | undefined;
}

/** Cells that are summed up here; the engine does it for more. */
const MAX_SUMMED = 100_000;
const DRAG_MS = 80;
/** What goes to the clipboard at most. */
const MAX_COPIED_CELLS = 2_000_000;
const MAX_COPIED_CHARACTERS = 64 * 1024 * 1024;
const CELLS_PER_PAGE = 50_000;
const MAX_ROWS_PER_PAGE = 5000;

/** What is selected in a grid: sums it up in the line below, and copies it, with rows that are not here. */
export class SelectedCells {
  /** What the selected cells add up to, and what was copied. */
  readonly element = create('span', 'kodiak-selection');
  readonly #rows: SelectableRows;
  readonly #pages: PageClient;
  #work = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(rows: SelectableRows, pages: PageClient) {
    this.#rows = rows;
    this.#pages = pages;
    this.element.setAttribute('role', 'status');
  }

  select(selection: Selection | undefined): void {
    this.#stop();
    if (selection === undefined || cellCount(selection.range) < 2) setText(this.element, '');
    else {
      const sum = this.#sumHere(selection);
      if (sum !== undefined) setText(this.element, sumText(sum));
      else {
        setText(this.element, `${formatNumber(cellCount(selection.range))} cells · …`);
        this.#timer = setTimeout(() => void this.#sumInEngine(selection), DRAG_MS);
      }
    }
  }

  /** The selected cells as tab-separated text where all are here. */
  textHere({ range, columns }: Selection): string | undefined {
    if (cellCount(range) > CELLS_PER_PAGE) return undefined;
    const rows = this.#rowsHere(range.fromRow, range.toRow + 1, columns);
    if (rows === undefined) return undefined;
    if (cellCount(range) === 1) return copyText(rows[0]?.[0] ?? null);
    const writer = copyWriter('tsv', this.#heads(columns));
    return joinCopied(writer, [writer.rows(rows)]).trimEnd();
  }

  async copy(selection: Selection, format: CopyFormat): Promise<void> {
    this.#stop();
    const { range, columns } = selection;
    const work = this.#work;
    try {
      const all = range.toRow - range.fromRow + 1;
      const wanted = Math.min(all, Math.max(1, Math.floor(MAX_COPIED_CELLS / columns.length)));
      const { text, rows } = await this.#write(selection, wanted, format, work.signal);
      if (work !== this.#work) return;
      await this.#toClipboard(format === 'tsv' || format === 'tsvHeads' ? text.replace(/\n$/, '') : text);
      const count = `${formatNumber(rows)} ${rows === 1 ? 'row' : 'rows'} × ${formatNumber(columns.length)} ${columns.length === 1 ? 'column' : 'columns'}`;
      const limit = rows < all ? `, the first of ${formatNumber(all)} rows: more does not go to the clipboard, Export writes all` : '';
      setText(this.element, `copied ${count} as ${COPY_FORMATS[format]}${limit}`);
    } catch (error) {
      if (work === this.#work) setText(this.element, `not copied: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#work.abort();
    this.#work = new AbortController();
  }

  #heads(columns: readonly number[]): WireColumn[] {
    return columns.flatMap((column) => this.#rows.columns[column] ?? []);
  }

  /** Cells of rows `first` to before `end`; undefined where one of them is not here as a whole. */
  #rowsHere(first: number, end: number, columns: readonly number[]): WireRow[] | undefined {
    const rows: WireRow[] = [];
    for (let index = first; index < end; index++) {
      const row = this.#rows.row(index);
      if (row === undefined || columns.some((column) => isCut(row[column] ?? null))) return undefined;
      rows.push(columns.map((column) => row[column] ?? null));
    }
    return rows;
  }

  #sumHere({ range, columns }: Selection): SelectionSum | undefined {
    if (cellCount(range) > MAX_SUMMED) return undefined;
    const numeric = columns.map((column) => isNumeric(this.#rows.columns[column]?.type ?? ''));
    let sum = NOTHING;
    for (let index = range.fromRow; index <= range.toRow; index++) {
      const row = this.#rows.row(index);
      if (row === undefined) return undefined;
      for (const [place, column] of columns.entries()) sum = together(sum, sumOf(row[column] ?? null, numeric[place] === true));
    }
    return sum;
  }

  async #sumInEngine({ range, columns }: Selection): Promise<void> {
    const { handle } = this.#rows;
    const work = this.#work;
    const limit = range.toRow - range.fromRow + 1;
    try {
      if (handle === undefined) throw new Error('the rows are gone');
      const sums = await this.#pages.sum({ resultId: handle, offset: range.fromRow, limit, columns }, work.signal);
      if (work === this.#work) setText(this.element, sumText(sums.map((sum) => ofColumn(sum, limit)).reduce(together, NOTHING)));
    } catch (error) {
      if (work !== this.#work) return;
      setText(this.element, `${formatNumber(cellCount(range))} cells · ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #write(
    { range, columns }: Selection,
    count: number,
    format: CopyFormat,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly rows: number }> {
    const writer = copyWriter(format, this.#heads(columns));
    const step = Math.max(1, Math.min(MAX_ROWS_PER_PAGE, Math.floor(CELLS_PER_PAGE / this.#rows.columns.length)));
    const parts: string[] = [];
    let characters = 0;
    let done = 0;
    while (done < count && characters < MAX_COPIED_CHARACTERS && !signal.aborted) {
      const first = range.fromRow + done;
      const rows = await this.#readRows(first, Math.min(step, count - done), columns);
      if (rows.length === 0) break;
      const part = writer.rows(rows);
      parts.push(part);
      characters += part.length;
      done += rows.length;
      if (done < count) setText(this.element, `copying ${formatNumber(done)} of ${formatNumber(count)} rows…`);
    }
    return { text: joinCopied(writer, parts), rows: done };
  }

  async #readRows(first: number, count: number, columns: readonly number[]): Promise<readonly WireRow[]> {
    const here = this.#rowsHere(first, first + count, columns);
    if (here !== undefined) return here;
    const { handle } = this.#rows;
    if (handle === undefined) throw new Error('the rows are gone.');
    const { rows } = await this.#pages.fetch(handle, first, count);
    return rows.map((row) => columns.map((column) => row[column] ?? null));
  }

  /** Not every page may write there itself. */
  async #toClipboard(text: string): Promise<void> {
    await navigator.clipboard.writeText(text).catch(() => this.#pages.copy(text));
  }
}

function ofColumn({ values, numbers }: WireColumnSum, cells: number): SelectionSum {
  if (numbers === undefined) return { ...NOTHING, cells, values };
  const { count, sum, minimum, maximum } = numbers;
  return { cells, values, numbers: count, sum: Number(sum), minimum: Number(minimum), maximum: Number(maximum) };
}
