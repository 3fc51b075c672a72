// Time to the first 200 rows in JavaScript over tables in the manner of TPC-H: the engine with its cache on (and empty) against bare @duckdb/node-api.
import { DuckDBInstance } from '@duckdb/node-api';
import { openEngine } from '../dist/engine/engine.js';
import { geometricMean, interleave, median, ms } from './measure.mjs';
import { QUERIES, SCHEMA } from './tpch/readQueries.mjs';

export async function coldRun() {
  const bare = await (await DuckDBInstance.create(':memory:')).connect();
  await bare.run(SCHEMA);
  const engine = await openEngine();
  const session = await engine.openSession();
  await session.run(SCHEMA);
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
