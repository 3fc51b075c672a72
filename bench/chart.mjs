// Charts of a stored result of 100,000,000 rows, beside the bare GROUP BY on the same rows in a DuckDB of its own.
import { DuckDBInstance } from '@duckdb/node-api';
import { openEngine } from '../dist/engine/engine.js';
import { interleave, median, ms } from './measure.mjs';

const ROWS = 100_000_000;
const SQL = `select ['north', 'south', 'east', 'west'][1 + range % 4] as region, (range % 1000)::integer as k, (range * 7919) % 1000003 as n,
  timestamp '2024-01-01' + to_milliseconds(range * 300) as t from range(${ROWS})`;
/** Both keep all rows in memory. */
const MEMORY = 6 * 2 ** 30;
const ROUNDS = 7;

/** What is drawn, and the query that somebody would write for it. */
const CHARTS = {
  'bars: sum by text': [{ mark: 'bar', x: 0, y: [2], aggregate: 'sum' }, 'select region, sum(n) from b group by region'],
  'line: average by day': [
    { mark: 'line', x: 3, y: [2], aggregate: 'avg', unit: 'day' },
    "select date_trunc('day', t), avg(n) from b group by all",
  ],
  histogram: [{ mark: 'histogram', x: 2, aggregate: 'count' }, 'select floor(n / 50000), count(*) from b group by all'],
  'line of all rows (M4)': [
    { mark: 'line', x: 3, y: [2], aggregate: 'none' },
    'select epoch_ms(t) // 24000000, min(t), arg_min(n, t), max(t), arg_max(n, t), arg_min(t, n), min(n), arg_max(t, n), max(n) from b group by all',
  ],
  'scatter (sample of 5,000)': [
    { mark: 'scatter', x: 1, y: [2], aggregate: 'none' },
    'select k, n from b using sample reservoir(5000 rows)',
  ],
};

export async function chart() {
  const engine = await openEngine({ results: { memoryLimitBytes: MEMORY }, cache: { enabled: false } });
  const session = await engine.openSession();
  const began = performance.now();
  const result = await session.run(SQL);
  const keptMs = performance.now() - began;
  const bare = await (await DuckDBInstance.create(':memory:', { memory_limit: `${MEMORY}B` })).connect();
  await bare.run(`create table b as ${SQL}`);
  const bareIn = async (threads, sql) => {
    await bare.run(`set threads = ${threads}`);
    return await bare.runAndReadAll(sql);
  };
  const lines = [
    `| ${ROWS.toLocaleString('en-US')} rows × 4 columns | chart | bare query, 1 thread | bare query, 2 threads | chart ÷ 1 thread | chart ÷ 2 threads | marks |`,
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  const both = (values) => `${ms(median(values))} (${ms(Math.min(...values))}) ms`;
  for (const [name, [spec, sql]] of Object.entries(CHARTS)) {
    let marks = 0;
    const times = await interleave(
      {
        chart: async () => {
          const drawn = await result.chart(spec);
          if (drawn.kind !== 'drawn') throw new Error(`${name}: ${drawn.reason}`);
          marks = drawn.rows.length;
        },
        one: () => bareIn(1, sql),
        two: () => bareIn(2, sql),
      },
      ROUNDS,
    );
    const ratio = (of, other) => `${(of(times.chart) / of(times[other])).toFixed(2)}`;
    lines.push(
      `| ${name} | ${both(times.chart)} | ${both(times.one)} | ${both(times.two)} | ${ratio(median, 'one')} | ${ratio(median, 'two')} | ${marks.toLocaleString('en-US')} |`,
    );
  }
  lines.push('', `Medians of ${ROUNDS}, minima in brackets. Running the statement and keeping all its rows took ${ms(keptMs)} ms.`);
  result.release();
  await engine.close();
  return lines;
}
