// What starting costs: `kodiak -c "select 1"` against DuckDB in the same process model, a Node script that opens it in a child process, and
// the time to the first prompt in a terminal. Alone: `node -e "import('./bench/startup.mjs').then(async (b) => console.log((await b.startup()).join('\n')))"`
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interleave, median, ms } from './measure.mjs';

const ROUNDS = 11;
const PROGRAM = 'dist/client/terminal/main.js';
const PROMPT = /kodiak[^\n]*> ?/;

export async function startup() {
  const api = createRequire(import.meta.url).resolve('@duckdb/node-api');
  // As little as gives the answer.
  const bare = `const { DuckDBInstance } = require(${JSON.stringify(api)});
    (async () => {
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll('select 1');
      process.stdout.write(JSON.stringify(reader.getRows()));
      process.exit(0);
    })();`;
  const parent = `const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(bare)}], { stdio: ['ignore', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.on('data', (data) => { answer += data; });
    child.on('close', () => { console.log(answer); process.exit(0); });`;
  const runtime = mkdtempSync(join(tmpdir(), 'kodiak-startup-'));
  const env = { ...process.env, KODIAK_RUNTIME_DIR: runtime, KODIAK_STATEMENT_HISTORY: 'off', NO_COLOR: '1' };
  const run = (args) => () => {
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  // Without the way out of the prompt.
  const prompts = [];
  try {
    const times = await interleave(
      {
        node: run(['-e', '0']),
        version: run([PROGRAM, '--version']),
        oneProcess: run(['-e', bare]),
        childProcess: run(['-e', parent]),
        kodiak: run([PROGRAM, '-c', 'select 1']),
        prompt: async () => prompts.push(await untilPrompt(env)),
      },
      ROUNDS,
    );
    const least = Math.min(...times.childProcess);
    const middle = median(times.childProcess);
    const line = (name, values) =>
      `| ${name} | ${ms(median(values))} | ${ms(Math.min(...values))} | ${(median(values) / middle).toFixed(2)}× | ${(Math.min(...values) / least).toFixed(2)}× |`;
    return [
      `Processes one after the other, ${ROUNDS} rounds, V8's code cached by the round before the first. "×" is beside DuckDB in a child process.`,
      '',
      '| | median ms | least ms | median | least |',
      '| --- | --- | --- | --- | --- |',
      line('`node -e 0`', times.node),
      line('`kodiak --version`', times.version),
      line('Node with DuckDB, select 1', times.oneProcess),
      line('Node with DuckDB in a child process, select 1', times.childProcess),
      line('`kodiak -c "select 1"` (goal ≤ 1.3×)', times.kodiak),
      line('`kodiak` to its prompt (goal ≤ 300 ms)', prompts.slice(1)),
    ];
  } finally {
    rmSync(runtime, { recursive: true, force: true });
  }
}

/** Milliseconds, in a pseudo-terminal that util-linux's `script` makes. */
async function untilPrompt(env) {
  const child = spawn('script', ['-qfc', `${process.execPath} ${PROGRAM}`, '/dev/null'], { env: { ...env, TERM: 'xterm' }, stdio: 'pipe' });
  const began = performance.now();
  let text = '';
  await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (data) => {
      text += data;
      if (PROMPT.test(text)) resolve();
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`No prompt came: ${text}`)));
  });
  const took = performance.now() - began;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdin.write('.exit\r');
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2_000))]);
  child.kill();
  return took;
}
