import type { Row } from '../types.ts';
import type { Chunk, Spool } from './chunk.ts';
import { goneError } from './growingRows.ts';
import type { ResultRows } from './resultRows.ts';

/** Rows in a file of their own, which is opened when they are first looked at. */
export class ArchivedRows<C extends Chunk> implements ResultRows<C> {
  readonly rowCount: number;
  readonly bytes: number;
  readonly #open: () => Promise<Spool<C>>;
  #spool: Promise<Spool<C>> | undefined;
  #owners = 1;
  #readers = 0;

  constructor(rowCount: number, bytes: number, open: () => Promise<Spool<C>>) {
    this.rowCount = rowCount;
    this.bytes = bytes;
    this.#open = open;
  }

  get gone(): boolean {
    return this.#owners <= 0;
  }

  async page(offset: number, limit: number, maxLength?: number): Promise<Row[]> {
    const start = Math.max(0, Math.floor(offset));
    const count = Math.min(Math.max(0, Math.floor(limit)), this.rowCount - start);
    if (this.gone) throw goneError();
    if (count <= 0) return [];
    return await this.withStored(undefined, (spool) => spool.readRows(start, count, maxLength));
  }

  /** A file that could not be opened is tried again by the next call. */
  async withStored<T>(_signal: AbortSignal | undefined, work: (spool: Spool<C>) => Promise<T>): Promise<T> {
    if (this.gone) throw goneError();
    this.#readers++;
    try {
      this.#spool ??= this.#open();
      const spool = await this.#spool.catch((thrown: unknown) => {
        this.#spool = undefined;
        throw thrown;
      });
      return await work(spool);
    } finally {
      this.#readers--;
      this.#closeWhenUnread();
    }
  }

  retain(): void {
    this.#owners++;
  }

  release(): void {
    this.#owners--;
    this.#closeWhenUnread();
  }

  #closeWhenUnread(): void {
    if (!this.gone || this.#readers > 0) return;
    const spool = this.#spool;
    this.#spool = undefined;
    spool?.then(
      (opened) => opened.drop(),
      () => undefined,
    );
  }
}
