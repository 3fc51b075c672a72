// What it costs a run that its result is kept on disk: the same cells through two servers, one that keeps and one that does not.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleave, median, ms, percentile } from './measure.mjs';

const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)('vscode-languageserver/node');

const SCRIPTS = {
  'ten small queries, one after the other': Array.from(
    { length: 10 },
    (_, index) => `SELECT range AS i, range * ${index} AS j FROM range(500)`,
  ),
  'a result of 1,000,000 rows × 3': ["SELECT range AS i, hash(range) AS h, 'row ' || range AS s FROM range(1000000)"],
  'ten results of 100,000 rows, one after the other': Array.from(
    { length: 10 },
    (_, index) => `SELECT range AS i, hash(range + ${index}) AS h FROM range(100000)`,
  ),
};
const ROUNDS = 9;

export async function keeping() {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-bench-'));
  const servers = { 'not kept': await start(undefined), kept: await start(folder) };
  const lines = [
    '| from the request to the answer | not kept, median | kept, median | not kept, p90 | kept, p90 |',
    '| --- | --- | --- | --- | --- |',
  ];
  try {
    for (const [name, cells] of Object.entries(SCRIPTS)) {
      const contenders = Object.fromEntries(
        Object.entries(servers).map(([contender, server]) => [contender, () => runCells(server, cells)]),
      );
      const times = await interleave(contenders, ROUNDS);
      const both = (figure) => Object.values(times).map((values) => `${ms(figure(values))} ms`);
      lines.push(`| ${name} | ${[...both(median), ...both((values) => percentile(values, 0.9))].join(' | ')} |`);
      await settled(folder);
    }
    const files = readdirSync(join(folder, 'rows')).map((file) => statSync(join(folder, 'rows', file)).size);
    lines.push('', `Kept at the end: ${files.length} files of rows, ${ms(files.reduce((sum, size) => sum + size, 0) / 1e6)} MB.`);
  } finally {
    for (const server of Object.values(servers)) server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return lines;
}

async function start(archiveFolder) {
  const child = spawn(process.execPath, ['dist/server/main.js', '--stdio'], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    // Every run computes its rows anew.
    initializationOptions: { cacheEnabled: false, ...(archiveFolder && { archiveFolder }) },
  });
  await connection.sendNotification('initialized', {});
  return { connection, shown: new Map(), stop: () => child.kill() };
}

/** As a notebook does: the results that a cell showed before are given back, the new ones are to be kept. */
async function runCells({ connection, shown }, cells) {
  for (const [index, sql] of cells.entries()) {
    const runId = `bench-${index}-${performance.now()}`;
    const outcome = await connection.sendRequest('kodiak/runQuery', { runId, sessionId: 'file:///bench.sql', sql, pinned: true });
    if (outcome.failure) throw new Error(outcome.failure.message);
    const [{ result }] = outcome.statements;
    const before = shown.get(sql);
    shown.set(sql, result.resultId);
    if (before !== undefined) await connection.sendRequest('kodiak/releaseResult', { resultId: before });
    const statements = outcome.statements.map((statement) => ({ ...statement, result: { ...statement.result, preview: [] } }));
    const kept = { notebook: 'file:///bench.sql', sql, occurrence: 0, ranAt: Date.now(), outcome: { ...outcome, statements } };
    connection.sendRequest('kodiak/keepResults', kept).catch(() => undefined);
  }
}

/** Waits until nothing is written any more. */
async function settled(folder) {
  let before = '';
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const cells = join(folder, 'cells');
    const now = existsSync(cells)
      ? readdirSync(cells)
          .map((name) => `${name} ${statSync(join(cells, name)).ino}`)
          .join()
      : '';
    if (now !== '' && now === before) return;
    before = now;
  }
}
