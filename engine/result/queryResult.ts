import { createHash } from 'node:crypto';
import { KodiakError } from '../base/errors.ts';
import type {
  ChartAnswer,
  ChartSpec,
  Column,
  ColumnProfile,
  ColumnSum,
  ExportOptions,
  ExportSummary,
  PageOptions,
  Plan,
  Provenance,
  Reading,
  Result,
  ResultView,
  Row,
  RowRange,
  ShownOptions,
  TextPart,
  ViewSpec,
} from '../types.ts';
import type { Chunk, ShownRows, Spool } from './chunk.ts';
import { goneError } from './growingRows.ts';
import type { ResultRows } from './resultRows.ts';
import { RowsView } from './rowsView.ts';

/** The facts of a result that are known when its statement has ended. */
export interface ResultEnd {
  readonly elapsedMs: number;
  readonly rowsChanged: number | undefined;
  readonly truncated: boolean;
  readonly provenance: Provenance;
  readonly plan?: Plan | undefined;
  /** Undefined for rows that no statement gave. */
  readonly reading: Reading | undefined;
}

function digestOf(columns: readonly Column[], rows: string): string {
  return createHash('sha256')
    .update(JSON.stringify([columns.map(({ name, type }) => [name, type]), rows]))
    .digest('hex');
}

/** Gives the rows back of results that a caller forgot to release. The rows must not know the result, or it would never be found. */
const forgotten = new FinalizationRegistry<ResultRows<Chunk>>((rows) => rows.release());

/** One caller's hold on the rows of a statement. */
export class QueryResult<C extends Chunk> implements Result {
  readonly columns: readonly Column[];
  readonly kind: string;
  readonly range: { readonly start: number; readonly end: number };
  readonly #rows: ResultRows<C>;
  #end: ResultEnd = {
    elapsedMs: 0,
    rowsChanged: undefined,
    truncated: false,
    provenance: { kind: 'run', reason: 'running' },
    reading: undefined,
  };
  #rowCount: number | undefined;
  #released = false;

  /** Takes over one ownership of `rows`. */
  constructor(
    head: { readonly columns: readonly Column[]; readonly kind: string; readonly range: { readonly start: number; readonly end: number } },
    rows: ResultRows<C>,
  ) {
    this.columns = Object.freeze([...head.columns]);
    this.kind = head.kind;
    this.range = Object.freeze({ start: head.range.start, end: head.range.end });
    this.#rows = rows;
    forgotten.register(this, rows as unknown as ResultRows<Chunk>, this);
  }

  get rowCount(): number {
    return this.#rowCount ?? this.#rows.rowCount;
  }

  get complete(): boolean {
    return this.#rowCount !== undefined;
  }

  get truncated(): boolean {
    return this.#end.truncated;
  }

  get rowsChanged(): number | undefined {
    return this.#end.rowsChanged;
  }

  get elapsedMs(): number {
    return this.#end.elapsedMs;
  }

  get provenance(): Provenance {
    return this.#end.provenance;
  }

  get plan(): Plan | undefined {
    return this.#end.plan;
  }

  get reading(): Reading | undefined {
    return this.#end.reading;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  get rows(): ResultRows<C> {
    return this.#rows;
  }

  end(end: ResultEnd): this {
    this.#end = Object.freeze({ ...end, provenance: Object.freeze(end.provenance) });
    this.#rowCount = this.#rows.rowCount;
    return this;
  }

  async page(offset: number, limit: number, options: PageOptions = {}): Promise<Row[]> {
    if (this.#released) throw goneError();
    return await this.#rows.page(offset, limit, options.maxLength);
  }

  async view(spec: ViewSpec, options: { readonly signal?: AbortSignal } = {}): Promise<ResultView> {
    for (const { column } of [...(spec.sort ?? []), ...(spec.filters ?? [])]) this.#column(column);
    const stored = await this.#withStored(options.signal, (spool) => spool.openView(spec, options.signal));
    if (this.#rows.gone) {
      stored.drop();
      throw goneError();
    }
    return new RowsView(stored, this.#rows);
  }

  async profile(column: number, options: { readonly signal?: AbortSignal } = {}): Promise<ColumnProfile> {
    const head = this.#column(column);
    return await this.#withStored(options.signal, (spool) => spool.profile(column, head, options.signal));
  }

  async sum(range: RowRange, columns: readonly number[], options: ShownOptions = {}): Promise<ColumnSum[]> {
    for (const column of columns) this.#column(column);
    const shown = this.#shown(options);
    return await this.#withStored(shown.signal, (spool) => spool.sum(range, columns, shown));
  }

  async find(search: string, from: number, options: ShownOptions & { readonly backwards?: boolean } = {}): Promise<number | undefined> {
    const shown = this.#shown(options);
    return await this.#withStored(shown.signal, (spool) => spool.find(search, from, options.backwards === true, shown));
  }

  async textPart(row: number, column: number, offset: number, length: number, options: ShownOptions = {}): Promise<TextPart> {
    this.#column(column);
    const shown = this.#shown(options);
    return await this.#withStored(shown.signal, (spool) => spool.textPart(row, column, offset, length, shown));
  }

  async chart(spec: ChartSpec, options: ShownOptions = {}): Promise<ChartAnswer> {
    const { x, y = [], color, facet } = spec;
    for (const column of [x, ...y, color, facet]) if (column !== undefined) this.#column(column);
    const shown = this.#shown(options);
    return await this.#withStored(shown.signal, (spool) => spool.chart({ spec, columns: this.columns, ...shown }));
  }

  async digest({ signal }: { readonly signal?: AbortSignal } = {}): Promise<string> {
    if (this.columns.length === 0) return digestOf(this.columns, `${this.#rowCount ?? 0} rows`);
    return digestOf(this.columns, await this.#withStored(signal, (spool) => spool.digest(signal)));
  }

  async export(path: string, options: ExportOptions): Promise<ExportSummary> {
    const { format, overwrite = false, onProgress } = options;
    const order = { format, columns: this.columns, ...this.#shown(options), overwrite, onProgress };
    return await this.#withStored(order.signal, (spool) => spool.export(path, order));
  }

  #shown({ view, signal }: ShownOptions): ShownRows {
    if (view !== undefined && !(view instanceof RowsView && view.rows === this.#rows)) {
      throw new KodiakError('bug', 'The view is not a view of this result.');
    }
    return { view: view?.stored, signal };
  }

  #column(index: number): Column {
    const column = this.columns[index];
    if (!column) throw new KodiakError('sql', `The result has no column ${index}; it has ${this.columns.length}, counted from 0.`);
    return column;
  }

  async #withStored<T>(signal: AbortSignal | undefined, work: (spool: Spool<C>) => Promise<T>): Promise<T> {
    if (this.#released) throw goneError();
    if (this.columns.length === 0)
      throw new KodiakError('sql', `${this.kind} gave no columns: there is nothing to sort, filter, draw or export.`);
    return await this.#rows.withStored(signal, work);
  }

  share(): QueryResult<C> {
    if (this.#released) throw goneError();
    this.#rows.retain();
    return new QueryResult(this, this.#rows).end(this.#end);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    forgotten.unregister(this);
    this.#rows.release();
  }
}
