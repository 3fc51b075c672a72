// A short statement while six long ones run, and what that costs the long ones, against the same on bare @duckdb/node-api.
import { DuckDBInstance } from '@duckdb/node-api';
import { openEngine } from '../dist/engine/engine.js';
import { median, ms, percentile } from './measure.mjs';

const SET_UP = 'create table t as select range as i, range % 1000 as g, hash(range) as h from range(4000000)';
const LONG = 'select g, count(distinct h), sum(i * 2), max(h) from t group by g order by g';
const LONG_STATEMENTS = 6;
const CROWD = 16;
const ROUNDS = 7;
const PAUSE_MS = 10;

export async function fairness() {
  const instance = await DuckDBInstance.create(':memory:');
  const connections = await Promise.all(Array.from({ length: LONG_STATEMENTS }, () => instance.connect()));
  await connections[0].run(SET_UP);
  const engine = await openEngine({ cache: { enabled: false }, pool: { maxConnections: CROWD + 2 } });
  const sessions = await Promise.all(Array.from({ length: CROWD }, () => engine.openSession()));
  const reader = await engine.openSession();
  await sessions[0].run(SET_UP);
  const shortKodiak = async () => (await reader.run('select 1')).release();
  const runLong = (count) => () => Promise.all(sessions.slice(0, count).map(async (session) => (await session.run(LONG)).release()));

  const times = { bare: [], kodiak: [], besideShort: [] };
  const six = [];
  const bareSix = [];
  const bareReader = await instance.connect();
  const shortBare = async () => (await bareReader.stream('select 1')).getRows();
  const bareLong = () => Promise.all(connections.map(async (connection) => (await connection.stream(LONG)).getRows()));
  for (let round = 0; round < ROUNDS; round++) {
    times.bare.push(await timed(bareLong));
    await shortBeside(shortBare, bareLong, bareSix);
    times.kodiak.push(await timed(runLong(LONG_STATEMENTS)));
    times.besideShort.push(await timed(() => shortBeside(shortKodiak, runLong(LONG_STATEMENTS), six)));
  }
  const crowded = [];
  for (let round = 0; round < 3; round++) await shortBeside(shortKodiak, runLong(CROWD), crowded);
  const { shortSlots, maxRunning, peakRunning } = engine.stats().parallel;
  await engine.close();
  const ratio = (name) => (median(times[name]) / median(times.bare)).toFixed(2);
  const least = (name) => (Math.min(...times[name]) / Math.min(...times.bare)).toFixed(2);
  const short = (latencies) =>
    `${ms(median(latencies))} | ${ms(percentile(latencies, 0.99))} | ${ms(Math.max(...latencies))} | ${latencies.length}`;
  return [
    '| `select 1` beside | median ms | 99th percentile ms | longest ms | statements |',
    '| --- | --- | --- | --- | --- |',
    `| ${LONG_STATEMENTS} long statements, all on bare DuckDB | ${short(bareSix)} |`,
    `| ${LONG_STATEMENTS} long statements | ${short(six)} |`,
    `| ${CROWD} long statements, of which ${maxRunning} to ${maxRunning + shortSlots - 1} run at a time | ${short(crowded)} |`,
    '',
    `| ${LONG_STATEMENTS} long statements at the same time | median (min) ms | ratio of medians | ratio of minima |`,
    '| --- | --- | --- | --- |',
    `| bare | ${ms(median(times.bare))} (${ms(Math.min(...times.bare))}) | | |`,
    `| Kodiak | ${ms(median(times.kodiak))} (${ms(Math.min(...times.kodiak))}) | ${ratio('kodiak')} | ${least('kodiak')} |`,
    `| Kodiak, beside short ones | ${ms(median(times.besideShort))} (${ms(Math.min(...times.besideShort))}) | ${ratio('besideShort')} | ${least('besideShort')} |`,
    '',
    `At most ${peakRunning} statements ran at a time.`,
  ];
}

async function shortBeside(runShort, runLong, latencies) {
  let ended = false;
  const long = runLong().finally(() => {
    ended = true;
  });
  while (!ended) {
    latencies.push(await timed(runShort));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await long;
}

async function timed(run) {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
