#!/usr/bin/env node
// Measures and prints; `npm run bench -- --write` puts the figures on top of bench/RESULTS.md. Build first.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine } from './measure.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const RESULTS = 'bench/RESULTS.md';
const BENCHES = {
  'Starting the terminal program': 'startup',
  'Cold run: time to the first page': 'coldRun',
  'Proved answers': 'provedHit',
  'A large result': 'bigResult',
  'A large result through the server': 'serverResult',
  'Results with many columns': 'wide',
  'What keeping results on disk costs a run': 'keeping',
  'A notebook that is opened again': 'reopen',
  'Rows for a grid': 'pages',
  'Eviction: engine time saved by the cache': 'eviction',
  'Acquiring a pooled connection': 'poolAcquire',
  'Memory under a ceiling': 'memoryCeiling',
  'Short statements beside long ones': 'fairness',
  'Cells side by side': 'runAll',
  'The language server': 'language',
  'What the monitor costs': 'monitor',
  'One aggregate': 'aggregate',
  'Charts of 100,000,000 rows': 'chart',
  'A hundred terminals': 'clients',
};

// Servers record what they run, and not in the home of who measures.
const state = mkdtempSync(join(tmpdir(), 'kodiak-state-'));
process.on('exit', () => rmSync(state, { recursive: true, force: true }));
const report = [`## ${machine()}`, ''];
for (const [title, name] of Object.entries(BENCHES)) {
  // A process of its own: what one leaves in memory must not count for the next.
  const code = `import('./bench/${name}.mjs').then(async (bench) => console.log((await bench.${name}()).join('\\n')))`;
  const env = { ...process.env, UV_THREADPOOL_SIZE: '16', KODIAK_STATE_DIR: state };
  const { stdout, status } = spawnSync(process.execPath, ['--expose-gc', '-e', code], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  report.push(`### ${title}`, '', stdout.trim(), '');
}
console.log(report.join('\n'));

if (process.argv.includes('--write')) {
  const head =
    '# Measurements\n\nNewest first. Each table comes from one run of `npm run bench -- --write`, with the contenders interleaved.\n';
  const older = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8').slice(head.length) : '';
  writeFileSync(RESULTS, `${head}\n${report.join('\n')}${older}`);
}
