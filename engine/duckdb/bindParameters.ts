import type { DuckDBPreparedStatement, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { KodiakError } from '../base/errors.ts';
import type { ParameterValue, TypedValue } from '../types.ts';
import type { DuckDB } from './binding.ts';

const MAX_INTEGER = 2 ** 31;
const MAX_BIGINT = 2n ** 63n;
const MAX_HUGEINT = 2n ** 127n;

/** A typed value as DuckDB read it. */
export class NativeValue {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;

  constructor(value: DuckDBValue, type: DuckDBType) {
    this.value = value;
    this.type = type;
  }
}

/** Parameters of which DuckDB has read the typed ones. */
export type NativeParameters = readonly (ParameterValue | NativeValue)[] | Readonly<Record<string, ParameterValue | NativeValue>>;

/** True for a value that comes with the name of its type. */
export function isTyped(value: ParameterValue | undefined): value is TypedValue {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array);
}

/** Binds values by position or by name. Rejects names and counts that the statement does not have. */
export function bindParameters(duckdb: DuckDB, statement: DuckDBPreparedStatement, params: NativeParameters): void {
  const names = isList(params) ? params.map((_, index) => String(index + 1)) : Object.keys(params);
  const expected = Array.from({ length: statement.parameterCount }, (_, index) => statement.parameterName(index + 1));
  const missing = expected.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !expected.includes(name));
  if (missing.length > 0 || unknown.length > 0) {
    const problems = [
      missing.length > 0 ? `no value for ${missing.map((name) => `$${name}`).join(', ')}` : '',
      unknown.length > 0 ? `the statement has no parameter ${unknown.map((name) => `$${name}`).join(', ')}` : '',
    ];
    throw new KodiakError('sql', `Parameters: ${problems.filter(Boolean).join('; ')}.`);
  }
  for (const [index, name] of expected.entries()) {
    const value = isList(params) ? params[Number(name) - 1] : params[name];
    const [bound, type] = toDuckdb(duckdb, value ?? null);
    statement.bindValue(index + 1, bound, type);
  }
}

function isList(params: NativeParameters): params is readonly (ParameterValue | NativeValue)[] {
  return Array.isArray(params);
}

function toDuckdb(duckdb: DuckDB, value: ParameterValue | NativeValue): [DuckDBValue, DuckDBType] {
  if (value instanceof NativeValue) return [value.value, value.type];
  if (value === null) return [null, duckdb.SQLNULL];
  if (typeof value === 'boolean') return [value, duckdb.BOOLEAN];
  if (typeof value === 'string') return [value, duckdb.VARCHAR];
  if (typeof value === 'number') {
    const small = Number.isInteger(value) && Math.abs(value) < MAX_INTEGER && !Object.is(value, -0);
    return [value, small ? duckdb.INTEGER : duckdb.DOUBLE];
  }
  if (typeof value === 'bigint') {
    const size = value < 0n ? -value : value;
    if (size >= MAX_HUGEINT) throw new KodiakError('sql', `Parameters: ${value} does not fit into HUGEINT.`);
    return [value, size < MAX_BIGINT ? duckdb.BIGINT : duckdb.HUGEINT];
  }
  if (value instanceof Date) return [new duckdb.DuckDBTimestampValue(BigInt(value.getTime()) * 1000n), duckdb.TIMESTAMP];
  if (value instanceof Uint8Array) return [new duckdb.DuckDBBlobValue(value), duckdb.BLOB];
  throw new KodiakError('bug', 'A typed value was not read before it was bound.');
}
