import type { DuckDBType } from '@duckdb/node-api';
import { storedName, typeFamily } from './storedColumns.ts';

/** Columns whose texts are put together at once: an expression of 10,000 would take long to plan. */
const MAX_JOINED_COLUMNS = 200;

/**
 * A query that sums up all rows of a stored result, in whatever order they are: two sums of halves of MD5, which is the same in every version of
 * DuckDB and on every machine. Each value stands with its length, so that no two rows have the same text.
 */
export function digestQuery(table: string, types: readonly DuckDBType[]): string {
  const parts: string[] = [];
  for (let first = 0; first < types.length; first += MAX_JOINED_COLUMNS) {
    const values = types.slice(first, first + MAX_JOINED_COLUMNS).map((type, index) => valueText(storedName(first + index), type));
    parts.push(`concat(${values.join(', ')})`);
  }
  const text = parts.length === 1 ? (parts[0] ?? '') : `concat(${parts.map((part) => `md5(${part})`).join(', ')})`;
  const sums = ['lower', 'upper'].map((half) => `coalesce(sum(md5_number_${half}(t)), 0)::varchar`);
  return `select count(*)::varchar, ${sums.join(', ')} from (select ${text} as t from ${table})`;
}

/** Sums of floating-point numbers depend on the order in which threads come to an end: their last digits are left out. */
function valueText(name: string, type: DuckDBType): string {
  const text =
    typeFamily(type) === 'float'
      ? `case when isfinite(${name}) then format('{:.12g}', ${name} + 0.0) else ${name}::varchar end`
      : `${name}::varchar`;
  return `coalesce(strlen(${text}), -1), ':', ${text}`;
}
