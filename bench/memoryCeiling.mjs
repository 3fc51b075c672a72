// The real server under a ceiling of 1 GiB, against six queries that are built to break it. Its size is read from outside.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { percentile } from './measure.mjs';

const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)('vscode-languageserver/node');

const CEILING_MEGABYTES = 1024;
const SAMPLE_MS = 20;
const ASK_MS = 50;
const IDLE_MS = 5_000;
const PAGE_BYTES = 4096;

const wide = (rows) =>
  `select i, md5(i::varchar) a, md5((i + 1)::varchar) || md5((i + 2)::varchar) || md5((i + 3)::varchar) b, repeat(chr((65 + i % 26)::int), 60) c from range(${rows}) t(i)`;

/** Name → statement. */
export const HOSTILE = {
  'GROUP BY with list() and string_agg over 5e7 rows':
    "select k, list(v) l, string_agg(v::varchar, ',') s from (select (i * 7919) % 1000000 k, i v from range(50000000) t(i)) group by k",
  'sort of 6e6 rows of 210 bytes, all kept': `select * from (${wide(6_000_000)}) order by a`,
  'hash join, 2e7 rows on the build side':
    'select count(*), max(a.p), max(b.p) from (select i k, md5(i::varchar) p from range(20000000) t(i)) a join (select (i * 31) % 20000000 k, md5((i + 5)::varchar) p from range(20000000) t(i)) b using (k)',
  'count distinct over 2e7 values, three times':
    'select count(distinct md5(i::varchar)), count(distinct i), count(distinct hash(i)) from range(20000000) t(i)',
  'three windows over 8e6 rows':
    'select max(r), max(s), max(l) from (select row_number() over (order by md5(i::varchar)) r, sum(i) over (order by hash(i) rows between 100 preceding and 100 following) s, lag(m) over (order by i desc) l from (select i, md5(i::varchar) m from range(8000000) t(i)))',
  'result of 2e7 rows × 10 columns, kept':
    'select i a, i * 2 b, i % 1000 c, hash(i) d, i / 3 e, (i % 7)::int f, i::double * 1.5 g, (i % 100000)::varchar h, i + 5 k, (i * 31) % 1000003 l from range(20000000) t(i)',
};

export async function memoryCeiling() {
  const lines = [
    `| under a ceiling of ${CEILING_MEGABYTES} MiB | outcome | time | peak of the process | other requests: p50 / p99 / max | 5 s after, result released |`,
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const [name, sql] of Object.entries(HOSTILE)) lines.push(await measure(name, sql));
  return lines;
}

async function measure(name, sql) {
  const child = spawn(process.execPath, ['dist/server/main.js', '--stdio'], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  server.onNotification('window/logMessage', ({ message }) => {
    if (process.env.KODIAK_BENCH_LOG) console.error(message);
  });
  server.listen();
  await server.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions: { memoryCeilingMegabytes: CEILING_MEGABYTES },
  });
  await server.sendNotification('initialized', {});
  await run('other', 'select 1');
  const start = residentMegabytes(child.pid);
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(child.pid));
  }, SAMPLE_MS);
  const waits = [];
  const state = { running: true };
  const asking = askAround(waits, state);
  const began = performance.now();
  const answer = await run('hostile', sql);
  const took = performance.now() - began;
  state.running = false;
  await asking;
  const outcome = answer.failure
    ? `\`${answer.failure.code}\` (${answer.failure.setting ?? answer.failure.message})`
    : `${answer.statements[0].result.rowCount} rows`;
  for (const { result } of answer.statements) await server.sendRequest('kodiak/releaseResult', { resultId: result.resultId });
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const after = residentMegabytes(child.pid);
  clearInterval(sampler);
  await server.sendRequest('shutdown');
  await server.sendNotification('exit');
  server.dispose();
  const late = waits.map((wait) => Math.round(wait));
  const waited = `${percentile(late, 0.5)} / ${percentile(late, 0.99)} / ${Math.max(...late)} ms of ${late.length}`;
  const seconds = (took / 1000).toFixed(1);
  return `| ${name} | ${outcome} | ${seconds} s | ${Math.round(peak)} MiB | ${waited} | start ${Math.round(start)} + ${Math.round(after - start)} MiB |`;

  function run(sessionId, statement) {
    return server.sendRequest('kodiak/runQuery', { runId: `${performance.now()}`, sessionId, sql: statement });
  }

  /** In turn a query of another session and the figures. */
  async function askAround(times, while_) {
    for (let turn = 0; while_.running; turn++) {
      const asked = performance.now();
      if (turn % 2 === 0) await run('other', `select ${turn}`);
      else await server.sendRequest('kodiak/readStats', null);
      times.push(performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
  }
}

function residentMegabytes(pid) {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / 2 ** 20;
}
