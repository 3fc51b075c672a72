import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AggregateOp, AggregateRequest, Session, Value } from '../../../engine/types.ts';
import { rowsOf, withSession } from '../../support/engines.ts';

const OPS: readonly AggregateOp[] = ['count', 'sum', 'avg', 'min', 'max', 'stddev', 'stddev_pop', 'var_samp', 'var_pop'];

/** Values of a type that has no rounding, as whole numbers: `scale` places are behind the point. */
interface WholeType {
  readonly name: string;
  readonly least: bigint;
  readonly most: bigint;
  readonly scale: number;
}

const wholeTypes: readonly WholeType[] = [
  { name: 'TINYINT', least: -128n, most: 127n, scale: 0 },
  { name: 'UTINYINT', least: 0n, most: 255n, scale: 0 },
  { name: 'SMALLINT', least: -(2n ** 15n), most: 2n ** 15n - 1n, scale: 0 },
  { name: 'USMALLINT', least: 0n, most: 2n ** 16n - 1n, scale: 0 },
  { name: 'INTEGER', least: -(2n ** 31n), most: 2n ** 31n - 1n, scale: 0 },
  { name: 'UINTEGER', least: 0n, most: 2n ** 32n - 1n, scale: 0 },
  { name: 'BIGINT', least: -(2n ** 63n), most: 2n ** 63n - 1n, scale: 0 },
  { name: 'UBIGINT', least: 0n, most: 2n ** 64n - 1n, scale: 0 },
  { name: 'HUGEINT', least: -(2n ** 121n), most: 2n ** 121n, scale: 0 },
  { name: 'DECIMAL(4,1)', least: -9999n, most: 9999n, scale: 1 },
  { name: 'DECIMAL(9,9)', least: -(10n ** 9n) + 1n, most: 10n ** 9n - 1n, scale: 9 },
  { name: 'DECIMAL(18,3)', least: -(10n ** 18n) + 1n, most: 10n ** 18n - 1n, scale: 3 },
  { name: 'DECIMAL(38,10)', least: -(10n ** 36n), most: 10n ** 36n, scale: 10 },
];

const wholeCase = fc
  .constantFrom(...wholeTypes)
  .chain((type) =>
    fc.tuple(fc.constant(type), fc.array(fc.option(fc.bigInt({ min: type.least, max: type.most }), { freq: 5 }), { maxLength: 30 })),
  );

function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

async function fill(session: Session, type: string, texts: readonly (string | null)[]): Promise<void> {
  await session.run(`create or replace table numbers (id integer, v ${type})`);
  if (texts.length === 0) return;
  const rows = texts.map((text, index) => `(${index}, ${text === null ? 'null' : `'${text}'::${type}`})`);
  await session.run(`insert into numbers values ${rows.join(', ')}`);
}

async function plain(session: Session, op: AggregateOp): Promise<Value> {
  const [row] = await rowsOf(session, `select ${op}(v) from numbers`);
  return row?.[0] ?? null;
}

const SOURCES: readonly Partial<AggregateRequest>[] = [
  { table: 'numbers' },
  { table: 'numbers', chunks: 1 },
  { table: 'main.numbers', chunks: 3 },
  { query: 'select * from numbers -- all', chunks: 4 },
];

const request = (fields: Partial<AggregateRequest>): AggregateRequest => ({ op: 'count', ...fields });

/** Apart by rounding only; `size` is of the numbers from which digits were cancelled on the way. */
function near(value: Value, expected: Value, size = 0): void {
  if (typeof value !== 'number' || typeof expected !== 'number' || Number.isNaN(expected) || !Number.isFinite(expected)) {
    expect(value).toEqual(expected);
    return;
  }
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(expected), size, Number.MIN_VALUE));
}

describe('engine.parallel.aggregate', () => {
  it('gives what plain SQL gives, for every type without rounding, with NULLs and without rows', async () => {
    await withSession(async (session, engine) => {
      await fc.assert(
        fc.asyncProperty(wholeCase, async ([type, values]) => {
          await fill(
            session,
            type.name,
            values.map((value) => (value === null ? null : decimalText(value, type.scale))),
          );
          for (const op of OPS) {
            const variance = /^(std|var)/.test(op);
            const results = [];
            for (const source of SOURCES) results.push(await engine.parallel.aggregate(request({ ...source, column: 'v', op })));
            const [whole, ...chunked] = results;
            const expected = variance || op === 'avg' ? undefined : await plain(session, op);
            for (const result of results) {
              if (expected !== undefined) expect(result.value).toEqual(expected);
              else checkRounded(op, result.value, values, type.scale, result.exact);
            }
            expect(whole?.strategy).toBe('duckdb');
            for (const result of chunked) expect(result).toMatchObject({ strategy: 'chunks', exact: true, value: chunked[0]?.value });
          }
        }),
        { numRuns: 20 },
      );
    });
  });

  it('gives what plain SQL gives for doubles, apart from the last digits', async () => {
    const doubles = fc.array(
      fc.option(fc.oneof(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.constantFrom(0, -0, Number.NaN, 1e-300)), { freq: 5 }),
      { maxLength: 30 },
    );
    await withSession(async (session, engine) => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('DOUBLE', 'FLOAT'), doubles, async (type, values) => {
          const texts = values.map((value) => (value === null ? null : String(value)));
          await fill(session, type, texts);
          for (const op of OPS) {
            const expected = await plain(session, op).catch((error: Error) => error.message);
            for (const source of SOURCES) {
              const result = engine.parallel.aggregate(request({ ...source, column: 'v', op }));
              const outcome = await result.then(({ value }) => value).catch((error: Error) => error.message);
              if (typeof expected === 'string') expect(outcome).toMatch(/out of range/);
              else if (sumsCancel(op, values)) expect(typeof outcome).toBe('number');
              else near(outcome, expected, cancelled(op, values));
            }
          }
        }),
        { numRuns: 20 },
      );
    });
  });

  it('computes one value alike at every run and in every number of chunks, and sees gaps in the row numbers', async () => {
    await withSession(async (session, engine) => {
      await session.run(`create table wide as select (range * 7919 % 1000003)::integer as i, (range % 100000 / 100)::decimal(9,2) as m,
        (hash(range) // 4)::bigint as b from range(130000)`);
      await session.run('delete from wide where i % 3 = 0');
      for (const column of ['i', 'm', 'b']) {
        for (const op of OPS) {
          const values = new Set<Value>();
          for (const chunks of [1, 3, 16]) values.add((await engine.parallel.aggregate({ table: 'wide', column, op, chunks })).value);
          expect(values.size).toBe(1);
          const [only = null] = values;
          const whole = await engine.parallel.aggregate({ table: 'wide', column, op });
          if (whole.exact) expect(whole.value).toEqual(only);
          else near(whole.value, only);
        }
      }
    });
  });
});

/** Deviations are differences of the values: of equal ones they may be a rounding error instead of none. */
function cancelled(op: AggregateOp, values: readonly (number | null)[]): number {
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)).filter((value) => !Number.isNaN(value)));
  if (op.startsWith('var')) return largest ** 2;
  return op.startsWith('std') ? largest : 0;
}

/** Averages and variances against whole-number arithmetic of their own: to the last digit where the result says exact. */
function checkRounded(op: AggregateOp, value: Value, values: readonly (bigint | null)[], scale: number, exact: boolean): void {
  const present = values.filter((each) => each !== null);
  const count = BigInt(present.length);
  const sample = op === 'stddev' || op === 'var_samp';
  if (count === 0n || (sample && count === 1n)) {
    expect(value).toBeNull();
    return;
  }
  const sum = present.reduce((all, each) => all + each, 0n);
  const squares = present.reduce((all, each) => all + each * each, 0n);
  const unit = 10n ** BigInt(scale);
  let [above, below] = [sum, count * unit];
  if (op !== 'avg') [above, below] = [count * squares - sum * sum, count * (sample ? count - 1n : count) * unit * unit];
  // 60 digits behind the point are enough to tell neighbouring doubles apart here.
  const digits = 10n ** 60n;
  const root = op.startsWith('std');
  const close = root ? Math.sqrt(Number((above * digits) / below) / 1e60) : Number((above * digits) / below) / 1e60;
  const tolerance = exact ? 1e-15 : 1e-6;
  // DuckDB's own wide averages and variances lose all digits that cancel.
  const size = exact
    ? Math.abs(close)
    : Math.max(Math.abs(close), ...present.map((each) => (Number(each) / Number(unit)) ** (root || op === 'avg' ? 1 : 2)).map(Math.abs));
  expect(Math.abs(Number(value) - close)).toBeLessThanOrEqual(tolerance * size);
}

/** A sum of large numbers of both signs has no digits that hold: nothing can be said of its distance. */
function sumsCancel(op: AggregateOp, values: readonly (number | null)[]): boolean {
  return (op === 'sum' || op === 'avg') && values.some((value) => Number(value) > 0) && values.some((value) => Number(value) < 0);
}
