// What a proved answer costs instead of a run: in the engine, and from client to server and back over stdio.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { openEngine } from '../dist/engine/engine.js';
import { geometricMean, median, ms, percentile } from './measure.mjs';
import { QUERIES, SCHEMA } from './tpch/readQueries.mjs';

const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)('vscode-languageserver/node');
const RUNS = 7;
const HITS = 101;

export async function provedHit() {
  const lines = [
    '| query | run ms, engine | proved ms, engine | times faster | run ms, through the server | proved ms, through the server | times faster |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  const engine = await engineClient();
  const server = await serverClient();
  const ratios = { engine: [], server: [] };
  const hits = { engine: [], server: [] };
  for (const client of [engine, server]) await client.run(SCHEMA);
  for (const [name, sql] of Object.entries(QUERIES)) {
    const cells = [];
    for (const [where, client] of Object.entries({ engine, server })) {
      const times = await measure(client, sql);
      ratios[where].push(median(times.run) / median(times.proved));
      hits[where].push(...times.proved);
      cells.push(ms(median(times.run)), ms(median(times.proved)), ratios[where].at(-1).toFixed(0));
    }
    lines.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  lines.push(
    `| **geometric mean** | | | **${geometricMean(ratios.engine).toFixed(0)}** | | | **${geometricMean(ratios.server).toFixed(0)}** |`,
  );
  const spread = (values) => `median ${ms(median(values))} ms, p99 ${ms(percentile(values, 0.99))} ms`;
  lines.push('', `A proved answer with its first rows: ${spread(hits.engine)} in the engine, ${spread(hits.server)} through the server.`);
  await engine.close();
  await server.close();
  return lines;
}

async function measure(client, sql) {
  const times = { run: [], proved: [] };
  for (let round = 0; round < RUNS; round++) {
    await client.clear();
    times.run.push(await timed(client, sql, 'run'));
  }
  // The first look-up plans the query, the second may know that it need not.
  await client.run(sql);
  for (let hit = 0; hit < HITS; hit++) times.proved.push(await timed(client, sql, 'proved'));
  return times;
}

async function timed(client, sql, expected) {
  const began = performance.now();
  const kind = await client.run(sql);
  const elapsed = performance.now() - began;
  if (kind !== expected) throw new Error(`${kind} instead of ${expected}: ${sql}`);
  return elapsed;
}

async function engineClient() {
  const engine = await openEngine();
  const session = await engine.openSession();
  return {
    run: async (sql) => {
      const result = await session.run(sql);
      await result.page(0, 200);
      result.release();
      return result.provenance.kind;
    },
    clear: async () => engine.clearCache(),
    close: () => engine.close(),
  };
}

async function serverClient() {
  const child = spawn(process.execPath, ['dist/server/main.js', '--stdio'], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  server.listen();
  await server.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  await server.sendNotification('initialized', {});
  let runs = 0;
  return {
    run: async (sql) => {
      const answer = await server.sendRequest('kodiak/runQuery', { runId: `run ${runs++}`, sessionId: 'bench', sql });
      if (answer.failure) throw new Error(answer.failure.message);
      const { result } = answer.statements.at(-1);
      for (const statement of answer.statements) server.sendRequest('kodiak/releaseResult', { resultId: statement.result.resultId });
      return result.provenance.kind;
    },
    clear: () => server.sendRequest('kodiak/clearCache', null),
    close: async () => {
      await server.sendRequest('shutdown');
      await server.sendNotification('exit');
      server.dispose();
    },
  };
}
