// Cells of a notebook run by `session.runCells`, against the same cells one after the other, on the same session.
import { openEngine } from '../dist/engine/engine.js';
import { interleave, median, ms } from './measure.mjs';

const SET_UP = `create table big as select range as i, range % 1000 as g, hash(range) as h from range(3000000);
  create table kept (i bigint);
  ${Array.from({ length: 16 }, (_, n) => `create table t${n} as select range as i, hash(range + ${n}) as h, 'name ' || range % 500 as name from range(100000);`).join('\n')}`;

// One row group each: DuckDB runs `short` on one thread, and `distinct` in part on several even alone.
const short = (n) =>
  `select name, count(*), sum(h % 1000), max(md5(name)) from t${n} where regexp_matches(name, '[0-4]$') group by name order by name`;
const distinct = (n) =>
  `select name, count(*), sum(h % 1000), count(distinct h % 100) from t${n} where regexp_matches(name, '[0-4]$') group by name order by name`;
const long = (n) => `select g, count(*), sum(i * ${n + 1}), max(h) from big group by g order by g`;

const MIXES = {
  '16 short reads of their own tables': Array.from({ length: 16 }, (_, n) => short(n)),
  '16 short reads with distinct counts': Array.from({ length: 16 }, (_, n) => distinct(n)),
  '16 × `select 1`': Array.from({ length: 16 }, () => 'select 1'),
  '1 short read': [short(0)],
  '2 × `select 1`': ['select 1', 'select 2'],
  '4 long reads': Array.from({ length: 4 }, (_, n) => long(n)),
  '2 long reads, 8 short ones': [long(0), long(1), ...Array.from({ length: 8 }, (_, n) => short(n))],
  'writes between reads': Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? `insert into kept values (${n})` : short(n))),
  'a table made, then 6 reads of it': [
    'create or replace table made as from t0',
    ...Array.from({ length: 6 }, (_, n) => `select count(distinct h % ${n + 7}) from made`),
  ],
};

export async function runAll() {
  const lines = [
    '| cells | one by one, median (min) ms | `runCells`, median (min) ms | speed-up of medians | of minima |',
    '| --- | --- | --- | --- | --- |',
  ];
  const engine = await openEngine({ cache: { enabled: false } });
  const session = await engine.openSession();
  await session.runAll(SET_UP);
  for (const [name, scripts] of Object.entries(MIXES)) {
    const cells = scripts.map((sql, index) => ({ id: `${index}`, sql }));
    const times = await interleave(
      {
        oneByOne: async () => {
          for (const sql of scripts) for (const result of await session.runAll(sql)) result.release();
        },
        runCells: async () => {
          for (const outcome of await session.runCells(cells)) {
            if (outcome.kind !== 'done') throw new Error(`${name}: ${outcome.reason ?? outcome.error.message}`);
            for (const result of outcome.results) result.release();
          }
        },
      },
      15,
    );
    const [one, all] = [times.oneByOne, times.runCells];
    const ratio = (of) => (of(one) / of(all)).toFixed(2);
    const least = (values) => Math.min(...values);
    lines.push(
      `| ${name} | ${ms(median(one))} (${ms(least(one))}) | ${ms(median(all))} (${ms(least(all))}) | ${ratio(median)} | ${ratio(least)} |`,
    );
  }
  await engine.close();
  return lines;
}
