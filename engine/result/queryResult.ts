import type { Column, Provenance, Result, Row } from '../types.ts';
import type { Chunk } from './chunk.ts';
import { type GrowingRows, goneError } from './growingRows.ts';

/** The facts of a result that are known when its statement has ended. */
export interface ResultEnd {
  readonly elapsedMs: number;
  readonly rowsChanged: number | undefined;
  readonly truncated: boolean;
  readonly provenance: Provenance;
}

/** Gives the rows back of results that a caller forgot to release. The rows must not know the result, or it would never be found. */
const forgotten = new FinalizationRegistry<GrowingRows<Chunk>>((rows) => rows.release());

/** One caller's hold on the rows of a statement. */
export class QueryResult<C extends Chunk> implements Result {
  readonly columns: readonly Column[];
  readonly kind: string;
  readonly range: { readonly start: number; readonly end: number };
  readonly #rows: GrowingRows<C>;
  #end: ResultEnd = { elapsedMs: 0, rowsChanged: undefined, truncated: false, provenance: { kind: 'run', reason: 'running' } };
  #rowCount: number | undefined;
  #released = false;

  /** Takes over one ownership of `rows`. */
  constructor(
    head: { readonly columns: readonly Column[]; readonly kind: string; readonly range: { readonly start: number; readonly end: number } },
    rows: GrowingRows<C>,
  ) {
    this.columns = Object.freeze([...head.columns]);
    this.kind = head.kind;
    this.range = Object.freeze({ start: head.range.start, end: head.range.end });
    this.#rows = rows;
    forgotten.register(this, rows as unknown as GrowingRows<Chunk>, this);
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

  get rows(): GrowingRows<C> {
    return this.#rows;
  }

  end(end: ResultEnd): this {
    this.#end = Object.freeze({ ...end, provenance: Object.freeze(end.provenance) });
    this.#rowCount = this.#rows.rowCount;
    return this;
  }

  async page(offset: number, limit: number): Promise<Row[]> {
    if (this.#released) throw goneError();
    return await this.#rows.page(offset, limit);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    forgotten.unregister(this);
    this.#rows.release();
  }
}
