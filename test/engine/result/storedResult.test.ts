import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnFilter, Engine, Result, ResultView, Row, Session, ViewSpec } from '../../../engine/types.ts';
import { rowsOf, withEngine, withSession } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

async function viewRows(result: Result, spec: ViewSpec): Promise<Row[]> {
  const view = await result.view(spec);
  try {
    return await view.page(0, view.rowCount);
  } finally {
    view.release();
  }
}

/** One result of a query, released at the end. */
async function withResult<T>(session: Session, sql: string, use: (result: Result) => Promise<T>): Promise<T> {
  const result = await session.run(sql);
  try {
    return await use(result);
  } finally {
    result.release();
  }
}

/** First column of the rows that a filter keeps. */
async function kept(result: Result, ...filters: ColumnFilter[]): Promise<unknown[]> {
  return (await viewRows(result, { filters })).map(([value]) => value);
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Bytes of stored results that are still there. */
async function storedBytes(engine: Engine): Promise<number> {
  const { memory } = await engine.sampleMemory();
  return memory.spillBytes + memory.duckdbBytes;
}

describe('a view', () => {
  it('sorts by several columns, NULLs last or first, and keeps the order of equal rows', async () => {
    await withSession(async (session) => {
      await withResult(session, "from (values (1, 'b'), (2, null), (3, 'a'), (4, 'b'), (null, 'a')) t(n, s)", async (result) => {
        const sorted = (spec: ViewSpec) => viewRows(result, spec).then((rows) => rows.map(([n]) => n));
        expect(await sorted({ sort: [{ column: 1 }] })).toEqual([3, null, 1, 4, 2]);
        expect(await sorted({ sort: [{ column: 1, descending: true, nullsFirst: true }] })).toEqual([2, 1, 4, 3, null]);
        expect(await sorted({ sort: [{ column: 1 }, { column: 0, descending: true }] })).toEqual([3, null, 4, 1, 2]);
        expect(await sorted({})).toEqual([1, 2, 3, 4, null]);
        expect(await result.page(0, 1)).toEqual([[1, 'b']]);
      });
    });
  });

  it('tells where its rows stand in the result', async () => {
    await withSession(async (session) => {
      await withResult(session, 'select range a, range % 7 b from range(10000)', async (result) => {
        const view = await result.view({ sort: [{ column: 1, descending: true }], filters: [{ column: 0, op: 'less', values: [5000] }] });
        expect(view.rowCount).toBe(5000);
        expect(await view.positions(0, 3)).toEqual([6, 13, 20]);
        expect(await view.page(4998, 10)).toEqual([
          [4991n, 0n],
          [4998n, 0n],
        ]);
        expect(await view.page(2040, 20)).toEqual((await view.page(0, 5000)).slice(2040, 2060));
        expect(await view.page(9000, 5)).toEqual([]);
        view.release();
        view.release();
        await expect(view.page(0, 1)).rejects.toMatchObject({ code: 'unavailable' });
      });
    });
  });

  it('filters numbers exactly, whatever they are given as', async () => {
    await withSession(async (session) => {
      const sql =
        "from (values (1, 1.10::decimal(9,2), 0.1::float), (2, 2.5, 'nan'), (9007199254740993, -3, '-inf'), (null, null, null)) t(i, d, f)";
      await withResult(session, sql, async (result) => {
        const on =
          (column: number) =>
          (op: ColumnFilter['op'], ...values: NonNullable<ColumnFilter['values']>[number][]) =>
            kept(result, { column, op, values });
        const [i, d, f] = [on(0), on(1), on(2)];
        expect(await i('equals', '9007199254740993')).toEqual([9007199254740993n]);
        expect(await i('equals', 9007199254740993n)).toEqual([9007199254740993n]);
        expect(await i('equals', '1.5')).toEqual([]);
        expect(await i('greater', 1.5)).toEqual([2n, 9007199254740993n]);
        expect(await i('notEquals', 1)).toEqual([2n, 9007199254740993n, null]);
        expect(await i('between', 1, '2')).toEqual([1n, 2n]);
        expect(await i('in', 2, null)).toEqual([2n, null]);
        expect(await i('in')).toEqual([]);
        expect(await i('isNull')).toEqual([null]);
        expect((await i('isNotNull')).length).toBe(3);
        expect(await d('equals', '1.1')).toEqual([1n]);
        expect(await d('equals', 1.1)).toEqual([1n]);
        expect(await d('lessOrEqual', '1.104')).toEqual([1n, 9007199254740993n]);
        expect(await f('equals', 0.1)).toEqual([1n]);
        expect(await f('equals', 'NaN')).toEqual([2n]);
        expect(await f('less', 0)).toEqual([9007199254740993n]);
        await expect(i('equals', 'abc')).rejects.toMatchObject({ code: 'sql', message: expect.stringContaining('abc') });
        await expect(i('between', 1)).rejects.toMatchObject({ code: 'sql', message: expect.stringContaining('2 values') });
      });
    });
  });

  it('filters texts, times and truths', async () => {
    await withSession(async (session) => {
      const sql = `from (values ('Ärger 50%', date '2024-02-29', true, timestamptz '2024-07-01 12:00:00+02'),
        ('x''; drop table t; --', date 'infinity', false, null), ('a_b', null, null, timestamptz '2025-01-01 00:00:00+00')) t(s, d, b, z)`;
      await withResult(session, sql, async (result) => {
        const one = (column: number, op: ColumnFilter['op'], ...values: (string | boolean)[]) => kept(result, { column, op, values });
        expect(await one(0, 'equals', "x'; drop table t; --")).toEqual(["x'; drop table t; --"]);
        expect(await one(0, 'contains', '%')).toEqual(['Ärger 50%']);
        expect(await one(0, 'contains', '_')).toEqual(['a_b']);
        expect(await one(0, 'startsWith', 'Ä')).toEqual(['Ärger 50%']);
        expect(await one(0, 'endsWith', '--')).toEqual(["x'; drop table t; --"]);
        expect(await one(0, 'matches', '^[a-z]_')).toEqual(['a_b']);
        expect(await one(1, 'greater', '2024-01-01')).toEqual(['Ärger 50%', "x'; drop table t; --"]);
        expect(await one(1, 'startsWith', '2024-02')).toEqual(['Ärger 50%']);
        expect(await one(2, 'equals', true)).toEqual(['Ärger 50%']);
        expect(await one(2, 'notEquals', 'true')).toEqual(["x'; drop table t; --", 'a_b']);
        expect(await one(3, 'equals', '2024-07-01 10:00:00+00')).toEqual(['Ärger 50%']);
        await expect(one(0, 'matches', '(')).rejects.toMatchObject({ code: 'sql' });
        await expect(one(9, 'isNull')).rejects.toMatchObject({ code: 'sql', message: expect.stringContaining('no column 9') });
        const found = (search: string) => viewRows(result, { search }).then((rows) => rows.map(([s]) => s));
        expect(await found('ärger')).toEqual(['Ärger 50%']);
        expect(await found('10:00:00+00')).toEqual(['Ärger 50%']);
        expect(await found('INFINITY')).toEqual(["x'; drop table t; --"]);
        expect((await found('')).length).toBe(3);
      });
    });
  });

  it('works for every type, for names that repeat and for a column called rowid', { tags: ['slow'] }, async () => {
    const values = `(1, 2, '[1, 2]'::json, [3, null], {'a': 1}, row(1, 'x'), map {'k': 1}, union_value(n := 1), 'b'::enum('b', 'a'),
      '\\xFF'::blob, 12345678901234567890123456789012345678::hugeint, 1.5::decimal(38, 10), interval 1 day, uuid(), '101'::bit, null)`;
    await withSession(async (session) => {
      const sql = `select * from (values ${values}, ${values.replace('(1,', '(0,').replace('[3,', '[2,').replace("'b'::enum", "'a'::enum")}) t(rowid, a)`;
      await withResult(session, sql, async (result) => {
        expect(result.columns.slice(0, 2).map((column) => column.name)).toEqual(['rowid', 'a']);
        const inOrder = await result.page(0, 2);
        for (const column of result.columns.keys()) {
          expect((await viewRows(result, { sort: [{ column }] })).length).toBe(2);
          expect(await viewRows(result, { filters: [{ column, op: 'isNull' }] })).toEqual(column === 15 ? inOrder : []);
          const profile = await result.profile(column);
          expect(profile).toMatchObject({ rowCount: 2, nullCount: column === 15 ? 2 : 0, distinctIsApproximate: false });
          expect(profile.top.reduce((sum, { count }) => sum + count, 0)).toBe(column === 15 ? 0 : 2);
        }
        expect((await viewRows(result, { sort: [{ column: 0 }] })).map(([n]) => n)).toEqual([0, 1]);
        expect((await viewRows(result, { sort: [{ column: 3 }] })).map((row) => row[3])).toEqual([
          [2, null],
          [3, null],
        ]);
        // ENUMs have the order of their labels.
        expect((await viewRows(result, { sort: [{ column: 8, descending: true }] })).map((row) => row[8])).toEqual(['a', 'b']);
        expect((await kept(result, { column: 8, op: 'greater', values: ['b'] })).length).toBe(1);
        expect((await kept(result, { column: 3, op: 'equals', values: ['[3, NULL]'] })).length).toBe(1);
        expect((await kept(result, { column: 9, op: 'equals', values: ['\\xFF'] })).length).toBe(2);
        expect((await kept(result, { column: 10, op: 'equals', values: ['12345678901234567890123456789012345678'] })).length).toBe(2);
      });
      await withResult(session, 'select 1 a, 2 a where false', async (empty) => {
        expect(await viewRows(empty, { sort: [{ column: 1 }], search: 'x' })).toEqual([]);
        expect(await empty.profile(0)).toMatchObject({ rowCount: 0, nullCount: 0, distinctCount: 0, histogram: [], top: [] });
      });
      await withResult(session, 'create table made(a int)', async (made) => {
        await expect(made.profile(0)).rejects.toMatchObject({ code: 'sql' });
      });
    });
  });

  it('gives what DuckDB gives for the same order and condition', { tags: ['slow'] }, async () => {
    await withSession(async (session) => {
      await session.run(
        'select setseed(0.5); create table t as select (random() * 40)::int n, chr(97 + (random() * 9)::int) s from range(3000)',
      );
      await withResult(session, 'select rowid, * from t', async (result) => {
        await fc.assert(
          fc.asyncProperty(
            fc.nat(2),
            fc.boolean(),
            fc.boolean(),
            fc.integer({ min: 0, max: 40 }),
            fc.nat(3000),
            async (column, descending, nullsFirst, low, offset) => {
              const view = await result.view({
                sort: [{ column, descending, nullsFirst }],
                filters: [{ column: 1, op: 'greaterOrEqual', values: [low] }],
              });
              const name = ['rowid', 'n', 's'][column];
              const expected = await rowsOf(
                session,
                `select rowid, * from t where n >= ${low} order by ${name} ${descending ? 'desc' : 'asc'}, rowid`,
              );
              expect(await view.page(offset, 50)).toEqual(expected.slice(offset, offset + 50));
              expect(await view.positions(offset, 50)).toEqual(expected.slice(offset, offset + 50).map(([rowid]) => Number(rowid)));
              view.release();
            },
          ),
          { numRuns: 25 },
        );
      });
    });
  });

  it('outlives its result, and both give their space back', async () => {
    await withSession(async (session, engine) => {
      const before = await storedBytes(engine);
      const result = await session.run("select range, 'text number ' || range from range(400000)");
      const views = await Promise.all([result.view({ sort: [{ column: 0, descending: true }] }), result.view({ search: '99999' })]);
      result.release();
      expect(await views[0]?.page(0, 1)).toEqual([[399_999n, 'text number 399999']]);
      expect(await views[1]?.page(0, 1)).toEqual([[99_999n, 'text number 99999']]);
      for (const view of views) view.release();
      expect(await storedBytes(engine)).toBeLessThan(before + 2 * 1024 * 1024);
    });
  });

  it('is cancelled at once, and leaves nothing behind', async () => {
    await withSession(async (session, engine) => {
      await withResult(session, 'select hash(range) h, range::varchar s from range(1500000)', async (result) => {
        await (await result.view({ filters: [{ column: 0, op: 'isNull' }] })).release();
        const before = await storedBytes(engine);
        for (const abortAfter of [0, 1, 3]) {
          const abort = new AbortController();
          const opening = result.view({ sort: [{ column: 1 }] }, { signal: abort.signal });
          const profiling = result.profile(1, { signal: abort.signal });
          const aborted = turns(abortAfter).then(() => abort.abort());
          await Promise.all([opening, profiling].map((work) => expect(work).rejects.toMatchObject({ code: 'cancelled' })));
          await aborted;
        }
        expect(await storedBytes(engine)).toBeLessThan(before + 4 * 1024 * 1024);
        expect((await kept(result, { column: 1, op: 'equals', values: ['1499999'] })).length).toBe(1);
      });
    });
  });
});

describe('a column profile', () => {
  it('counts, ranks and bins numbers', async () => {
    await withSession(async (session) => {
      const sql =
        "select case when range < 10 then null else range % 100 end n, range / 3.0 d, case range when 0 then 'nan'::double when 1 then 'inf'::double else range end f from range(1010)";
      await withResult(session, sql, async (result) => {
        const n = await result.profile(0);
        expect(n).toMatchObject({
          name: 'n',
          type: 'BIGINT',
          rowCount: 1010,
          nullCount: 10,
          distinctCount: 100,
          distinctIsApproximate: false,
        });
        expect(n).toMatchObject({ minimum: 0n, maximum: 99n, quantilesAreApproximate: false });
        expect(n.quantiles).toEqual({ p05: 4n, p25: 24n, p50: 49n, p75: 74n, p95: 94n });
        expect(n.histogram).toEqual(
          Array.from({ length: 20 }, (_, bin) => ({ from: bin * 5, to: bin === 19 ? 99 : bin * 5 + 5, count: 50 })),
        );
        expect(n.top).toHaveLength(10);
        expect(n.top[0]?.count).toBe(10);
        const f = await result.profile(2);
        expect(f).toMatchObject({ minimum: 2, maximum: Number.NaN });
        expect(f.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(1008);
        expect((await result.profile(1)).histogram).toHaveLength(20);
      });
    });
  });

  it('bins dates and times, and values that fill the whole of DOUBLE', async () => {
    await withSession(async (session) => {
      const sql = `select * from (values (date '2024-01-01', timestamp '2024-01-01 00:00:00', timestamptz '2024-01-01 00:00:00+00', time '00:00:00', -1.7e308::double, true),
        (date '2024-01-03', timestamp '2024-01-01 00:00:20', timestamptz '2024-01-01 00:00:20+00', time '00:00:20', 1.7e308, false),
        (date 'infinity', timestamp 'infinity', timestamptz '-infinity', null, 0, null))`;
      await withResult(session, sql, async (result) => {
        const [date, timestamp, zoned, time, double, truth] = await Promise.all([0, 1, 2, 3, 4, 5].map((column) => result.profile(column)));
        expect(date?.histogram).toEqual([
          { from: '2024-01-01', to: '2024-01-02', count: 1 },
          { from: '2024-01-02', to: '2024-01-03', count: 0 },
          { from: '2024-01-03', to: '2024-01-03', count: 1 },
        ]);
        expect(date?.maximum).toBe('infinity');
        expect(timestamp?.histogram[1]).toEqual({ from: '2024-01-01 00:00:01', to: '2024-01-01 00:00:02', count: 0 });
        expect(zoned?.histogram[19]).toEqual({ from: '2024-01-01 00:00:19+00', to: '2024-01-01 00:00:20+00', count: 1 });
        expect(time?.histogram[0]).toEqual({ from: '00:00:00', to: '00:00:01', count: 1 });
        expect(double?.histogram.map(({ count }) => count)).toEqual([1, ...Array(9).fill(0), 1, ...Array(8).fill(0), 1]);
        expect(truth).toMatchObject({ histogram: [], top: [{ count: 1 }, { count: 1 }], distinctCount: 2 });
        expect(truth?.quantiles).toBeUndefined();
      });
    });
  });
});

describe('an export', () => {
  const sql = `select range i, 'text ' || range s, [range] l, '{"a": 1}'::json j, range::hugeint h, 1.25::decimal(9, 2) d, null n from range(3000)`;

  it.each(['csv', 'tsv', 'parquet', 'json', 'jsonl'] as const)('writes all rows as %s with names and types', async (format) => {
    const path = join(temporaryFolder(), `rows.${format}`);
    await withSession(async (session) => {
      await withResult(session, sql, async (result) => {
        expect(await result.export(path, { format })).toEqual({ rows: 3000, bytes: statSync(path).size });
      });
      const back = await rowsOf(session, `select count(*), sum(i), max(s) from '${path}'`);
      expect(back.map((row) => row.map(String))).toEqual([['3000', '4498500', 'text 999']]);
      if (format === 'parquet') {
        const types = await rowsOf(session, `select column_type from (describe from '${path}')`);
        expect(types.flat()).toEqual(['BIGINT', 'VARCHAR', 'BIGINT[]', 'JSON', 'DECIMAL(38,0)', 'DECIMAL(9,2)', 'INTEGER']);
      }
      if (format === 'jsonl')
        expect(JSON.parse(readFileSync(path, 'utf8').split('\n')[7] ?? '')).toMatchObject({ i: 7, l: [7], j: { a: 1 }, n: null });
    });
    expect(readdirSync(join(path, '..'))).toEqual([`rows.${format}`]);
  });

  it.each(['csv', 'tsv', 'parquet', 'json', 'jsonl'] as const)('reads back equal as %s in an engine of its own', async (format) => {
    const path = join(temporaryFolder(), `rows.${format}`);
    const values = `select range i, [null, e'tab\\tquote" comma, line\\nbreak', '<b>|', '=1+1', 'ü😀'][range % 5 + 1] s,
      date '2024-01-01' + (range % 366)::integer d, range / 3.0::double x, range % 2 = 0 b from range(1000)`;
    const ordered = (source: string) => `select i::bigint, s, d::varchar, x, b from (${source}) order by i`;
    const expected = await withSession(async (session) => {
      await withResult(session, values, (result) => result.export(path, { format }));
      return await rowsOf(session, ordered(values));
    });
    expect(await withSession((session) => rowsOf(session, ordered(`from '${path}'`)))).toEqual(expected);
  });

  it('keeps repeated names in CSV and numbers them elsewhere', async () => {
    const folder = temporaryFolder();
    const write = async (session: Session, query: string, format: 'csv' | 'parquet' | 'jsonl') => {
      const path = join(folder, `names.${format}`);
      await withResult(session, query, (result) => result.export(path, { format, overwrite: true }));
      return path;
    };
    await withSession(async (session) => {
      const query = `select 1 a, 2 a, 3 "A", 4 a_1, 5 "with ""quotes"", and commas"`;
      expect(readFileSync(await write(session, query, 'csv'), 'utf8')).toBe('a,a,A,a_1,"with ""quotes"", and commas"\n1,2,3,4,5\n');
      expect(JSON.parse(readFileSync(await write(session, query, 'jsonl'), 'utf8'))).toEqual({
        a: 1,
        a_2: 2,
        A_3: 3,
        a_1: 4,
        'with "quotes", and commas': 5,
      });
      const parquet = await write(session, query, 'parquet');
      expect(await rowsOf(session, `select * from '${parquet}'`)).toEqual([[1, 2, 3, 4, 5]]);
      expect(readFileSync(await write(session, 'select 1 a, 2 a where false', 'csv'), 'utf8')).toBe('a,a\n');
    });
  });

  it('writes valid JSON whatever the numbers, and integers of 128 bits without loss', async () => {
    const folder = temporaryFolder();
    await withSession(async (session) => {
      await withResult(
        session,
        "select unnest(['nan'::double, 'inf', 1.5, null]) f, 170141183460469231731687303715884105727::hugeint h",
        async (result) => {
          await result.export(join(folder, 'a.json'), { format: 'json' });
          expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')).map(({ f }: { f: unknown }) => f)).toEqual([
            'nan',
            'inf',
            1.5,
            null,
          ]);
          await result.export(join(folder, 'a.parquet'), { format: 'parquet' });
          expect(await rowsOf(session, `select max(h) from '${join(folder, 'a.parquet')}'`)).toEqual([
            ['170141183460469231731687303715884105727'],
          ]);
        },
      );
    });
  });

  it('writes a view in its order', async () => {
    const path = join(temporaryFolder(), 'view.csv');
    await withSession(async (session) => {
      await withResult(session, 'select range i from range(5000)', async (result) => {
        const view = await result.view({ sort: [{ column: 0, descending: true }], filters: [{ column: 0, op: 'less', values: [3] }] });
        expect(await result.export(path, { format: 'csv', view })).toMatchObject({ rows: 3 });
        expect(readFileSync(path, 'utf8')).toBe('i\n2\n1\n0\n');
        await expect(result.export(path, { format: 'csv', view: {} as ResultView })).rejects.toMatchObject({ code: 'bug' });
        view.release();
      });
    });
  });

  it('refuses what it must not or cannot write, and leaves the old file', async () => {
    const folder = temporaryFolder();
    const database = join(folder, 'main.duckdb');
    await withSession(
      async (session) => {
        await session.run(`attach '${join(folder, 'other.duckdb')}' as other; create table other.t as select 1 a`);
        await withResult(session, 'select 1 a', async (result) => {
          const failure = (path: string, overwrite = false) =>
            result.export(path, { format: 'csv', overwrite }).then(
              () => undefined,
              (thrown: unknown) => thrown,
            );
          writeFileSync(join(folder, 'old.csv'), 'old');
          mkdirSync(join(folder, 'folder'));
          symlinkSync(database, join(folder, 'link'));
          expect(await failure(join(folder, 'old.csv'))).toMatchObject({
            code: 'unavailable',
            message: expect.stringContaining('exists already'),
          });
          expect(await failure(join(folder, 'no', 'x.csv'))).toMatchObject({
            code: 'unavailable',
            message: expect.stringContaining('does not exist'),
          });
          expect(await failure(join(folder, 'folder'), true)).toMatchObject({
            code: 'unavailable',
            message: expect.stringContaining('is a folder'),
          });
          expect(await failure('relative.csv')).toMatchObject({ code: 'unavailable', message: expect.stringContaining('whole path') });
          for (const name of ['main.duckdb', 'other.duckdb', 'link']) {
            expect(await failure(join(folder, name), true)).toMatchObject({
              code: 'unavailable',
              message: expect.stringContaining('database that is open'),
            });
          }
          expect(await failure('/dev/full', true)).toMatchObject({ code: 'unavailable' });
          expect(readFileSync(join(folder, 'old.csv'), 'utf8')).toBe('old');
          expect(await result.export(join(folder, 'old.csv'), { format: 'csv', overwrite: true })).toEqual({ rows: 1, bytes: 4 });
          expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
        });
      },
      { database },
    );
  });

  it('leaves no file when it is cancelled', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    await withSession(async (session) => {
      await withResult(session, "select range i, repeat('x', 100) || range s from range(1000000)", async (result) => {
        const abort = new AbortController();
        const path = join(folder, 'all.json');
        // The unfinished file is there when it is cancelled.
        const watcher = watch(folder, () => abort.abort());
        const run = result.export(path, { format: 'json', signal: abort.signal }).finally(() => watcher.close());
        await expect(run).rejects.toMatchObject({ code: 'cancelled' });
        expect(readdirSync(folder)).toEqual([]);
        expect(existsSync(path)).toBe(false);
      });
    });
  });

  it('ends with its engine', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    let run: Promise<unknown> = Promise.resolve();
    await withEngine({}, async (engine) => {
      const session = await engine.openSession();
      const result = await session.run("select range i, repeat('x', 100) || range s from range(800000)");
      await new Promise<void>((resolve) => {
        run = result.export(join(folder, 'all.json'), { format: 'json', onProgress: () => resolve() }).catch((thrown: unknown) => thrown);
        void run.then(() => resolve());
      });
      await session.close();
      await engine.close();
      expect(readdirSync(folder)).toEqual([]);
      expect(await run).toMatchObject({ code: 'cancelled' });
    });
  });
});
