// Time to the first 200 rows in JavaScript: the engine with its cache on (and empty) against bare @duckdb/node-api.
import { DuckDBInstance } from '@duckdb/node-api';
import { openEngine } from '../dist/engine/engine.js';
import { geometricMean, interleave, median, ms } from './measure.mjs';

const SET_UP = `
  create table orders as select range id, range % 5000 customer, (range * 7919) % 200 product, (range % 17) + 1 quantity,
    ((range * 31) % 10000) / 100 price, timestamp '2024-01-01' + interval (range % 63072000) second placed from range(10000000);
  create table customers as select range id, 'customer ' || range as name, range % 40 as country from range(5000);`;

const QUERIES = {
  'one number': 'select count(*) from orders where quantity = 3',
  'sum by group': 'select product, sum(quantity * price) from orders group by product order by 2 desc',
  join: 'select country, sum(price) from orders join customers on customers.id = customer group by country order by country',
  'months, moving average':
    "select m, n, avg(n) over (order by m rows 2 preceding) from (select date_trunc('month', placed) m, count(*) n from orders group by m) order by m",
  'distinct counts': 'select product, count(distinct customer) from orders group by product',
  'top 1,000': 'select * from orders order by price desc, id limit 1000',
  'ranked within groups': 'select * from orders qualify row_number() over (partition by product order by price desc, id) <= 3',
  'all 10,000,000 rows': 'select * from orders',
};

export async function coldRun() {
  const bare = await (await DuckDBInstance.create(':memory:')).connect();
  await bare.run(SET_UP);
  const engine = await openEngine();
  const session = await engine.openSession();
  await session.run(SET_UP);
  const lines = [
    '| query | bare median (min) ms | Kodiak median (min) ms | ratio of medians | ratio of minima |',
    '| --- | --- | --- | --- | --- |',
  ];
  const ratios = { median: [], min: [] };
  for (const [name, sql] of Object.entries(QUERIES)) {
    const times = await interleave({
      bare: async () => {
        const result = await bare.stream(sql);
        const chunk = await result.fetchChunk();
        chunk.getRows().slice(0, 200);
        bare.interrupt();
        while ((await result.fetchChunk())?.rowCount > 0) bare.interrupt();
      },
      kodiak: () => firstPage(engine, session, sql),
    });
    const medians = { bare: median(times.bare), kodiak: median(times.kodiak) };
    const minima = { bare: Math.min(...times.bare), kodiak: Math.min(...times.kodiak) };
    ratios.median.push(medians.kodiak / medians.bare);
    ratios.min.push(minima.kodiak / minima.bare);
    lines.push(
      `| ${name} | ${ms(medians.bare)} (${ms(minima.bare)}) | ${ms(medians.kodiak)} (${ms(minima.kodiak)}) | ${ratios.median.at(-1).toFixed(2)} | ${ratios.min.at(-1).toFixed(2)} |`,
    );
  }
  lines.push(`| **geometric mean** | | | **${geometricMean(ratios.median).toFixed(3)}** | **${geometricMean(ratios.min).toFixed(3)}** |`);
  lines.push('', await fixedCost(bare, engine, session));
  await engine.close();
  return lines;
}

/** Ends when the first rows are in JavaScript; the rest of the query is then cancelled, as it is for the bare connection. */
async function firstPage(engine, session, sql) {
  engine.clearCache();
  const abort = new AbortController();
  let page;
  const options = {
    signal: abort.signal,
    onFirstRows: (result) => {
      page = result.page(0, 200).then(() => abort.abort());
    },
  };
  try {
    const result = await session.run(sql, undefined, options);
    await (page ?? result.page(0, 200));
    result.release();
  } catch (error) {
    if (error.code !== 'cancelled') throw error;
  }
}

/** What a statement costs beside its query: shown by one that does next to nothing. */
async function fixedCost(bare, engine, session) {
  const sql = 'select 42';
  const times = await interleave(
    {
      bare: async () => {
        const result = await bare.stream(sql);
        (await result.fetchChunk()).getRows();
        await result.fetchChunk();
      },
      kodiak: () => firstPage(engine, session, sql),
    },
    51,
  );
  return `Fixed cost of a statement, by \`${sql}\`: bare ${ms(median(times.bare))} ms, Kodiak ${ms(median(times.kodiak))} ms (medians of 51).`;
}
