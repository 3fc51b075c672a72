import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Column, ColumnProfile, HistogramBin, Value } from '../types.ts';
import type { DuckDB } from './binding.ts';
import { type TypeFamily, typeFamily } from './storedColumns.ts';

/** Up to this many values are counted and ranked exactly; beyond, sketches of a fixed size do it. */
const MAX_EXACT_VALUES = 1_000_000;
const MAX_BINS = 20;
const TOP_VALUES = 10;
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

export interface ProfileSource {
  readonly table: string;
  /** The column's stored name. */
  readonly name: string;
  readonly type: DuckDBType;
  readonly head: Column;
  /** The rows of a small query. */
  query(sql: string): Promise<readonly (readonly DuckDBValue[])[]>;
  read(value: DuckDBValue): Value;
}

/** A type's values on a line of numbers: how to get there in SQL, and how a bin's edge is shown. */
interface Scale {
  readonly sql: string;
  readonly whole: boolean;
  edge(position: number): Value;
}

/** Computes the statistics of one stored column; see `ColumnProfile`. */
export async function profileColumn(duckdb: DuckDB, source: ProfileSource): Promise<ColumnProfile> {
  const { table, name, head, query, read } = source;
  const family = typeFamily(source.type);
  const [counts] = await query(`select count(*), count(${name}), approx_count_distinct(${name}), min(${name}), max(${name}) from ${table}`);
  const [rowCount = 0, valueCount = 0, estimate = 0] = (counts ?? []).slice(0, 3).map(Number);
  const exact = valueCount <= MAX_EXACT_VALUES;
  const distinctCount = exact ? await count(source, `count(distinct ${name})`) : Math.min(estimate, valueCount);
  const quantiles = isOrdered(family) ? await readQuantiles(source, family, exact) : undefined;
  const top = await query(
    `select ${name}, count(*) from ${table} where ${name} is not null group by ${name} order by count(*) desc, min(rowid) limit ${TOP_VALUES}`,
  );
  return {
    name: head.name,
    type: head.type,
    rowCount,
    nullCount: rowCount - valueCount,
    distinctCount,
    distinctIsApproximate: !exact,
    ...(valueCount > 0 && { minimum: read(counts?.[3] ?? null), maximum: read(counts?.[4] ?? null) }),
    ...(quantiles && { quantiles }),
    quantilesAreApproximate: quantiles !== undefined && !exact,
    histogram: isOrdered(family) ? await readHistogram(source, scaleOf(duckdb, source, family)) : [],
    top: top.map(([value = null, times]) => ({ value: read(value), count: Number(times) })),
  };
}

function isOrdered(family: TypeFamily): boolean {
  return ['integer', 'float', 'decimal', 'date', 'timestamp', 'time'].includes(family);
}

async function count({ table, query }: ProfileSource, aggregate: string): Promise<number> {
  return Number((await query(`select ${aggregate} from ${table}`))[0]?.[0] ?? 0);
}

/** NaN and infinities have no place among quantiles and bins. */
function finite(family: TypeFamily, name: string): string {
  return ['float', 'date', 'timestamp'].includes(family) ? `${name} is not null and isfinite(${name})` : `${name} is not null`;
}

async function readQuantiles(source: ProfileSource, family: TypeFamily, exact: boolean): Promise<ColumnProfile['quantiles']> {
  const { table, name, query, read } = source;
  const aggregate = exact ? 'quantile_disc' : 'approx_quantile';
  const parts = SHARES.map((share) => `${aggregate}(${name}, ${share})`);
  const [row] = await query(`select ${parts.join(', ')} from ${table} where ${finite(family, name)}`);
  const [p05 = null, p25 = null, p50 = null, p75 = null, p95 = null] = (row ?? []).map(read);
  return p50 === null ? undefined : { p05, p25, p50, p75, p95 };
}

function scaleOf(duckdb: DuckDB, { name, type, read }: ProfileSource, family: TypeFamily): Scale {
  const micros = (position: number) => BigInt(Math.round(position));
  switch (family) {
    case 'date':
      return {
        sql: `(${name} - date '1970-01-01')::double`,
        whole: true,
        edge: (position) => read(new duckdb.DuckDBDateValue(Math.round(position))),
      };
    case 'timestamp': {
      const zoned = type.toString() === 'TIMESTAMP WITH TIME ZONE';
      return {
        sql: `epoch_us(${zoned ? name : `${name}::timestamp`})::double`,
        whole: false,
        edge: (position) =>
          read(zoned ? new duckdb.DuckDBTimestampTZValue(micros(position)) : new duckdb.DuckDBTimestampValue(micros(position))),
      };
    }
    case 'time':
      return {
        sql: `epoch_us(${name}::time)::double`,
        whole: false,
        edge: (position) => read(new duckdb.DuckDBTimeValue(micros(position))),
      };
    default:
      return { sql: `${name}::double`, whole: family === 'integer', edge: (position) => position };
  }
}

async function readHistogram(source: ProfileSource, scale: Scale): Promise<HistogramBin[]> {
  const { table, name, query } = source;
  const values = `from (select ${scale.sql} x from ${table} where ${finite(typeFamily(source.type), name)})`;
  const [range] = await query(`select min(x), max(x), count(*) ${values}`);
  if (!range || Number(range[2]) === 0) return [];
  const [low, high, total] = range.map(Number) as [number, number, number];
  // Divided before it is subtracted: the whole range of DOUBLE has a width that is no DOUBLE.
  const width = scale.whole ? Math.max(1, Math.ceil((high - low + 1) / MAX_BINS)) : high / MAX_BINS - low / MAX_BINS;
  const bins = scale.whole ? Math.ceil((high - low + 1) / width) : MAX_BINS;
  if (low === high || width === 0) return [{ from: scale.edge(low), to: scale.edge(high), count: total }];
  const place = `greatest(0, least(${bins - 1}, floor(x / ${width}::double - ${low / width}::double)))`;
  const counts = new Map(
    (await query(`select ${place}::integer b, count(*) ${values} group by b`)).map((row) => [Number(row[0]), Number(row[1])]),
  );
  return Array.from({ length: bins }, (_, bin) => ({
    from: scale.edge(low + bin * width),
    to: scale.edge(bin === bins - 1 ? high : low + (bin + 1) * width),
    count: counts.get(bin) ?? 0,
  }));
}
