import type { DuckDBType } from '@duckdb/node-api';
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

/** Texts of tables with more columns are not cut: planning the query would take longer than reading them. */
const MAX_CUT_COLUMNS = 500;

/**
 * Rows by position. A scan gives them in the order of their insertion, whatever threads it has: sorting them again would take most of
 * the time. DuckDB looks at each vector of the table for a range of `rowid`; the limit ends that where the rows are found.
 */
export function pageQuery(
  table: string,
  types: readonly DuckDBType[],
  offset: number,
  limit: number,
  maxLength: number | undefined,
): string {
  return `select ${pageColumns(types, maxLength)} from ${table} where rowid between ${offset} and ${offset + limit - 1} limit ${limit}`;
}

function pageColumns(types: readonly DuckDBType[], maxLength: number | undefined): string {
  if (maxLength === undefined || types.length > MAX_CUT_COLUMNS || !types.some(isLong)) return '*';
  return types.map((type, column) => cutColumn(storedName(column), type, maxLength)).join(', ');
}

/** A column whose texts are cut where they are longer than `maxLength`, to one character more. */
function cutColumn(name: string, type: DuckDBType, maxLength: number | undefined): string {
  if (maxLength === undefined || !isLong(type)) return name;
  if (type.toString() === 'BLOB') return `case when octet_length(${name}) > ${maxLength} then ${name}[1:${maxLength + 1}] else ${name} end`;
  // As VARCHAR: half a JSON is none.
  const text = `${name}::varchar`;
  return `case when strlen(${text}) > ${maxLength} then left(${text}, ${maxLength + 1}) else ${text} end`;
}

function isLong(type: DuckDBType): boolean {
  return ['VARCHAR', 'JSON', 'BLOB'].includes(type.toString());
}

export interface ViewParts {
  readonly database: SpoolDatabase;
  readonly table: string;
  /** Table whose row `n` says in `r` which row of `table` is the view's row `n`; none for a view of all rows in their own order. */
  readonly permutation: string | undefined;
  readonly rowCount: number;
  /** Of the table. */
  readonly types: readonly DuckDBType[];
  /** Of the table, estimated. */
  readonly bytesPerRow: number;
}

interface Block {
  readonly maxLength: number | undefined;
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

  async readRows(offset: number, limit: number, maxLength?: number): Promise<Row[]> {
    const { database, table, types } = this.#parts;
    if (this.permutation === undefined) {
      return await database.readPage(pageQuery(table, types, offset, limit, maxLength));
    }
    return await this.#collect(offset, limit, maxLength);
  }

  async positions(offset: number, limit: number): Promise<number[]> {
    if (this.permutation === undefined) return Array.from({ length: limit }, (_, index) => offset + index);
    return await this.#readPositions(offset, limit);
  }

  drop(): void {
    this.#blocks.clear();
    if (this.permutation !== undefined) this.#parts.database.dropTable(this.permutation, true);
  }

  async #collect(offset: number, limit: number, maxLength: number | undefined): Promise<Row[]> {
    const rows: Row[] = [];
    const end = offset + limit;
    for (let start = offset - (offset % this.#blockRows); start < end; start += this.#blockRows) {
      const block = await this.#block(start, maxLength).rows;
      for (const row of block.slice(Math.max(0, offset - start), end - start)) rows.push(row);
    }
    return rows;
  }

  /** A block that was read with texts of another length is read again. */
  #block(start: number, maxLength: number | undefined): Block {
    const last = this.#blocks.get(start);
    const known = last?.maxLength === maxLength ? last : undefined;
    this.#blocks.delete(start);
    const positions = known?.positions ?? this.#readPositions(start, Math.min(this.#blockRows, this.rowCount - start));
    const block = known ?? { maxLength, positions, rows: positions.then((rowids) => this.#readBlock(start, rowids, maxLength)) };
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
    const range = `rowid between ${offset} and ${offset + limit - 1} limit ${limit}`;
    const rows = await this.#parts.database.readViewPage(`select r from ${this.permutation} where ${range}`);
    return rows.map(([position]) => Number(position));
  }

  /** The bounds let DuckDB skip what lies outside: all but a few row groups, where the order is much like the table's own. */
  async #readBlock(start: number, rowids: readonly number[], maxLength: number | undefined): Promise<readonly Row[]> {
    const { database, table, types } = this.#parts;
    let [low, high] = [Number.POSITIVE_INFINITY, 0];
    for (const rowid of rowids) {
      low = Math.min(low, rowid);
      high = Math.max(high, rowid);
    }
    const rows: Value[][] = rowids.map(() => []);
    for (let first = 0; first < types.length; first += MAX_JOINED_COLUMNS) {
      const columns = types
        .slice(first, first + MAX_JOINED_COLUMNS)
        .map((type, index) => cutColumn(`t.${storedName(first + index)}`, type, maxLength));
      const part = await database.readViewPage(
        `select ${columns.join(', ')} from ${this.permutation} v join ${table} t on t.rowid = v.r ` +
          `where v.rowid between ${start} and ${start + rowids.length - 1} and t.rowid between ${low} and ${high} order by v.rowid`,
      );
      for (const [index, row] of rows.entries()) row.push(...(part[index] ?? []));
    }
    return rows;
  }
}
