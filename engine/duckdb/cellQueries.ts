import type { DuckDBMaterializedResult, DuckDBType } from '@duckdb/node-api';
import type { ColumnSum, RowRange } from '../types.ts';
import { storedName, typeFamily } from './storedColumns.ts';

/** The rows of a stored table in their order, or in that of a view; see `TableView`. */
export interface RowSource {
  readonly table: string;
  readonly permutation: string | undefined;
}

/** The FROM clause of these rows, and the number of each row among them. */
function rowsFrom({ table, permutation }: RowSource): { readonly from: string; readonly row: string } {
  if (permutation === undefined) return { from: `from ${table} t`, row: 't.rowid' };
  return { from: `from ${permutation} v join ${table} t on t.rowid = v.r`, row: 'v.rowid' };
}

/** For each column how many values there are, and for a column of numbers their count, sum, minimum and maximum. */
export function sumQuery(source: RowSource, { offset, limit }: RowRange, columns: readonly number[], types: readonly DuckDBType[]): string {
  const { from, row } = rowsFrom(source);
  const parts = columns.flatMap((column) => {
    const name = `t.${storedName(column)}`;
    if (!isNumber(types[column])) return [`count(${name})`];
    const number = `${name}::double`;
    const filter = `filter (where not isnan(${number}))`;
    return [`count(${name})`, ...['count', 'sum', 'min', 'max'].map((aggregate) => `${aggregate}(${number}) ${filter}`)];
  });
  return `select ${parts.length === 0 ? '0' : parts.join(', ')} ${from} where ${row} between ${offset} and ${offset + limit - 1}`;
}

/** Reads the answer to `sumQuery`. */
export function readSums(result: DuckDBMaterializedResult, columns: readonly number[], types: readonly DuckDBType[]): ColumnSum[] {
  const cells = result.getChunk(0).getRowValues(0).map(Number);
  let next = 0;
  return columns.map((column) => {
    const values = cells[next++] ?? 0;
    if (!isNumber(types[column])) return { values };
    const [count = 0, sum = 0, minimum = 0, maximum = 0] = cells.slice(next, next + 4);
    next += 4;
    return count === 0 ? { values } : { values, numbers: { count, sum, minimum, maximum } };
  });
}

/** The number of the next row, or of the one before, that fits a condition on the stored columns. */
export function findQuery(source: RowSource, where: string, from: number, backwards: boolean): string {
  const rows = rowsFrom(source);
  const beside = backwards ? `${rows.row} < ${from}` : `${rows.row} > ${from}`;
  // Rows come in their order, so that a search forwards ends where it finds something; a view's rows come as the join gives them.
  if (!backwards && source.permutation === undefined) return `select ${rows.row} ${rows.from} ${where} and ${beside} limit 1`;
  return `select ${backwards ? 'max' : 'min'}(${rows.row}) ${rows.from} ${where} and ${beside}`;
}

/** A part of a value's text and the length of the whole. */
export function textPartQuery(source: RowSource, row: number, name: string, type: DuckDBType, offset: number, length: number): string {
  const rows = rowsFrom(source);
  const text = type.toString() === 'BLOB' ? `hex(t.${name})` : `t.${name}::varchar`;
  return `select substr(x, ${offset + 1}, ${length}), length(x) from (select ${text} x ${rows.from} where ${rows.row} = ${row})`;
}

function isNumber(type: DuckDBType | undefined): boolean {
  return type !== undefined && ['integer', 'float', 'decimal'].includes(typeFamily(type));
}
