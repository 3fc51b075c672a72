import { KodiakError } from '../base/errors.ts';
import type { PageOptions, ResultView, Row } from '../types.ts';
import type { Chunk, StoredView } from './chunk.ts';
import type { ResultRows } from './resultRows.ts';

/** Gives back views that a caller forgot to release. What is held here must not know the view, or it would never be found. */
const forgotten = new FinalizationRegistry<() => void>((giveBack) => giveBack());

/** One caller's hold on a view and on the rows under it. */
export class RowsView implements ResultView {
  readonly #stored: StoredView;
  readonly #rows: ResultRows<Chunk>;
  readonly #giveBack: () => void;
  #released = false;

  constructor(stored: StoredView, rows: ResultRows<never> | ResultRows<Chunk>) {
    this.#stored = stored;
    this.#rows = rows as ResultRows<Chunk>;
    rows.retain();
    this.#giveBack = () => {
      stored.drop();
      rows.release();
    };
    forgotten.register(this, this.#giveBack, this);
  }

  get rowCount(): number {
    return this.#stored.rowCount;
  }

  get rows(): ResultRows<Chunk> {
    return this.#rows;
  }

  /** Throws `unavailable` after `release`. */
  get stored(): StoredView {
    this.#check();
    return this.#stored;
  }

  async page(offset: number, limit: number, { maxLength }: PageOptions = {}): Promise<Row[]> {
    const [start, count] = this.#range(offset, limit);
    if (count === 0) return [];
    return await this.#rows.withStored(undefined, () => this.#stored.readRows(start, count, maxLength));
  }

  async positions(offset: number, limit: number): Promise<number[]> {
    const [start, count] = this.#range(offset, limit);
    if (count === 0) return [];
    return await this.#rows.withStored(undefined, () => this.#stored.positions(start, count));
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    forgotten.unregister(this);
    this.#giveBack();
  }

  #range(offset: number, limit: number): [number, number] {
    this.#check();
    const start = Math.min(Math.max(0, Math.floor(offset)), this.rowCount);
    return [start, Math.min(Math.max(0, Math.floor(limit)), this.rowCount - start)];
  }

  #check(): void {
    if (this.#released) throw new KodiakError('unavailable', 'This view was given back; open it again.');
  }
}
