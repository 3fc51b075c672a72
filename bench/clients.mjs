// A hundred terminals at one server, and one more that has stopped reading: nothing may be lost, nobody may wait for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { machine, ms, percentile } from './measure.mjs';

const { createMessageConnection, SocketMessageReader, SocketMessageWriter } = createRequire(import.meta.url)('vscode-languageserver/node');

const CLIENTS = 100;
const EACH = 100;
/** Statements per second of all clients together: each types one in about two thirds of a second. */
const PER_SECOND = 150;

export async function clients() {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-clients-'));
  process.env.KODIAK_RUNTIME_DIR = join(folder, 'run');
  const server = spawn(process.execPath, ['dist/server/main.js', '--socket-only', '--database', join(folder, 'x.duckdb')], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const files = await filesOf(join(folder, 'run'));
    const first = await attach(files);
    await run(first, 'set-up', 'create table said(client int, number int)');
    const attached = await Promise.all(Array.from({ length: CLIENTS }, () => attach(files)));
    const before = await rss(first);
    const calm = await play(attached, first, 'calm', PER_SECOND);
    await stopReading(files, first);
    const paced = await play(attached, first, 'paced', PER_SECOND);
    const flat = await play(attached, first, 'flat', Number.POSITIVE_INFINITY);
    const [[rows, distinct]] = (await run(first, 'check', 'select count(*)::int, count(distinct (client, number))::int from said')).preview;
    // It does not read that it is gone: the server knows.
    const isGone = (await first.sendRequest('kodiak/readAttached', null)).clients.length === attached.length + 1;
    const phases = [calm, paced, flat];
    const sum = (name) => phases.reduce((all, figures) => all + figures[name], 0);
    const lost = sum('written') - distinct;
    const lines = [
      `| ${CLIENTS} clients, ${CLIENTS * EACH} statements, 10 connections | \`select 1\`: median | p99 | longest | statements/s | server's memory at most |`,
      '| --- | --- | --- | --- | --- | --- |',
      row(`${PER_SECOND} statements/s`, calm),
      row(`${PER_SECOND} statements/s, and one client that does not read`, paced),
      row('as fast as they are answered, and one client that does not read', flat),
      '',
      `Rows lost or written twice: ${lost + (rows - distinct)}. Statements refused, as no connection became free within 10 s: ${sum('failures')}. Memory before: ${mebibytes(before)}. ` +
        `The client that does not read was ${isGone ? 'disconnected' : 'kept waiting'}.`,
    ];
    return lines;
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each client says every tenth time that it is there, and asks `select 1` else. */
async function play(attached, watcher, name, perSecond) {
  const began = performance.now();
  const figures = { ones: [], failures: 0, written: 0, peak: 0, seconds: 0 };
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      figures.peak = Math.max(figures.peak, await rss(watcher));
      await delay(200);
    }
  })();
  await Promise.all(
    attached.map(async (client, at) => {
      for (let number = 0; number < EACH; number++) {
        const due = began + ((number + at / CLIENTS) * CLIENTS * 1000) / perSecond;
        if (due > performance.now()) await delay(due - performance.now());
        const writes = number % 10 === 9;
        const asked = performance.now();
        const { failure, preview } = await run(
          client,
          `s${at}`,
          writes ? `insert into said values (${at}, ${number} + hash('${name}') % 1000000 * 1000)` : 'select 1',
        );
        if (!writes) figures.ones.push(performance.now() - asked);
        else if (!failure) figures.written++;
        if (failure || (!writes && preview[0][0] !== 1)) {
          figures.failures++;
          if (figures.failures < 3) console.error(failure);
        }
      }
    }),
  );
  figures.seconds = (performance.now() - began) / 1000;
  isOver = true;
  await watching;
  return figures;
}

/** Asks for a hundred large pages and reads none of them. */
async function stopReading(files, first) {
  const wide = "select repeat('x', 1000) as a, range from range(100000)";
  await run(first, 'wide', wide);
  const hostile = await attach(files);
  const answer = await hostile.sendRequest('kodiak/runQuery', { runId: 'hostile', sessionId: 'hostile', sql: wide });
  hostile.socket.pause();
  const { resultId } = answer.statements[0].result;
  for (let page = 0; page < 1000; page++) {
    const text = JSON.stringify({
      jsonrpc: '2.0',
      id: 1000 + page,
      method: 'kodiak/fetchPage',
      params: { resultId, offset: page * 50, limit: 2000 },
    });
    hostile.socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }
  await delay(1_000);
}

let runs = 0;
async function run(client, sessionId, sql) {
  const answer = await client.sendRequest('kodiak/runQuery', { runId: `bench ${++runs}`, sessionId, sql });
  for (const { result } of answer.statements) client.sendRequest('kodiak/releaseResult', { resultId: result.resultId }).catch(() => {});
  return { failure: answer.failure, preview: answer.statements.at(-1)?.result.preview };
}

async function rss(client) {
  return (await client.sendRequest('kodiak/readAttached', null)).rssBytes;
}

async function filesOf(folder) {
  const { readdirSync } = await import('node:fs');
  for (;;) {
    const token = existsSync(folder) && readdirSync(folder).find((name) => name.endsWith('.token'));
    if (token) return { tokenFile: join(folder, token), socketFile: join(folder, token.replace('.token', '.sock')) };
    await delay(20);
  }
}

async function attach({ socketFile, tokenFile }) {
  const socket = connect(socketFile);
  await once(socket, 'connect');
  socket.on('error', () => {});
  const client = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  client.onError(() => {});
  client.listen();
  const { accepted, reason } = await client.sendRequest('kodiak/authenticate', {
    token: readFileSync(tokenFile, 'utf8'),
    client: { kind: 'terminal', pid: process.pid },
  });
  if (!accepted) throw new Error(reason);
  return Object.assign(client, { socket });
}

function row(name, { ones, peak, seconds }) {
  const rate = Math.round((CLIENTS * EACH) / seconds);
  return `| ${name} | ${ms(percentile(ones, 0.5))} ms | ${ms(percentile(ones, 0.99))} ms | ${ms(Math.max(...ones))} ms | ${rate} | ${mebibytes(peak)} |`;
}

const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;

if (process.argv[1]?.endsWith('clients.mjs')) {
  console.log(`## ${machine()}\n`);
  console.log((await clients()).join('\n'));
}
