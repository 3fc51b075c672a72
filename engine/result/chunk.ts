import type {
  ChartAnswer,
  ChartSpec,
  Column,
  ColumnProfile,
  ColumnSum,
  ComparisonSummary,
  ExportFormat,
  ExportSummary,
  Row,
  RowRange,
  TextPart,
  ViewSpec,
} from '../types.ts';

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
  /** Rows that were flushed, by position. Texts longer than `maxLength` are cut, see `PageOptions`. */
  readRows(offset: number, limit: number, maxLength?: number): Promise<Row[]>;
  /** No more rows will come. */
  finish(): void;
  /** Rows in another order or number. Only after `finish`, as the next ones. An abort leaves nothing behind. */
  openView(spec: ViewSpec, signal: AbortSignal | undefined): Promise<StoredView>;
  /** Hands over all rows in their order, chunk by chunk. `begin` is told the columns' types as SQL first. */
  scan(begin: (types: readonly string[]) => Promise<void>, chunk: (chunk: C) => void, signal: AbortSignal | undefined): Promise<void>;
  profile(column: number, head: Column, signal: AbortSignal | undefined): Promise<ColumnProfile>;
  /** See `Result`; of all rows, or those of a view. */
  sum(range: RowRange, columns: readonly number[], shown: ShownRows): Promise<ColumnSum[]>;
  find(search: string, from: number, backwards: boolean, shown: ShownRows): Promise<number | undefined>;
  textPart(row: number, column: number, offset: number, length: number, shown: ShownRows): Promise<TextPart>;
  chart(order: ChartOrder): Promise<ChartAnswer>;
  /** See `Result.digest`; without the columns' names. */
  digest(signal: AbortSignal | undefined): Promise<string>;
  /** Writes all rows, or those of a view, to a file; see `Result.export`. */
  export(path: string, order: ExportOrder): Promise<ExportSummary>;
  /** Compares these rows, as those before, with others of the same store. The differences are a spool, complete and the caller's. */
  compare(other: Spool<C>, order: CompareOrder): Promise<{ readonly spool: Spool<C>; readonly found: ComparedRows }>;
  /** Gives the space back; later reads reject. */
  drop(): void;
}

/** Which columns two spools have, and how they are to be compared. */
export interface CompareOrder {
  readonly left: readonly Column[];
  readonly right: readonly Column[];
  readonly key: readonly string[] | undefined;
  readonly unchanged: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((percent: number) => void) | undefined;
}

/** The rows of a comparison, with what it found. */
export interface ComparedRows extends ComparisonSummary {
  readonly columns: readonly Column[];
  readonly rowCount: number;
}

/** All rows of a spool, or those of a view of it. */
export interface ShownRows {
  readonly view: StoredView | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Complete rows that are to be written into a file of their own: either as chunks or as a spool that has them all. */
export interface ArchiveSource<C extends Chunk> {
  readonly chunks: readonly C[];
  readonly spool: Spool<C> | undefined;
  /** Only the first so many are written. */
  readonly rowCount: number;
  /** Estimated size of those. */
  readonly bytes: number;
}

/** A view of a spool's rows. */
export interface StoredView {
  readonly rowCount: number;
  readRows(offset: number, limit: number, maxLength?: number): Promise<Row[]>;
  positions(offset: number, limit: number): Promise<number[]>;
  drop(): void;
}

export interface ChartOrder extends ShownRows {
  readonly spec: ChartSpec;
  readonly columns: readonly Column[];
}

export interface ExportOrder {
  readonly format: ExportFormat;
  readonly columns: readonly Column[];
  readonly view: StoredView | undefined;
  readonly overwrite: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((percent: number) => void) | undefined;
}
