import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEngine } from '../../engine/engine.ts';
import type { AggregateOp, AggregateRequest, Engine, Session, Value } from '../../engine/types.ts';
import { rowsOf, withSession } from '../support/engines.ts';

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

  it('counts rows without a column, of tables, views and queries', async () => {
    await withSession(async (session, engine) => {
      await session.run(`create table "odd name" as select case when range % 2 = 0 then range end as "a ""b""" from range(10);
        create view seen as select * from "odd name" where "a ""b""" is not null;
        create table hidden as select null::integer as rowid, range as v from range(10)`);
      const count = async (fields: Partial<AggregateRequest>) => (await engine.parallel.aggregate(request(fields))).value;
      expect(await count({ table: 'odd name' })).toBe(10n);
      expect(await count({ table: '"odd name"', column: 'A "B"', chunks: 3 })).toBe(5n);
      expect(await count({ table: 'seen', chunks: 2 })).toBe(5n);
      expect(await count({ query: 'select 1 union all select 2', chunks: 5 })).toBe(2n);
      expect(await count({ table: 'hidden', chunks: 3 })).toBe(10n);
      expect(await count({ table: 'hidden', column: 'v', op: 'sum', chunks: 3 })).toBe(45n);
    });
  });

  it('says what is wrong', async () => {
    await withSession(async (session, engine) => {
      await session.run(
        `create table t (word varchar, u uhugeint, h hugeint, d double); insert into t values ('a', 1, ${2n ** 126n}, 1e200), ('b', 2, ${2n ** 126n}, 1)`,
      );
      const fails = async (fields: Partial<AggregateRequest>) =>
        await engine.parallel.aggregate(request(fields)).then(
          () => 'nothing',
          (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
        );
      expect(await fails({ table: 't', column: 'wrod', op: 'sum' })).toBe('sql: There is no column "wrod" in t. It has: word, u, h, d.');
      expect(await fails({ table: 't', column: 'word', op: 'sum' })).toBe(
        'sql: sum of the column "word" cannot be computed: its type is VARCHAR, and it is not numeric.',
      );
      expect(await fails({ table: 't', column: 'u', op: 'sum', chunks: 2 })).toContain('cast it to HUGEINT');
      expect(await fails({ table: 't', op: 'max' })).toBe('sql: max needs a column.');
      expect(await fails({ table: 'nowhere', op: 'count' })).toMatch(/^sql: Catalog Error: Table with name nowhere does not exist/);
      expect(await fails({ query: 'select 1; drop table t' })).toMatch(/^sql: Parser Error/);
      expect(await fails({ table: 't); drop table t; --' })).toMatch(/^sql: Catalog Error/);
      expect(await fails({ table: 't', query: 'select 1' })).toBe('sql: An aggregate needs either a table or a query.');
      expect(await fails({ table: 't', chunks: 0.5 })).toBe('sql: chunks must be a whole number from 1 to 256.');
      expect(await fails({ table: 't', column: 'h', op: 'sum', chunks: 2 })).toMatch(/^sql: Out of Range Error/);
      expect(await fails({ table: 't', column: 'd', op: 'var_pop', chunks: 2 })).toMatch(/^sql: Out of Range Error/);
      expect(await fails({ table: 't' })).toBe('nothing');
    });
  });

  it('is cancelled, and shows in the statistics', async () => {
    await withSession(async (_, engine) => {
      const query = 'select a.range as v from range(100000) a, range(100000) b, range(1000) c';
      for (const chunks of [{}, { chunks: 2 }]) {
        const abort = new AbortController();
        const run = engine.parallel.aggregate({ query, column: 'v', op: 'sum', signal: abort.signal, ...chunks });
        await untilRunning(engine);
        abort.abort();
        await expect(run).rejects.toMatchObject({ code: 'cancelled' });
        await expect(engine.parallel.aggregate({ query, op: 'count', signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
      }
      expect(engine.stats().parallel.lastAggregate).toBeUndefined();
      const { strategy, reason, elapsedMs } = await engine.parallel.aggregate({ query: 'select 1', op: 'count' });
      expect(engine.stats().parallel.lastAggregate).toEqual({ strategy, reason, elapsedMs });
      expect(strategy).toBe('duckdb');
    });
  });
});

/** Deviations are differences of the values: of equal ones they may be a rounding error instead of none. */
function cancelled(op: AggregateOp, values: readonly (number | null)[]): number {
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)).filter((value) => !Number.isNaN(value)));
  if (op.startsWith('var')) return largest ** 2;
  return op.startsWith('std') ? largest : 0;
}

async function untilRunning(engine: Engine): Promise<void> {
  while (engine.stats().parallel.running === 0) await new Promise((resolve) => setImmediate(resolve));
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

it('stops an aggregate when the engine closes', async () => {
  const engine = await openEngine();
  const session = await engine.openSession();
  await session.run('create table t as select range as i from range(1000000); create view endless as select a.i from t a, t b, t c');
  const runs = [
    engine.parallel.aggregate({ table: 'endless', column: 'i', op: 'sum' }),
    engine.parallel.aggregate({ query: 'from endless', op: 'count' }),
  ];
  const ends = Promise.all(runs.map((run) => run.catch((error: { code: string }) => error.code)));
  while (engine.stats().parallel.running < runs.length) await new Promise((resolve) => setImmediate(resolve));
  await engine.close();
  expect(await ends).toEqual(['cancelled', 'cancelled']);
});
