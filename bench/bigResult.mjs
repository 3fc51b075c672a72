// Ten million rows of ten columns: the first page, any page, and what stays in JavaScript.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openEngine } from '../dist/engine/engine.js';
import { median, ms, percentile } from './measure.mjs';

const COLUMNS = [
  ...Array.from({ length: 6 }, (_, index) => `range + ${index} as n${index}`),
  "'row ' || range as s0",
  "'name ' || (range % 1000) as s1",
  'range / 7.0 as d0',
  "timestamp '2024-01-01' + interval (range % 31536000) second as t0",
];
export const SQL = `select ${COLUMNS.join(', ')} from range(10000000)`;
const RUNS = 7;
/** Runs in which the stored rows are worked on, too: each takes ten seconds. */
const VIEW_RUNS = 2;

export async function bigResult() {
  const bare = await (await DuckDBInstance.create(':memory:')).connect();
  const engine = await openEngine();
  const session = await engine.openSession();
  const figures = {
    bareFirst: [],
    first: [],
    whole: [],
    page: [],
    heap: [],
    rss: [],
    sort: [],
    filter: [],
    viewPage: [],
    profile: [],
    export: [],
  };
  for (let run = 0; run < RUNS; run++) {
    figures.bareFirst.push(await bareFirstPage(bare));
    globalThis.gc?.();
    const heapBefore = process.memoryUsage().heapUsed;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }, 20);
    const began = performance.now();
    const result = await session.run(SQL, undefined, {
      onFirstRows: (first) => first.page(0, 200).then(() => figures.first.push(performance.now() - began)),
    });
    figures.whole.push(performance.now() - began);
    for (let jump = 0; jump < 40; jump++) {
      const offset = Math.floor((jump * 9_999_800) / 39);
      const asked = performance.now();
      const page = await result.page(offset, 200);
      figures.page.push(performance.now() - asked);
      if (page.length !== 200 || page[0][0] !== BigInt(offset)) throw new Error(`wrong page at ${offset}`);
    }
    clearInterval(watch);
    figures.heap.push((peak - heapBefore) / 1e6);
    figures.rss.push(process.memoryUsage().rss / 1e6);
    if (run < VIEW_RUNS) await useStored(result, figures);
    result.release();
  }
  await engine.close();
  const goal = (name, value, limit, unit) =>
    `| ${name} | ${value.toFixed(2)}${unit} | goal ≤ ${limit}${unit} | ${value <= limit ? 'met' : 'missed'} |`;
  const line = (name, values, unit) =>
    `| ${name} | ${ms(median(values))} ${unit} | ${ms(Math.min(...values))} ${unit} | ${ms(Math.max(...values))} ${unit} |`;
  return [
    '| 10,000,000 rows × 10 columns | median | min | max |',
    '| --- | --- | --- | --- |',
    line('bare DuckDB: first 200 rows', figures.bareFirst, 'ms'),
    line('Kodiak: first 200 rows', figures.first, 'ms'),
    line('Kodiak: all rows kept', figures.whole, 'ms'),
    line('Kodiak: any page of 200', figures.page, 'ms'),
    `| Kodiak: any page of 200, p99 | ${ms(percentile(figures.page, 0.99))} ms | | |`,
    line('growth of the JavaScript heap (peak)', figures.heap, 'MB'),
    line('resident memory afterwards', figures.rss, 'MB'),
    line('sorting by a text, as a view', figures.sort, 'ms'),
    line('filtering one row in ten, as a view', figures.filter, 'ms'),
    line('any page of 200 of the sorted view', figures.viewPage, 'ms'),
    line('statistics of a column', figures.profile, 'ms'),
    line('export to Parquet', figures.export, 'ms'),
    goal('first page ÷ bare DuckDB, medians', median(figures.first) / median(figures.bareFirst), 1.1, ''),
    goal('any page, p99', percentile(figures.page, 0.99), 20, ' ms'),
    goal('growth of the JavaScript heap, peak', Math.max(...figures.heap), 50, ' MB'),
  ];
}

/** What runs as SQL on the stored rows. */
async function useStored(result, figures) {
  const timed = async (values, work) => {
    const began = performance.now();
    const done = await work();
    values.push(performance.now() - began);
    return done;
  };
  const sorted = await timed(figures.sort, () => result.view({ sort: [{ column: 6, descending: true }] }));
  for (let jump = 0; jump < 5; jump++) await timed(figures.viewPage, () => sorted.page(Math.floor((jump * 9_999_800) / 4), 200));
  sorted.release();
  const filtered = await timed(figures.filter, () => result.view({ filters: [{ column: 7, op: 'endsWith', values: ['7'] }] }));
  if (filtered.rowCount !== 1_000_000) throw new Error(`wrong count ${filtered.rowCount}`);
  filtered.release();
  await timed(figures.profile, () => result.profile(8));
  const path = join(tmpdir(), `kodiak-bench-${process.pid}.parquet`);
  await timed(figures.export, () => result.export(path, { format: 'parquet', overwrite: true }));
  rmSync(path);
}

async function bareFirstPage(connection) {
  const began = performance.now();
  const result = await connection.stream(SQL);
  (await result.fetchChunk()).getRows().slice(0, 200);
  const elapsed = performance.now() - began;
  connection.interrupt();
  while ((await result.fetchChunk())?.rowCount > 0) connection.interrupt();
  return elapsed;
}
