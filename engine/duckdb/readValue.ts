import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Value } from '../types.ts';
import type { DuckDB } from './binding.ts';

/** DuckDB's day and microsecond counts for `infinity`; the negative ones stand for `-infinity`. */
const INFINITE_DAYS = 2_147_483_647;
const INFINITE_TICKS = 9_223_372_036_854_775_807n;

/** DuckDB's name of a type; an alias such as JSON wins over the type that stores it. */
export function typeName(type: DuckDBType): string {
  return type.alias ?? type.toString();
}

/**
 * Makes the function that turns one DuckDB value into what the engine's callers see (see `Value`), without loss.
 * TIMESTAMP WITH TIME ZONE is given in UTC, with its `+00`.
 */
export function createValueReader(duckdb: DuckDB): (value: DuckDBValue) => Value {
  const read = (value: DuckDBValue): Value => {
    if (value === null || typeof value !== 'object') return value;
    if (value instanceof duckdb.DuckDBDecimalValue || value instanceof duckdb.DuckDBUUIDValue) return value.toString();
    if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue) return value.items.map(read);
    if (value instanceof duckdb.DuckDBStructValue) return readFields(value.entries, read);
    if (value instanceof duckdb.DuckDBMapValue) return value.entries.map((entry) => [read(entry.key), read(entry.value)]);
    if (value instanceof duckdb.DuckDBUnionValue || value instanceof duckdb.DuckDBVariantValue) return read(value.value);
    if (value instanceof duckdb.DuckDBBlobValue) return Uint8Array.from(value.bytes);
    if (value instanceof duckdb.DuckDBDateValue) return infinity(value.days, INFINITE_DAYS) ?? value.toString();
    if (value instanceof duckdb.DuckDBTimestampTZValue) {
      return infinity(value.micros, INFINITE_TICKS) ?? `${new duckdb.DuckDBTimestampValue(value.micros)}+00`;
    }
    if (value instanceof duckdb.DuckDBTimestampValue) return infinity(value.micros, INFINITE_TICKS) ?? value.toString();
    if (value instanceof duckdb.DuckDBTimestampNanosecondsValue) return infinity(value.nanos, INFINITE_TICKS) ?? value.toString();
    if (value instanceof duckdb.DuckDBTimestampMillisecondsValue) return infinity(value.millis, INFINITE_TICKS) ?? value.toString();
    if (value instanceof duckdb.DuckDBTimestampSecondsValue) return infinity(value.seconds, INFINITE_TICKS) ?? value.toString();
    return value.toString();
  };
  return read;
}

function readFields(entries: Readonly<Record<string, DuckDBValue>>, read: (value: DuckDBValue) => Value): Value {
  // `fromEntries` defines properties, so that a field called __proto__ is a field.
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, read(value)]));
}

function infinity(count: number | bigint, infinite: number | bigint): string | undefined {
  if (count === infinite) return 'infinity';
  return count === -infinite ? '-infinity' : undefined;
}
