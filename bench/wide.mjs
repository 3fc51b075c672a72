// Results with many columns, beside a bare DuckDB that reads all rows: how long, and for how long the server could do nothing else.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { openEngine } from '../dist/engine/engine.js';
import { median, ms } from './measure.mjs';

const SHAPES = [
  [200, 10_000],
  [20_000, 200],
  [300_000, 200],
];
const ROUNDS = 7;
/** A person looks at a result before the next one: it is packed meanwhile. */
const LOOK_MS = 1_000;

export async function wide() {
  const lines = [
    '| rows × columns | run and kept: median | max | held the thread: median | max | first page | bare DuckDB, read: median |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const [rows, columns] of SHAPES) {
    const table = `create table wide as select ${Array.from({ length: columns }, (_, index) => `range + ${index} as c${index}`)} from range(${rows})`;
    const bare = await (await DuckDBInstance.create(':memory:')).connect();
    await bare.run(table);
    const engine = await openEngine({ cache: { enabled: false } });
    const session = await engine.openSession();
    (await session.run(table)).release();
    const figures = { run: [], held: [], page: [], bare: [] };
    for (let round = 0; round < ROUNDS; round++) {
      let began = performance.now();
      await bare.runAndReadAll('from wide');
      figures.bare.push(performance.now() - began);
      const turns = monitorEventLoopDelay({ resolution: 5 });
      turns.enable();
      began = performance.now();
      const result = await session.run('from wide');
      figures.run.push(performance.now() - began);
      figures.held.push(turns.max / 1e6);
      turns.disable();
      began = performance.now();
      await result.page(0, 200);
      figures.page.push(performance.now() - began);
      await setTimeout(LOOK_MS);
      result.release();
    }
    await engine.close();
    const { run, held, page } = figures;
    const cells = [median(run), Math.max(...run), median(held), Math.max(...held), median(page), median(figures.bare)];
    lines.push(
      `| ${rows.toLocaleString('en-US')} × ${columns.toLocaleString('en-US')} | ${cells.map((time) => `${ms(time)} ms`).join(' | ')} |`,
    );
  }
  return lines;
}
