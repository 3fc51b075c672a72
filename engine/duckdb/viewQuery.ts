import type { DuckDBType } from '@duckdb/node-api';
import { KodiakError } from '../base/errors.ts';
import type { ColumnFilter, ParameterValue, SortKey, ViewSpec } from '../types.ts';
import { storedName, storedType, typeFamily } from './storedColumns.ts';

type FilterValue = NonNullable<ColumnFilter['values']>[number];

const COMPARISONS = { less: '<', lessOrEqual: '<=', greater: '>', greaterOrEqual: '>=' } as const;
const TEXT_FUNCTIONS = { contains: 'contains', startsWith: 'starts_with', endsWith: 'suffix', matches: 'regexp_matches' } as const;

/** The clauses of a view as SQL over the stored columns, with the values to bind. */
export interface ViewClauses {
  /** `where …`, or empty. */
  readonly where: string;
  /** `order by …`, or empty. */
  readonly orderBy: string;
  readonly params: readonly ParameterValue[];
}

/** Builds a view's clauses. Throws `sql` for conditions that cannot be meant, such as `between` with one value. */
export function viewClauses(spec: ViewSpec, types: readonly DuckDBType[]): ViewClauses {
  const params: ParameterValue[] = [];
  const conditions = (spec.filters ?? []).map((filter) => condition(filter, typeOf(types, filter.column), params));
  if (spec.search !== undefined && spec.search !== '') {
    params.push(spec.search);
    const wanted = `lower($${params.length}::varchar)`;
    conditions.push(types.map((_, column) => `coalesce(contains(lower(${text(column)}), ${wanted}), false)`).join(' or '));
  }
  const keys = (spec.sort ?? []).map(sortKey);
  return {
    where: conditions.length === 0 ? '' : `where ${conditions.map((sql) => `(${sql})`).join(' and ')}`,
    orderBy: keys.length === 0 ? '' : `order by ${[...keys, 'rowid'].join(', ')}`,
    params,
  };
}

function sortKey({ column, descending, nullsFirst }: SortKey): string {
  return `${storedName(column)} ${descending ? 'desc' : 'asc'} nulls ${nullsFirst ? 'first' : 'last'}`;
}

function condition(filter: ColumnFilter, type: DuckDBType, params: ParameterValue[]): string {
  const { column, op, values = [] } = filter;
  const name = storedName(column);
  const bind = (value: FilterValue) => comparand(value, type, params);
  // Nested values and labels are compared as text for equality: not every type can be read from text.
  const byText = ['nested', 'enum'].includes(typeFamily(type));
  const same = (value: FilterValue) => (byText ? `${text(column)} = ${bindText(value, params)}` : `${name} = ${bind(value)}`);
  switch (op) {
    case 'isNull':
    case 'isNotNull':
      checkCount(filter, 0);
      return `${name} ${op === 'isNull' ? 'is null' : 'is not null'}`;
    case 'equals':
    case 'notEquals': {
      const [value = null] = checkCount(filter, 1);
      if (value === null) return `${name} ${op === 'equals' ? 'is null' : 'is not null'}`;
      return op === 'equals' ? same(value) : `(${same(value)}) is not true`;
    }
    case 'in': {
      const conditions = values.map((value) => (value === null ? `${name} is null` : same(value)));
      return conditions.length === 0 ? 'false' : conditions.join(' or ');
    }
    case 'between': {
      const [low = null, high = null] = checkCount(filter, 2);
      return `${name} between ${bind(low)} and ${bind(high)}`;
    }
    case 'less':
    case 'lessOrEqual':
    case 'greater':
    case 'greaterOrEqual': {
      const [value = null] = checkCount(filter, 1);
      return `${name} ${COMPARISONS[op]} ${bind(value)}`;
    }
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches': {
      const [value = null] = checkCount(filter, 1);
      return `${TEXT_FUNCTIONS[op]}(${text(column)}, ${bindText(value, params)})`;
    }
  }
}

/** A value to compare a column with: texts are read as the column's type, numbers compare as numbers. */
function comparand(value: FilterValue, type: DuckDBType, params: ParameterValue[]): string {
  const family = typeFamily(type);
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const isExact = family === 'integer' || family === 'decimal';
  if (isExact && typeof value === 'string') return exactNumber(value, params);
  params.push(isNumber && !isExact && family !== 'float' ? String(value) : value);
  return isNumber && isExact ? `$${params.length}` : `$${params.length}::${storedType(type)}`;
}

/** A number in a text without rounding: `'1.5'::INTEGER` would be 2. */
function exactNumber(value: string, params: ParameterValue[]): string {
  const trimmed = value.trim();
  const decimal = /^[+-]?(\d*)(?:\.(\d*))?$/.exec(trimmed);
  const scale = decimal?.[2]?.length ?? 0;
  const digits = (decimal?.[1]?.length ?? 0) + scale;
  params.push(trimmed);
  const place = `$${params.length}::varchar`;
  if (!decimal || digits === 0 || digits > 38) return `${place}::double`;
  return `${place}::decimal(${Math.max(digits, 1)}, ${scale})`;
}

function bindText(value: FilterValue, params: ParameterValue[]): string {
  params.push(value === null ? null : String(value));
  return `$${params.length}::varchar`;
}

function text(column: number): string {
  return `${storedName(column)}::varchar`;
}

function checkCount(filter: ColumnFilter, count: number): readonly FilterValue[] {
  const { op, values = [] } = filter;
  if (values.length === count) return values;
  throw new KodiakError('sql', `The filter ${op} takes ${count === 1 ? 'one value' : `${count} values`}, not ${values.length}.`);
}

function typeOf(types: readonly DuckDBType[], column: number): DuckDBType {
  const type = types[column];
  if (!type) throw new KodiakError('sql', `The result has no column ${column}.`);
  return type;
}
