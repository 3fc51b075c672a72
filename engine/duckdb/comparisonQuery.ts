import type { DuckDBType } from '@duckdb/node-api';
import { storedName, typeFamily } from './storedColumns.ts';

/** A column that both results have, by its index in each. */
export interface ColumnPair {
  readonly left: number;
  readonly right: number;
}

/** A stored result that is compared. */
export interface ComparedTable {
  readonly table: string;
  readonly types: readonly DuckDBType[];
}

/** The columns of the table that a comparison makes, before those are left out that say nothing. */
export interface ComparisonLayout {
  /** Index in `pairs` of each key column, in the order of the key. */
  readonly key: readonly number[];
  /** Other pairs, in their order. */
  readonly values: readonly number[];
}

const NUMBERS = new Set(['integer', 'float', 'decimal']);
const KEYS = new Set(['integer', 'decimal', 'date', 'timestamp', 'time', 'text', 'enum', 'other']);

/** Whether values of two types can be told to be the same: of one type, or numbers. */
export function isComparable(a: DuckDBType, b: DuckDBType): boolean {
  return a.toString() === b.toString() || (NUMBERS.has(typeFamily(a)) && NUMBERS.has(typeFamily(b)));
}

/** Whether a column may tell rows apart: a number that is not rounded, a text or a time. */
export function mayBeKey(type: DuckDBType): boolean {
  return KEYS.has(typeFamily(type));
}

/** Rows whose key another row of the table has too. */
export function duplicatesQuery(table: string, columns: readonly number[]): string {
  return `select coalesce(sum(n) filter (n > 1), 0)::bigint from (select count(*) as n from ${table} group by ${columns.map(storedName).join(', ')})`;
}

/** About how many values each column has, and how many rows there are. */
export function distinctQuery(table: string, columns: readonly number[]): string {
  return `select count(*), ${columns.map((column) => `approx_count_distinct(${storedName(column)})`).join(', ')} from ${table}`;
}

/**
 * Makes `target` with `kind` (added, removed, changed, unchanged), the key as `k0` …, and of each other column the value as `v0` … and,
 * for changed rows, the one before as `b0` …. `numbered` pairs rows with the same key in their order.
 */
export function keyedQuery(
  target: string,
  left: ComparedTable,
  right: ComparedTable,
  pairs: readonly ColumnPair[],
  { key, values }: ComparisonLayout,
  options: { readonly numbered: boolean; readonly unchanged: boolean },
): string {
  const a = (pair: number) => `l.${storedName(pairs[pair]?.left ?? 0)}`;
  const b = (pair: number) => `r.${storedName(pairs[pair]?.right ?? 0)}`;
  const side = (alias: string, { table }: ComparedTable, columnOf: (pair: ColumnPair) => number) => {
    const keys = key.flatMap((pair) => pairs[pair] ?? []).map((pair) => storedName(columnOf(pair)));
    const number = options.numbered ? `, row_number() over (partition by ${keys.join(', ')} order by rowid) as n` : '';
    return `(select *, rowid as p${number} from ${table}) ${alias}`;
  };
  const on = key.map((pair) => `${a(pair)} is not distinct from ${b(pair)}`);
  if (options.numbered) on.push('l.n = r.n');
  const differs = values.length === 0 ? 'false' : values.map((pair) => `${a(pair)} is distinct from ${b(pair)}`).join(' or ');
  const kind = `case when l.p is null then 'added' when r.p is null then 'removed' when ${differs} then 'changed' else 'unchanged' end`;
  const columns = [
    ...key.map((pair, index) => `case when r.p is null then ${a(pair)} else ${b(pair)} end as k${index}`),
    ...values.flatMap((pair, index) => [
      `case when r.p is null then ${a(pair)} else ${b(pair)} end as v${index}`,
      `case when l.p is not null and r.p is not null then ${a(pair)} end as b${index}`,
    ]),
  ];
  return (
    `create table ${target} as select * exclude (p) from (select ${[`${kind} as kind`, ...columns, 'coalesce(r.p, l.p) as p'].join(', ')} ` +
    `from ${side('l', left, (pair) => pair.left)} full outer join ${side('r', right, (pair) => pair.right)} on ${on.join(' and ')}) ` +
    `${options.unchanged ? '' : "where kind <> 'unchanged' "}order by p, kind`
  );
}

/** As `keyedQuery`, for whole rows, each as often as it is there: `kind`, `times`, and the row as `v0` …. */
export function wholeRowsQuery(
  target: string,
  left: ComparedTable,
  right: ComparedTable,
  pairs: readonly ColumnPair[],
  options: { readonly unchanged: boolean },
): string {
  const side = ({ table }: ComparedTable, columnOf: (pair: ColumnPair) => number) => {
    const columns = pairs.map((pair, index) => `${storedName(columnOf(pair))} as v${index}`);
    return `(select ${columns.join(', ')}, count(*) as n, min(rowid) as p from ${table} group by ${pairs.map((_, index) => `v${index}`).join(', ')})`;
  };
  const on = pairs.map((_, index) => `l.v${index} is not distinct from r.v${index}`).join(' and ');
  const columns = pairs.map((_, index) => `case when r.p is null then l.v${index} else r.v${index} end as v${index}`);
  return (
    `create table ${target} as select * exclude (p, d, n), case when d = 0 then n else abs(d) end as times from (select ` +
    `case when coalesce(r.n, 0) > coalesce(l.n, 0) then 'added' when coalesce(r.n, 0) < coalesce(l.n, 0) then 'removed' else 'unchanged' end as kind, ` +
    `coalesce(r.n, 0) - coalesce(l.n, 0) as d, coalesce(r.n, 0) as n, coalesce(r.p, l.p) as p, ${columns.join(', ')} ` +
    `from ${side(left, (pair) => pair.left)} l full outer join ${side(right, (pair) => pair.right)} r on ${on}) ` +
    `${options.unchanged ? '' : 'where d <> 0 '}order by p, kind`
  );
}
