import { KodiakError } from '../base/errors.ts';
import type { AggregateOp, Row, Value } from '../types.ts';
import { roundRatio, roundRootOfRatio } from './roundRatio.ts';

/** Where the values come from, in quoted SQL. */
export interface AggregateSource {
  /** What stands after FROM. */
  readonly from: string;
  /** The quoted column; undefined counts rows. */
  readonly column: string | undefined;
  /** DuckDB's name of the column's type; empty without a column. */
  readonly type: string;
  /** True for a table: its rows are cut by `rowid`. Otherwise they are numbered first. */
  readonly hasRowIds: boolean;
}

/** A statement whose every row holds the number of a chunk and that chunk's partial aggregates, and what they mean together. */
export interface AggregatePlan {
  readonly sql: string;
  readonly exact: boolean;
  /** Takes the rows in the order of their chunks. Throws `sql` when the value is out of range. */
  merge(rows: readonly Row[]): Value;
}

/** How a column's values are computed with. `scale` is the number of decimal places. */
type Numeric =
  | { readonly kind: 'double' }
  | { readonly kind: 'whole'; readonly bits: 32 | 64 | 128; readonly signed: boolean; readonly scale: number };

const INTEGERS: Readonly<Record<string, Numeric>> = {
  TINYINT: { kind: 'whole', bits: 32, signed: true, scale: 0 },
  SMALLINT: { kind: 'whole', bits: 32, signed: true, scale: 0 },
  INTEGER: { kind: 'whole', bits: 32, signed: true, scale: 0 },
  UTINYINT: { kind: 'whole', bits: 32, signed: false, scale: 0 },
  USMALLINT: { kind: 'whole', bits: 32, signed: false, scale: 0 },
  UINTEGER: { kind: 'whole', bits: 32, signed: false, scale: 0 },
  BIGINT: { kind: 'whole', bits: 64, signed: true, scale: 0 },
  UBIGINT: { kind: 'whole', bits: 64, signed: false, scale: 0 },
  HUGEINT: { kind: 'whole', bits: 128, signed: true, scale: 0 },
};

/** Names in a statement that numbers rows itself. */
const ROWS = 'kodiak_numbered_rows';
const ROW = 'kodiak_row';
const VALUE = 'kodiak_value';

const LARGEST_SUM = (1n << 127n) - 1n;
const SMALLEST_SUM = -(1n << 127n);

/** Throws `sql` unless the operation takes a column of this type; says whether its result is then exact. */
export function checkResult(op: AggregateOp, column: string | undefined, type: string): boolean {
  const numeric = readNumeric(op, { from: '', column, type, hasRowIds: false });
  return op !== 'sum' || numeric?.kind === 'whole';
}

/**
 * One statement for the whole. Averages, and variances of columns of up to 32 bits or nine digits, are computed from whole sums,
 * which is faster than DuckDB's own and exact; wider columns would lose by that, and take DuckDB's.
 */
export function planPlain(op: AggregateOp, source: AggregateSource): AggregatePlan {
  const numeric = readNumeric(op, source);
  const bits = numeric?.kind === 'whole' ? numeric.bits : undefined;
  if ((op === 'avg' && (bits === 32 || bits === 64)) || (isVariance(op) && bits === 32)) {
    const partials = partialsOf(op, source, numeric);
    return { ...partials, sql: `select 0, ${partials.columns} from (select ${partials.inner} from ${source.from})` };
  }
  const exact = op === 'count' || op === 'min' || op === 'max' || (op === 'sum' && bits !== undefined);
  const column = source.column ?? '*';
  return { sql: `select 0, ${op}(${column}) from ${source.from}`, exact, merge: (rows) => rows[0]?.[1] ?? null };
}

/**
 * One statement with the partials of `chunks` ranges of rows: one snapshot for all of them, whatever is written meanwhile.
 * `rowCount` places the cuts; it need not be exact, as the first range has no lower end and the last one no upper.
 */
export function planChunks(op: AggregateOp, source: AggregateSource, chunks: number, rowCount: number): AggregatePlan {
  const numbered = source.hasRowIds ? source : { ...source, from: ROWS, column: source.column && VALUE };
  const partials = partialsOf(op, numbered, readNumeric(op, source));
  const rows = source.hasRowIds ? 'rowid' : ROW;
  const cut = (chunk: number) => Math.floor((chunk * rowCount) / chunks);
  const parts = Array.from({ length: chunks }, (_, chunk) => {
    const bounds = [...(chunk > 0 ? [`${rows} >= ${cut(chunk)}`] : []), ...(chunk < chunks - 1 ? [`${rows} < ${cut(chunk + 1)}`] : [])];
    const where = bounds.length === 0 ? '' : ` where ${bounds.join(' and ')}`;
    return `select ${chunk}, ${partials.columns} from (select ${partials.inner} from ${numbered.from}${where})`;
  });
  const value = source.column === undefined ? '' : `${source.column} as ${VALUE}, `;
  const number = source.hasRowIds
    ? ''
    : `with ${ROWS} as materialized (select ${value}row_number() over () - 1 as ${ROW} from ${source.from}) `;
  return { ...partials, sql: `${number}${parts.join(' union all ')} order by 1` };
}

/** Partial aggregates over `inner`, the columns that are computed first. */
interface Partials {
  readonly inner: string;
  readonly columns: string;
  readonly exact: boolean;
  readonly merge: (rows: readonly Row[]) => Value;
}

function partialsOf(op: AggregateOp, source: AggregateSource, numeric: Numeric | undefined): Partials {
  const column = source.column ?? '1';
  if (op === 'count') {
    const merge = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + whole(row[1]), 0n);
    return { inner: `${column} as v`, columns: source.column === undefined ? 'count(*)' : 'count(v)', exact: true, merge };
  }
  if (!numeric) throw new KodiakError('bug', `${op} without a column.`);
  if (op === 'min' || op === 'max') {
    const merge = (rows: readonly Row[]) => mergeExtreme(op, rows, numeric);
    return { inner: `${column} as v`, columns: `${op}(v)`, exact: true, merge };
  }
  return numeric.kind === 'double' ? doublePartials(op, column) : wholePartials(op, column, numeric);
}

function doublePartials(op: AggregateOp, column: string): Partials {
  const inner = `${column}::double as v`;
  if (isVariance(op)) return { inner, columns: 'count(v), avg(v), var_pop(v)', exact: false, merge: (rows) => mergeDeviations(op, rows) };
  const merge = (rows: readonly Row[]) => {
    const filled = rows.filter((row) => row[2] !== null);
    if (filled.length === 0) return null;
    const sum = compensatedSum(filled.map((row) => Number(row[2])));
    return op === 'sum' ? sum : sum / Number(filled.reduce((count, row) => count + whole(row[1]), 0n));
  };
  return { inner, columns: 'count(v), sum(v)', exact: false, merge };
}

/**
 * Count, sum and sum of squares in whole numbers. Squares of wide values do not fit any type, so these are cut into limbs
 * (`v = (l2 · base + l1) · base + l0`, all of the value's sign), whose products are summed apart: v² is put together here.
 */
function wholePartials(op: AggregateOp, column: string, numeric: Numeric & { kind: 'whole' }): Partials {
  const { bits, signed, scale } = numeric;
  const unit = 10n ** BigInt(scale);
  const finish = (count: bigint, sum: bigint, squares: bigint): Value => {
    if (op === 'sum') return count === 0n ? null : sumValue(sum, scale);
    if (op === 'avg') return count === 0n ? null : roundRatio(sum, count * unit);
    return variance(op, count, sum, squares, unit);
  };
  const total = (rows: readonly Row[], index: number) => rows.reduce((sum, row) => sum + unscaled(row[index]), 0n);
  if (bits === 32 || (bits === 64 && !isVariance(op))) {
    const wider = scale > 0 ? 'v * v' : signed ? 'v::bigint * v' : 'v::ubigint * v';
    const columns = isVariance(op) ? `count(v), sum(v)::varchar, sum(${wider})::varchar` : 'count(v), sum(v)::varchar';
    const merge = (rows: readonly Row[]) => finish(total(rows, 1), total(rows, 2), isVariance(op) ? total(rows, 3) : 0n);
    return { inner: `${column} as v`, columns, exact: true, merge };
  }
  const limbs = bits === 64 ? 2 : 3;
  const base = 1n << (bits === 64 ? 32n : 43n);
  const type = bits === 128 ? 'hugeint' : signed ? 'bigint' : 'ubigint';
  const value = wholeExpression(column, numeric, type);
  const inner = Array.from({ length: limbs }, (_, limb) => {
    const shifted = limb === 0 ? 'u' : `(u // ${base ** BigInt(limb)}::${type})`;
    return `${limb === limbs - 1 ? shifted : `(${shifted} % ${base}::${type})`} as l${limb}`;
  });
  const pairs: { readonly columns: string; readonly weight: bigint }[] = [];
  for (let a = 0; isVariance(op) && a < limbs; a++) {
    for (let b = a; b < limbs; b++) {
      const weight = (a === b ? 1n : 2n) * base ** BigInt(a + b);
      // The square of a lowest limb of 32 bits does not fit a BIGINT; all other products do.
      const left = type === 'bigint' && b === 0 ? 'l0::hugeint' : `l${a}`;
      pairs.push({ columns: `sum(${left} * l${b})::varchar`, weight });
    }
  }
  const sums = Array.from({ length: limbs }, (_, limb) => `sum(l${limb})::varchar`);
  const merge = (rows: readonly Row[]) => {
    const sum = sums.reduce((all, _, limb) => all + total(rows, 2 + limb) * base ** BigInt(limb), 0n);
    const squares = pairs.reduce((all, pair, index) => all + total(rows, 2 + limbs + index) * pair.weight, 0n);
    return finish(total(rows, 1), sum, squares);
  };
  const columns = ['count(l0)', ...sums, ...pairs.map((pair) => pair.columns)].join(', ');
  return { inner: inner.join(', ').replaceAll(/\bu\b/g, () => value), columns, exact: true, merge };
}

/** The column as whole numbers, a decimal without its point. */
function wholeExpression(column: string, { bits, scale }: Numeric & { kind: 'whole' }, type: string): string {
  if (scale === 0) return `(${column}::${type})`;
  // Wider first: a product has the width of its factors.
  if (bits === 64) return `((${column}::decimal(38, ${scale}) * ${10n ** BigInt(scale)})::${type})`;
  return `(replace(${column}::varchar, '.', '')::${type})`;
}

function variance(op: AggregateOp, count: bigint, sum: bigint, squares: bigint, unit: bigint): number | null {
  const sample = op === 'stddev' || op === 'var_samp';
  if (count === 0n || (sample && count === 1n)) return null;
  const above = count * squares - sum * sum;
  const below = count * (sample ? count - 1n : count) * unit * unit;
  return op === 'stddev' || op === 'stddev_pop' ? roundRootOfRatio(above, below) : roundRatio(above, below);
}

/** Means and variances of parts put together pairwise (Chan, Golub and LeVeque 1979). */
function mergeDeviations(op: AggregateOp, rows: readonly Row[]): number | null {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const row of rows) {
    const more = Number(row[1]);
    if (more === 0) continue;
    const delta = Number(row[2]) - mean;
    const all = count + more;
    squares += Number(row[3]) * more + (count === 0 ? 0 : delta * delta * ((count / all) * more));
    mean = count === 0 ? Number(row[2]) : mean + delta * (more / all);
    count = all;
  }
  const sample = op === 'stddev' || op === 'var_samp';
  if (count === 0 || (sample && count === 1)) return null;
  const value = squares / (sample ? count - 1 : count);
  if (!Number.isFinite(value)) throw new KodiakError('sql', `Out of Range Error: ${op} is out of range.`);
  return op === 'stddev' || op === 'stddev_pop' ? Math.sqrt(value) : value;
}

/** Neumaier's compensated summation; as plain addition where a number is not finite. */
function compensatedSum(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) && Number.isFinite(lost) ? sum + lost : sum;
}

/** The extreme of the chunks' extremes. As in DuckDB, NaN is above all other doubles. */
function mergeExtreme(op: 'min' | 'max', rows: readonly Row[], numeric: Numeric): Value {
  const order = (value: Value) => (numeric.kind === 'double' ? Number(value) : unscaled(value));
  const above = (a: number | bigint, b: number | bigint) => a > b || (Number.isNaN(a) && !Number.isNaN(b));
  let best: Value = null;
  for (const [, value = null] of rows) {
    if (value === null) continue;
    if (best === null || (op === 'max' ? above(order(value), order(best)) : above(order(best), order(value)))) best = value;
  }
  return best;
}

function sumValue(sum: bigint, scale: number): Value {
  if (sum > LARGEST_SUM || sum < SMALLEST_SUM) throw new KodiakError('sql', 'Out of Range Error: the sum does not fit into a HUGEINT.');
  if (scale === 0) return sum;
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** A whole number or a decimal, as a number without its point; NULL, the sum of nothing, is 0. */
function unscaled(value: Value | undefined): bigint {
  return typeof value === 'string' ? BigInt(value.replace('.', '')) : whole(value);
}

function whole(value: Value | undefined): bigint {
  return typeof value === 'bigint' || typeof value === 'number' ? BigInt(value) : 0n;
}

function isVariance(op: AggregateOp): boolean {
  return op === 'stddev' || op === 'stddev_pop' || op === 'var_samp' || op === 'var_pop';
}

function readNumeric(op: AggregateOp, source: AggregateSource): Numeric | undefined {
  if (op === 'count') return undefined;
  if (source.column === undefined) throw new KodiakError('sql', `${op} needs a column.`);
  if (source.type === 'FLOAT' || source.type === 'DOUBLE') return { kind: 'double' };
  const integer = INTEGERS[source.type];
  if (integer) return integer;
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(source.type);
  if (decimal) {
    const width = Number(decimal[1]);
    return { kind: 'whole', bits: width <= 9 ? 32 : width <= 18 ? 64 : 128, signed: true, scale: Number(decimal[2]) };
  }
  const hint = /^(UHUGEINT|BIGNUM)$/.test(source.type)
    ? 'DuckDB computes it in rounded numbers; cast it to HUGEINT or DOUBLE'
    : 'it is not numeric';
  throw new KodiakError('sql', `${op} of the column ${source.column} cannot be computed: its type is ${source.type}, and ${hint}.`);
}
