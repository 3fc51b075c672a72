import type { DuckDBDataChunk, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Chunk } from '../result/chunk.ts';
import type { Row, Value } from '../types.ts';

/** Bytes of a value in DuckDB's vectors by type id; strings and nested values are measured by sample. */
const FIXED_WIDTHS: Readonly<Record<string, number>> = {
  BOOLEAN: 1,
  TINYINT: 1,
  UTINYINT: 1,
  SMALLINT: 2,
  USMALLINT: 2,
  INTEGER: 4,
  UINTEGER: 4,
  FLOAT: 4,
  DATE: 4,
  BIGINT: 8,
  UBIGINT: 8,
  DOUBLE: 8,
  TIME: 8,
  TIMESTAMP: 8,
  HUGEINT: 16,
  UHUGEINT: 16,
  INTERVAL: 16,
  UUID: 16,
};
const STRING_WIDTH = 16;
const INLINE_STRING = 12;
const SAMPLE_ROWS = 16;

/** A DuckDB data chunk, read only where it is looked at. */
export class NativeChunk implements Chunk {
  readonly native: DuckDBDataChunk;
  readonly rowCount: number;
  readonly bytes: number;
  readonly #types: readonly DuckDBType[];
  readonly #read: (value: DuckDBValue) => Value;

  constructor(native: DuckDBDataChunk, types: readonly DuckDBType[], read: (value: DuckDBValue) => Value) {
    this.native = native;
    this.rowCount = native.rowCount;
    this.#types = types;
    this.#read = read;
    this.bytes = estimateBytes(native, types);
  }

  /** The first `rows` rows; this chunk must not be used any more. */
  first(rows: number): NativeChunk {
    this.native.rowCount = rows;
    return new NativeChunk(this.native, this.#types, this.#read);
  }

  readRows(from: number, to: number): Row[] {
    const rows: Value[][] = [];
    for (let row = from; row < to; row++) rows.push(new Array(this.native.columnCount));
    for (let column = 0; column < this.native.columnCount; column++) {
      const vector = this.native.getColumnVector(column);
      for (let row = from; row < to; row++) {
        const target = rows[row - from];
        if (target) target[column] = this.#read(vector.getItem(row));
      }
    }
    return rows;
  }
}

function estimateBytes(chunk: DuckDBDataChunk, types: readonly DuckDBType[]): number {
  let bytes = 0;
  for (const [column, type] of types.entries()) {
    bytes += chunk.rowCount * (FIXED_WIDTHS[type.toString()] ?? sampleWidth(chunk, column, type));
  }
  return bytes;
}

function sampleWidth(chunk: DuckDBDataChunk, column: number, type: DuckDBType): number {
  const name = type.toString();
  if (name.startsWith('DECIMAL') || name.startsWith('TIME') || name.startsWith('ENUM')) return 8;
  const vector = chunk.getColumnVector(column);
  const samples = Math.min(SAMPLE_ROWS, chunk.rowCount);
  let bytes = 0;
  for (let sample = 0; sample < samples; sample++) {
    bytes += valueWidth(vector.getItem(Math.floor((sample * chunk.rowCount) / samples)));
  }
  return samples === 0 ? STRING_WIDTH : bytes / samples;
}

function valueWidth(value: DuckDBValue): number {
  if (typeof value === 'string') return STRING_WIDTH + (value.length > INLINE_STRING ? value.length : 0);
  if (value === null || typeof value !== 'object') return STRING_WIDTH;
  return STRING_WIDTH + String(value).length;
}
