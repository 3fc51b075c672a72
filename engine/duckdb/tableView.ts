import type { StoredView } from '../result/chunk.ts';
import type { Row, Value } from '../types.ts';
import type { SpoolDatabase } from './spoolDatabase.ts';
import { storedName } from './storedColumns.ts';

/** Rows that are read at once: rows in another order lie all over the table, and reading 200 of them costs as much as 2,048. */
const MAX_BLOCK_ROWS = 2048;
const MIN_BLOCK_ROWS = 64;
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
/** Blocks kept as rows, so that scrolling back and forth does not read again. */
const MAX_BLOCKS = 4;

/** Columns that are joined at once: the buffers of a join of 10,000 would not fit into the memory limit. */
const MAX_JOINED_COLUMNS = 500;

/** Rows by position. A scan in one thread gives them in their order: sorting them again would take most of the time. */
export function pageQuery(table: string, offset: number, limit: number): string {
  return `select * from ${table} where rowid between ${offset} and ${offset + limit - 1}`;
}

export interface ViewParts {
  readonly database: SpoolDatabase;
  readonly table: string;
  /** Table whose row `n` says in `r` which row of `table` is the view's row `n`; none for a view of all rows in their own order. */
  readonly permutation: string | undefined;
  readonly rowCount: number;
  /** Of the table. */
  readonly columnCount: number;
  /** Of the table, estimated. */
  readonly bytesPerRow: number;
}

interface Block {
  readonly rows: Promise<readonly Row[]>;
  readonly positions: Promise<readonly number[]>;
}

/** A view as a permutation of its table's rows. Neither the order nor the rows are held in JavaScript, but for a few blocks. */
export class TableView implements StoredView {
  readonly rowCount: number;
  readonly permutation: string | undefined;
  readonly #parts: ViewParts;
  readonly #blockRows: number;
  /** Least recently used first. */
  readonly #blocks = new Map<number, Block>();

  constructor(parts: ViewParts) {
    this.#parts = parts;
    this.rowCount = parts.rowCount;
    this.permutation = parts.permutation;
    const fitting = Math.floor(MAX_BLOCK_BYTES / Math.max(1, parts.bytesPerRow));
    this.#blockRows = Math.min(MAX_BLOCK_ROWS, Math.max(MIN_BLOCK_ROWS, fitting));
  }

  async readRows(offset: number, limit: number): Promise<Row[]> {
    const { database, table } = this.#parts;
    if (this.permutation === undefined) {
      return await database.readPage(pageQuery(table, offset, limit));
    }
    return await this.#collect(offset, limit, (block) => block.rows);
  }

  async positions(offset: number, limit: number): Promise<number[]> {
    if (this.permutation === undefined) return Array.from({ length: limit }, (_, index) => offset + index);
    return await this.#readPositions(offset, limit);
  }

  drop(): void {
    this.#blocks.clear();
    if (this.permutation !== undefined) this.#parts.database.dropTable(this.permutation, true);
  }

  async #collect<T>(offset: number, limit: number, part: (block: Block) => Promise<readonly T[]>): Promise<T[]> {
    const items: T[] = [];
    const end = offset + limit;
    for (let start = offset - (offset % this.#blockRows); start < end; start += this.#blockRows) {
      const block = await part(this.#block(start));
      for (const item of block.slice(Math.max(0, offset - start), end - start)) items.push(item);
    }
    return items;
  }

  #block(start: number): Block {
    const known = this.#blocks.get(start);
    this.#blocks.delete(start);
    const positions = known?.positions ?? this.#readPositions(start, Math.min(this.#blockRows, this.rowCount - start));
    const block = known ?? { positions, rows: positions.then((rowids) => this.#readBlock(start, rowids)) };
    this.#blocks.set(start, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    // A read that failed is tried again by the next page.
    block.rows.catch(() => {
      if (this.#blocks.get(start) === block) this.#blocks.delete(start);
    });
    return block;
  }

  async #readPositions(offset: number, limit: number): Promise<number[]> {
    const range = `rowid between ${offset} and ${offset + limit - 1}`;
    const rows = await this.#parts.database.readViewPage(`select r from ${this.permutation} where ${range}`);
    return rows.map(([position]) => Number(position));
  }

  /** The bounds let DuckDB skip what lies outside: all but a few row groups, where the order is much like the table's own. */
  async #readBlock(start: number, rowids: readonly number[]): Promise<readonly Row[]> {
    const { database, table, columnCount } = this.#parts;
    let [low, high] = [Number.POSITIVE_INFINITY, 0];
    for (const rowid of rowids) {
      low = Math.min(low, rowid);
      high = Math.max(high, rowid);
    }
    const rows: Value[][] = rowids.map(() => []);
    for (let first = 0; first < columnCount; first += MAX_JOINED_COLUMNS) {
      const columns = Array.from(
        { length: Math.min(MAX_JOINED_COLUMNS, columnCount - first) },
        (_, index) => `t.${storedName(first + index)}`,
      );
      const part = await database.readViewPage(
        `select ${columns.join(', ')} from ${this.permutation} v join ${table} t on t.rowid = v.r ` +
          `where v.rowid between ${start} and ${start + rowids.length - 1} and t.rowid between ${low} and ${high} order by v.rowid`,
      );
      for (const [index, row] of rows.entries()) row.push(...(part[index] ?? []));
    }
    return rows;
  }
}
