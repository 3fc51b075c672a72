import type { Row } from '../types.ts';

/** Rows as the database handed them over: columns in native memory, turned into JavaScript values only when read. */
export interface Chunk {
  readonly rowCount: number;
  /** Native bytes, estimated. */
  readonly bytes: number;
  /** Rows `from` (inclusive) to `to` (exclusive) of this chunk. */
  readRows(from: number, to: number): Row[];
}

/** Where the rows of a large result go: appended in order, read back by position. */
export interface Spool<C extends Chunk> {
  append(chunk: C): void;
  /** Makes all appended rows readable. */
  flush(): void;
  /** Rows that were flushed, by position. */
  readRows(offset: number, limit: number): Promise<Row[]>;
  /** No more rows will come. */
  finish(): void;
  /** Gives the space back; later reads reject. */
  drop(): void;
}
