// The same ten million rows through the language server, as a notebook or a REPL sees them: over stdio, in a process of its own.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { SQL } from './bigResult.mjs';
import { median, ms, percentile } from './measure.mjs';

const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)('vscode-languageserver/node');
const RUNS = 7;

export async function serverResult() {
  const child = spawn(process.execPath, ['dist/server/main.js', '--stdio'], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const opened = new Map();
  server.onNotification('kodiak/resultOpened', ({ runId, result }) => opened.get(runId)?.(result));
  server.listen();
  await server.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await server.sendNotification('initialized', {});
  await run('select 42');
  const heapBefore = (await stats()).heapUsedBytes;
  const figures = { first: [], whole: [], page: [], heap: [], cancel: [] };
  for (let round = 0; round < RUNS; round++) {
    let peak = 0;
    const watch = setInterval(async () => {
      peak = Math.max(peak, (await stats()).heapUsedBytes);
    }, 100);
    const began = performance.now();
    const answer = await run(SQL, (result) => {
      figures.first.push(performance.now() - began);
      if (result.preview.length !== 200) throw new Error('no preview');
    });
    figures.whole.push(performance.now() - began);
    const [{ result }] = answer.statements;
    for (let jump = 0; jump < 40; jump++) {
      const offset = Math.floor((jump * 9_999_800) / 39);
      const asked = performance.now();
      const page = await server.sendRequest('kodiak/fetchPage', { resultId: result.resultId, offset, limit: 200 });
      figures.page.push(performance.now() - asked);
      if (page.rows.length !== 200 || page.rows[0][0] !== offset) throw new Error(`wrong page at ${offset}`);
    }
    clearInterval(watch);
    figures.heap.push((peak - heapBefore) / 1e6);
    await server.sendRequest('kodiak/releaseResult', { resultId: result.resultId });
    figures.cancel.push(await cancelLongQuery());
  }
  await server.sendRequest('shutdown');
  await server.sendNotification('exit');
  server.dispose();
  const line = (name, values, unit) =>
    `| ${name} | ${ms(median(values))} ${unit} | ${ms(Math.min(...values))} ${unit} | ${ms(Math.max(...values))} ${unit} |`;
  return [
    '| through the server, over stdio | median | min | max |',
    '| --- | --- | --- | --- |',
    line('first 200 rows', figures.first, 'ms'),
    line('all rows kept', figures.whole, 'ms'),
    line('any page of 200', figures.page, 'ms'),
    `| any page of 200, p99 (goal ≤ 20 ms) | ${ms(percentile(figures.page, 0.99))} ms | | |`,
    line('growth of the server’s JavaScript heap (peak of samples)', figures.heap, 'MB'),
    line('cancel of a running query', figures.cancel, 'ms'),
  ];

  async function run(sql, onOpened) {
    const runId = `bench-${performance.now()}`;
    if (onOpened) opened.set(runId, onOpened);
    const answer = await server.sendRequest('kodiak/runQuery', { runId, sessionId: 'bench', sql });
    opened.delete(runId);
    if (answer.failure && onOpened) throw new Error(answer.failure.message);
    return answer;
  }

  async function stats() {
    return (await server.sendRequest('kodiak/readStats', null)).memory;
  }

  async function cancelLongQuery() {
    const running = server.sendRequest('kodiak/runQuery', {
      runId: 'long',
      sessionId: 'bench',
      sql: 'select count(*) from range(100000000000)',
    });
    while ((await server.sendRequest('kodiak/readStats', null)).parallel.running === 0);
    const began = performance.now();
    await server.sendRequest('kodiak/cancelQuery', { runId: 'long' });
    const { failure } = await running;
    if (failure?.code !== 'cancelled') throw new Error('the query was not cancelled');
    return performance.now() - began;
  }
}
