import { describe, expect, it } from 'vitest';
import type { ChartAnswer, ChartDrawing, ChartSpec, Session } from '../../../../../engine/types.ts';
import { withSession } from '../../../../support/engines.ts';

async function chartOf(session: Session, sql: string, spec: ChartSpec): Promise<ChartAnswer> {
  const result = await session.run(sql);
  try {
    return await result.chart(spec);
  } finally {
    result.release();
  }
}

async function drawn(session: Session, sql: string, spec: ChartSpec): Promise<ChartDrawing> {
  const answer = await chartOf(session, sql, spec);
  if (answer.kind !== 'drawn') throw new Error(`refused: ${answer.reason}`);
  return answer;
}

async function refused(session: Session, sql: string, spec: ChartSpec): Promise<{ reason: string; instead?: ChartSpec }> {
  const answer = await chartOf(session, sql, spec);
  if (answer.kind !== 'refused') throw new Error('drawn');
  return answer;
}

/** Rows as objects by field. */
function records({ fields, rows }: ChartDrawing): Record<string, number | string | null>[] {
  return rows.map((row) => Object.fromEntries(fields.map((field, index) => [field, row[index] ?? null])));
}

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

describe('bars', () => {
  it('keep the order of the query where each has one row', async () => {
    await withSession(async (session) => {
      const sql = "from (values ('Mon', 3), ('Tue', 5), ('Wed', 1)) t(d, n)";
      const chart = await drawn(session, sql, { mark: 'bar', x: 0, y: [1], aggregate: 'sum' });
      expect(chart.axes).toEqual({
        x: { title: 'd', kind: 'category', labels: ['Mon', 'Tue', 'Wed'], hasOther: false },
        y: { title: 'sum of n', kind: 'number' },
      });
      expect(chart.rows).toEqual([
        [0, 0, 3, null],
        [1, 1, 5, null],
        [2, 2, 1, null],
      ]);
      expect(chart).toMatchObject({ fields: ['x', 'x2', 'y', 'exact'], notes: [], rowCount: 3 });
    });
  });

  it('are ordered by their value where rows were put together, and those beyond fifty are one', async () => {
    await withSession(async (session) => {
      const sql = "select 'k' || range % 400 k, range % 400 n from range(40000)";
      const chart = await drawn(session, sql, { mark: 'bar', x: 0, y: [1], aggregate: 'sum' });
      expect(chart.axes.x?.labels?.slice(0, 3)).toEqual(['k399', 'k398', 'k397']);
      expect(chart.rows).toHaveLength(51);
      expect(chart.axes.x?.hasOther).toBe(true);
      expect(records(chart).reduce((sum, { y }) => sum + Number(y), 0)).toBe(100 * ((399 * 400) / 2));
      expect(chart.notes).toEqual(['50 of 400 values of k are shown by themselves, the other 350 as one.']);
    });
  });

  it('of very many values ask for the largest first', async () => {
    await withSession(async (session) => {
      const sql = "select 'k' || range k, case when range = 77777 then 5000000 else 1 end n from range(100000)";
      const chart = await drawn(session, sql, { mark: 'bar', x: 0, y: [1], aggregate: 'sum' });
      expect(chart.axes.x?.labels?.[0]).toBe('k77777');
      expect(records(chart).at(-1)).toMatchObject({ x: 50, y: 99_999 - 49 });
      expect(chart.notes).toEqual(['50 of 100,000 values of k are shown by themselves, the other 99,950 as one.']);
    });
  });

  it('tell NULL from a text, and long texts that begin alike from each other', async () => {
    await withSession(async (session) => {
      const sql = "select unnest([null, 'NULL', repeat('x', 100000) || 'a', repeat('x', 100000) || 'b']) k, 1 n";
      const chart = await drawn(session, sql, { mark: 'bar', x: 0, aggregate: 'count' });
      expect(chart.axes.x?.labels).toEqual([null, 'NULL', `${'x'.repeat(200)}…`, `${'x'.repeat(200)}…`]);
      expect(chart.axes.y).toEqual({ title: 'rows', kind: 'number' });
      expect(chart.rows.map((row) => row[2])).toEqual([1, 1, 1, 1]);
    });
  });

  it('give the exact text of what no double holds', async () => {
    await withSession(async (session) => {
      const sql = "from (values ('a', 9007199254740993, 1234567890123456.78::decimal(18,2)), ('b', 2, 1.5)) t(k, i, d)";
      const big = await drawn(session, sql, { mark: 'bar', x: 0, y: [1], aggregate: 'sum' });
      expect(records(big).map(({ exact }) => exact)).toEqual(['9007199254740993', null]);
      const decimal = await drawn(session, sql, { mark: 'bar', x: 0, y: [2], aggregate: 'max' });
      expect(records(decimal).map(({ y, exact }) => [y, exact])).toEqual([
        [1234567890123456.8, '1234567890123456.78'],
        [1.5, null],
      ]);
    });
  });

  it('of several columns are series', async () => {
    await withSession(async (session) => {
      const chart = await drawn(session, "from (values ('a', 1, 2), ('b', 3, 4)) t(k, p, q)", {
        mark: 'bar',
        x: 0,
        y: [1, 2],
        aggregate: 'sum',
      });
      expect(chart.axes.color?.labels).toEqual(['p', 'q']);
      expect(records(chart).map(({ color, x, y }) => [color, x, y])).toEqual([
        [0, 0, 1],
        [1, 0, 2],
        [0, 1, 3],
        [1, 1, 4],
      ]);
    });
  });

  it('of single rows are refused where several share a value', async () => {
    await withSession(async (session) => {
      const spec: ChartSpec = { mark: 'bar', x: 0, y: [1], aggregate: 'none' };
      const { reason, instead } = await refused(session, "from (values ('a', 1), ('a', 2)) t(k, n)", spec);
      expect(reason).toBe('Up to 2 rows share one value of k: choose how to put them together, such as their sum or average.');
      expect(instead).toEqual({ ...spec, aggregate: 'sum' });
    });
  });
});

describe('lines', () => {
  it('of dates that are firsts of months stand for months, also before 1970', async () => {
    await withSession(async (session) => {
      const sql = "select unnest(range(timestamp '1969-01-01', timestamp '1971-01-01', interval 1 month))::date m, 1 n";
      const chart = await drawn(session, sql, { mark: 'line', x: 0, y: [1], aggregate: 'sum' });
      expect(chart.axes.x).toEqual({ title: 'm', kind: 'time', unit: 'month' });
      expect(chart.rows).toHaveLength(24);
      expect(chart.rows[0]?.slice(0, 3)).toEqual([day('1969-01-01'), day('1969-02-01'), 1]);
    });
  });

  it('are cut into the unit that is asked for', async () => {
    await withSession(async (session) => {
      const sql = "select timestamp '2024-01-01' + interval (range) hour t, 1 n from range(24 * 70)";
      const week = await drawn(session, sql, { mark: 'line', x: 0, y: [1], aggregate: 'sum', unit: 'week' });
      expect(week.rows).toHaveLength(10);
      expect(week.rows.every((row) => row[2] === 168)).toBe(true);
      const quarter = await drawn(session, sql, { mark: 'line', x: 0, y: [1], aggregate: 'count', unit: 'quarter' });
      expect(quarter.rows.map((row) => row[2])).toEqual([24 * 70]);
    });
  });

  it('leave out what has no place, and say how many rows', async () => {
    await withSession(async (session) => {
      const sql = `from (values (date '2024-01-01', 1.0::double), (null, 2), ('infinity'::date, 3), (date '2024-01-02', 'nan'),
        (date '2024-01-03', '-infinity'), (date '2024-01-04', null), (date '2024-01-05', 5)) t(d, n)`;
      const grouped = await drawn(session, sql, { mark: 'line', x: 0, y: [1], aggregate: 'sum' });
      expect(grouped.rows.map((row) => row[2])).toEqual([1, 5]);
      expect(grouped.notes).toEqual([
        '1 row with NULL in d is left out.',
        '1 row with a d that no time axis can show is left out.',
        '2 rows with NaN or infinity in n are left out.',
      ]);
      const raw = await drawn(session, sql, { mark: 'line', x: 0, y: [1], aggregate: 'none' });
      expect(raw.rows).toEqual([
        [day('2024-01-01'), 1],
        [day('2024-01-05'), 5],
      ]);
      expect(raw.notes).toEqual([
        '1 row with NULL in d is left out.',
        '1 row with a d that no time axis can show is left out.',
        '1 row with NULL in n is left out.',
        '2 rows with NaN or infinity in n are left out.',
      ]);
    });
  });

  it('of many rows keep every peak', async () => {
    await withSession(async (session) => {
      const sql =
        'select range x, case when range = 123456 then 1000 when range = 654321 then -1000 else sin(range / 1000) end y from range(1000000)';
      const chart = await drawn(session, sql, { mark: 'line', x: 0, y: [1], aggregate: 'none' });
      expect(chart.rows.length).toBeGreaterThan(1000);
      expect(chart.rows.length).toBeLessThanOrEqual(5000);
      expect(chart.rows).toContainEqual([123456, 1000]);
      expect(chart.rows).toContainEqual([654321, -1000]);
      expect(chart.rows[0]).toEqual([0, 0]);
      expect(chart.rows.at(-1)?.[0]).toBe(999999);
      const xs = chart.rows.map(([x]) => Number(x));
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
      expect(chart.notes).toEqual([
        `1,000,000 rows are drawn by ${chart.rows.length.toLocaleString('en-US')} points: the first, last, lowest and highest of each stretch of the line.`,
      ]);
    });
  });

  it('of many series leave the rarest out', async () => {
    await withSession(async (session) => {
      const sql = "select range x, range * 2 y, 's' || (sqrt(range)::int % 40) s from range(3000)";
      const chart = await drawn(session, sql, { mark: 'line', x: 0, y: [1], color: 2, aggregate: 'none' });
      expect(new Set(records(chart).map(({ color }) => color)).size).toBe(10);
      expect(chart.notes).toEqual(['10 of 40 values of s are shown by themselves, the other 30 are left out.']);
    });
  });

  it('over numbers that are too many are cut into bins', async () => {
    await withSession(async (session) => {
      const chart = await drawn(session, 'select random() x, 1 n from range(100000)', { mark: 'line', x: 0, y: [1], aggregate: 'sum' });
      expect(chart.rows.length).toBeGreaterThan(90);
      expect(chart.rows.length).toBeLessThan(1001);
      expect(chart.rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(100000);
    });
  });
});

describe('points', () => {
  it('are all there when they are few, with a number as their colour', async () => {
    await withSession(async (session) => {
      const chart = await drawn(session, 'select range a, range * 2 b, nullif(range, 1) c from range(3)', {
        mark: 'scatter',
        x: 0,
        y: [1],
        color: 2,
        aggregate: 'none',
      });
      expect(chart.fields).toEqual(['x', 'y', 'value']);
      expect(chart.rows).toEqual([
        [0, 0, 0],
        [1, 2, null],
        [2, 4, 2],
      ]);
    });
  });

  it('are a sample of exactly so many, the same each time', async () => {
    await withSession(async (session) => {
      const spec: ChartSpec = { mark: 'scatter', x: 0, y: [1], color: 2, aggregate: 'none' };
      const result = await session.run("select range a, hash(range) % 1000 b, 's' || range % 20 s from range(300000)");
      const chart = await result.chart(spec);
      const again = await result.chart(spec);
      result.release();
      expect(again).toEqual(chart);
      expect(chart).toMatchObject({ kind: 'drawn', rowCount: 300000 });
      if (chart.kind !== 'drawn') return;
      expect(chart.rows).toHaveLength(5000);
      expect(chart.notes).toEqual([
        'Sample of 5,000 of 300,000 points.',
        '10 of 20 values of s are shown by themselves, the other 10 as one.',
      ]);
      const mean = records(chart).reduce((sum, { x }) => sum + Number(x), 0) / 5000;
      expect(Math.abs(mean - 150000)).toBeLessThan(6000);
    });
  });
});

describe('histograms', () => {
  it('count numbers in bins that people like', async () => {
    await withSession(async (session) => {
      const chart = await drawn(session, 'select range / 10 v from range(1000)', { mark: 'histogram', x: 0, aggregate: 'count', bins: 10 });
      expect(chart.rows.map(([x, x2, count]) => [x, x2, count])).toEqual(
        Array.from({ length: 10 }, (_, bin) => [bin * 10, bin * 10 + 10, 100]),
      );
    });
  });

  it('take whole numbers, huge ranges, one value and times', async () => {
    await withSession(async (session) => {
      const spec: ChartSpec = { mark: 'histogram', x: 0, aggregate: 'count' };
      const total = async (sql: string) => (await drawn(session, sql, spec)).rows.reduce((sum, row) => sum + Number(row[2]), 0);
      expect(await total("from (values (-1.7e308::double), (1.7e308::double), (0), ('nan'), ('inf')) t(v)")).toBe(3);
      expect(await total('select 170141183460469231731687303715884105727::hugeint v')).toBe(1);
      expect(await total('select 5 v from range(7)')).toBe(7);
      expect(await total("select time '10:00:00' + interval (range) minute v from range(100)")).toBe(100);
      expect(await total("select timestamptz '1901-01-01' + interval (range) day v from range(50000)")).toBe(50000);
      expect(await total('select (range - 128)::tinyint v from range(256)')).toBe(256);
      expect(await total('from (values (-9223372036854775808), (9223372036854775807), (0)) t(v)')).toBe(3);
      expect(await total("from (values (date '0044-03-15 (BC)'), (date '9999-12-31'), (date '1969-12-31')) t(v)")).toBe(3);
      const whole = await drawn(session, 'select range % 6 v from range(600)', spec);
      expect(whole.rows.map(([x, x2, count]) => [x, x2, count])).toEqual(Array.from({ length: 6 }, (_, v) => [v, v + 1, 100]));
    });
  });
});

describe('heatmaps', () => {
  it('count, or sum a number up, in each place', async () => {
    await withSession(async (session) => {
      const sql = "select 'w' || range % 3 w, range % 4 h, range v from range(1200)";
      const counted = await drawn(session, sql, { mark: 'heatmap', x: 0, y: [1], aggregate: 'count' });
      expect(counted.rows).toHaveLength(12);
      expect(counted.axes.y).toEqual({ title: 'h', kind: 'category', labels: ['0', '1', '2', '3'], hasOther: false });
      expect(records(counted).every(({ value }) => value === 100)).toBe(true);
      const averaged = await drawn(session, sql, { mark: 'heatmap', x: 0, y: [1], color: 2, aggregate: 'avg' });
      expect(averaged.axes.value).toEqual({ title: 'average of v', kind: 'number' });
    });
  });
});

describe('boxes', () => {
  it('have quartiles, whiskers and what lies beyond', async () => {
    await withSession(async (session) => {
      const sql = "select 'a' k, range v from range(1, 100) union all select 'a', 1000 union all select 'b', 5 union all select 'b', null";
      const chart = await drawn(session, sql, { mark: 'box', x: 0, y: [1], aggregate: 'none' });
      expect(records(chart)).toEqual([
        { x: 0, x2: 0, low: 1, q1: 25.75, median: 50.5, q3: 75.25, high: 99, y: null },
        { x: 0, x2: 0, low: null, q1: null, median: null, q3: null, high: null, y: 1000 },
        { x: 1, x2: 1, low: 5, q1: 5, median: 5, q3: 5, high: 5, y: null },
      ]);
      expect(chart.notes).toEqual(['1 row with NULL in v is left out.']);
      const one = await drawn(session, sql, { mark: 'box', y: [1], aggregate: 'none' });
      expect(one.axes.x?.labels).toEqual(['v']);
    });
  });
});

describe('a pie', () => {
  it('is drawn of a few parts, and refused where it says nothing', async () => {
    await withSession(async (session) => {
      const spec: ChartSpec = { mark: 'pie', x: 0, y: [1], aggregate: 'sum' };
      const chart = await drawn(session, "from (values ('a', 1), ('b', 3)) t(k, n)", spec);
      expect(chart.rows.map((row) => row[2])).toEqual([1, 3]);
      const many = await refused(session, 'select range::varchar k, 1 n from range(400)', spec);
      expect(many).toMatchObject({ reason: expect.stringContaining("a pie's 400 slices"), instead: { ...spec, mark: 'bar' } });
      expect((await refused(session, "from (values ('a', 1), ('b', -3)) t(k, n)", spec)).reason).toContain('negative');
      expect((await refused(session, "from (values ('a', 0)) t(k, n)", spec)).reason).toContain('the whole is 0');
      expect((await refused(session, "from (values ('a', 1)) t(k, n)", { ...spec, aggregate: 'avg' })).reason).toContain('do not add up');
    });
  });
});

describe('marks', () => {
  it('are never more than a few thousand, and what is cut coarser than asked for says so', async () => {
    await withSession(async (session) => {
      const sql =
        "select timestamp '2020-01-01' + to_seconds(range * 600) t, range % 10 c, 'f' || range % 12 f, range n from range(200000)";
      const result = await session.run(sql);
      const spec: ChartSpec = { mark: 'line', x: 0, y: [3], aggregate: 'sum' };
      const bySecond = await result.chart({ ...spec, unit: 'second' });
      expect(bySecond).toMatchObject({ kind: 'drawn', notes: ['Drawn by week: there would be too many marks by second.'] });
      for (const split of [{ color: 1 }, { facet: 2 }, { color: 1, facet: 2 }]) {
        for (const mark of ['line', 'bar', 'histogram'] as const) {
          const chart = await result.chart({ ...spec, ...split, mark, bins: 1000 });
          if (chart.kind !== 'drawn') throw new Error(chart.reason);
          expect(chart.rows.length, `${mark} ${JSON.stringify(split)}`).toBeLessThanOrEqual(5000);
          const sum = records(chart).reduce((all, { y }) => all + Number(y), 0);
          expect(sum).toBe(mark === 'histogram' ? 200000 : (199999 * 200000) / 2);
        }
        const raw = await result.chart({ ...spec, ...split, aggregate: 'none' });
        expect(raw.kind === 'drawn' && raw.rows.length).toBeLessThanOrEqual(5000);
      }
      result.release();
    });
  });

  it('are exactly a sample where there are little more points than may be drawn', async () => {
    await withSession(async (session) => {
      for (const count of [5000, 5001, 9000]) {
        const chart = await drawn(session, `select range a, range b from range(${count})`, {
          mark: 'scatter',
          x: 0,
          y: [1],
          aggregate: 'none',
        });
        expect(chart.rows).toHaveLength(5000);
        expect(chart.notes).toHaveLength(count > 5000 ? 1 : 0);
      }
    });
  });

  it('of many rows are estimated where sorting all would take long, and say so', async () => {
    await withSession(async (session) => {
      const result = await session.run("select 'k' || range % 2 k, (range % 1000)::decimal(9,2) v from range(1200000)");
      const box = await result.chart({ mark: 'box', x: 0, y: [1], aggregate: 'none' });
      if (box.kind !== 'drawn') throw new Error(box.reason);
      expect(box.notes).toEqual(['Quartiles are estimated (t-digest).']);
      expect(Math.abs(Number(records(box)[0]?.['median']) - 499)).toBeLessThan(10);
      const median = await result.chart({ mark: 'bar', x: 0, y: [1], aggregate: 'median' });
      expect(median).toMatchObject({ kind: 'drawn', notes: ['Medians are estimated (t-digest).'] });
      result.release();
    });
  });
});

describe('what cannot be drawn', () => {
  it('is refused with a reason and what to do instead', async () => {
    await withSession(async (session) => {
      const sql = "from (values ('a', 1), ('b', 3)) t(k, n)";
      const line = await refused(session, sql, { mark: 'line', x: 0, y: [1], aggregate: 'none' });
      expect(line).toMatchObject({
        reason: expect.stringContaining('a bar chart compares them'),
        instead: { mark: 'bar', aggregate: 'sum' },
      });
      const text = await refused(session, sql, { mark: 'bar', x: 1, y: [0], aggregate: 'sum' });
      expect(text).toMatchObject({ reason: 'k holds no numbers: they can only be counted.', instead: { aggregate: 'count' } });
      const empty = await refused(session, 'select 1 a where false', { mark: 'histogram', x: 0, aggregate: 'count' });
      expect(empty.reason).toBe('The result has no rows: there is nothing to draw.');
      const nulls = await refused(session, 'select null::int a from range(3)', { mark: 'histogram', x: 0, aggregate: 'count' });
      expect(nulls.reason).toBe('Every value of a is NULL: there is nothing to draw. Choose another column.');
      const nan = await refused(session, "select 'nan'::double a, 1 b", { mark: 'scatter', x: 0, y: [1], aggregate: 'none' });
      expect(nan.reason).toContain('NULL, NaN or infinite');
      const noValue = await refused(session, "select 'k' k, null::int v", { mark: 'bar', x: 0, y: [1], aggregate: 'sum' });
      expect(noValue.reason).toContain('every value is NULL');
      await expect(chartOf(session, sql, { mark: 'bar', x: 7, aggregate: 'count' })).rejects.toMatchObject({ code: 'sql' });
    });
  });
});

describe('a chart', () => {
  it('has panels and series of their own categories', async () => {
    await withSession(async (session) => {
      const sql = "select 'r' || range % 3 r, 'c' || range % 2 c, date '2024-01-01' + (range % 10)::int d, range n from range(600)";
      const chart = await drawn(session, sql, { mark: 'area', x: 2, y: [3], color: 1, facet: 0, aggregate: 'avg' });
      expect(chart.axes.facet?.labels).toEqual(['r0', 'r1', 'r2']);
      expect(chart.axes.color?.labels).toEqual(['c0', 'c1']);
      expect(chart.rows).toHaveLength(30);
    });
  });

  it('draws the rows of a view, and hostile names as text', async () => {
    await withSession(async (session) => {
      const name = '<img src=x onerror=alert(1)>."]\'; drop table';
      const result = await session.run(`select range % 2 as "${name.replaceAll('"', '""')}", range n, 'a' || range from range(10)`);
      const view = await result.view({ filters: [{ column: 1, op: 'less', values: [4] }], sort: [{ column: 1, descending: true }] });
      const chart = await result.chart({ mark: 'bar', x: 0, y: [1], aggregate: 'sum' }, { view });
      expect(chart).toMatchObject({ kind: 'drawn', rowCount: 4, axes: { x: { title: name, labels: ['0', '1'] } } });
      const rows = await result.chart({ mark: 'bar', x: 2, y: [1], aggregate: 'none' }, { view });
      expect(rows).toMatchObject({ axes: { x: { labels: ['a3', 'a2', 'a1', 'a0'] } } });
      const points = await result.chart({ mark: 'scatter', x: 0, y: [1], aggregate: 'none' }, { view });
      expect(points).toMatchObject({
        rows: [
          [1, 3],
          [0, 2],
          [1, 1],
          [0, 0],
        ],
      });
      view.release();
      result.release();
    });
  });

  it('of every type of column is drawn, counted or refused', async () => {
    await withSession(async (session) => {
      const sql = `select true b, 'x'::enum('x','y') e, uuid() u, [1, 2] l, {'a': 1} s, map {'k': 1} m, interval 1 day i, 'ab'::blob bl, 1::uhugeint h,
        time '10:00' t, timestamp_ns '2024-01-01' ns, timestamp_s '2024-01-01' ts, timestamptz '2024-01-01' tz, 1.5::decimal(9,2) d, '101'::bit bi from range(3)`;
      const result = await session.run(sql);
      for (const x of result.columns.keys()) {
        for (const mark of ['bar', 'heatmap'] as const) {
          expect((await result.chart({ mark, x, y: [0], aggregate: 'count' })).kind, `${mark} ${result.columns[x]?.type}`).toBe('drawn');
        }
        for (const mark of ['line', 'area', 'scatter', 'histogram', 'box', 'pie'] as const) {
          for (const aggregate of ['none', 'sum', 'median', 'max'] as const)
            await result.chart({ mark, x, y: [13], color: 1, facet: 0, aggregate });
        }
      }
      result.release();
    });
  });

  it('is cancelled', async () => {
    await withSession(async (session) => {
      const result = await session.run('select hash(range)::varchar k, range n from range(3000000)');
      const abort = new AbortController();
      const chart = result.chart({ mark: 'bar', x: 0, y: [1], aggregate: 'median' }, { signal: abort.signal });
      setTimeout(() => abort.abort(), 100);
      await expect(chart).rejects.toMatchObject({ code: 'cancelled' });
      result.release();
      await expect(result.chart({ mark: 'bar', x: 0, aggregate: 'count' })).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
});
