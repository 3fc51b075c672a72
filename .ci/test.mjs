#!/usr/bin/env node
// Everything that a fresh machine can prove, in one run: `npm test`. Its last line is `N passed, N failed`.
//   1. types, lint, dead code, unit and protocol tests, also the slow ones that `npm run check` leaves out     2. the VSIX
//   3. the suite inside a real VS Code's extension host, with the working copy and with the VSIX installed,
//      and in the oldest VS Code that package.json promises
//   4. journeys of a person through that VS Code in a browser   5. the guided tour in the terminal
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { oldestServerDir, setUp } from '../test/vscode/setup.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const RESULTS = 'out/results';
const VSIX = 'out/kodiak.vsix';
const JOURNEYS = 'test/vscode/journeys';
const totals = { passed: 0, failed: 0 };
/** What failed, and how. */
const troubles = [];
/** What the browser complained of last, for a journey that failed. */
const COMPLAINTS = 15;

rmSync('out', { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
installPrograms();

await stage('build', () => run('npm', ['run', '--silent', 'build']));
await stage('types', () => run('npm', ['run', '--silent', 'types']));
await stage('lint', () => run('npm', ['run', '--silent', 'lint']));
await stage('dead code', () => run('npm', ['run', '--silent', 'dead']));
await stage('unit and protocol tests', async () => {
  const file = `${RESULTS}/vitest.json`;
  const code = await run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  return counted(
    code,
    read(file, (text) => JSON.parse(text)),
    (report) => ({
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      troubles: report.testResults.flatMap(({ assertionResults, message }) => [
        ...(message ? [message] : []),
        ...assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => `  ${fullName}: ${shortened(failureMessages.join(' '))}`),
      ]),
    }),
  );
});
await stage('package', () => run('npm', ['run', '--silent', 'package', '--', '--out', VSIX]));
await stage('suite bundle', () => run(process.execPath, ['test/vscode/buildSuite.mjs']));
await stage('VS Code', async () => {
  await setUp();
  await setUp({ oldest: true });
  return 0;
});
await stage('suite in the extension host', () => inHost('host', []));
await stage('suite in the extension host, from the VSIX', () => inHost('vsix', ['--vsix', VSIX]));
await stage('suite in the extension host of the oldest VS Code', () => inHost('oldest', [], { VSCODE_SERVER_DIR: oldestServerDir }));
await stage('journeys in the workbench', journeys);
await stage('guided tour in the terminal', () => run('npm', ['start', '--silent', '--', '--headless']));

// Last, where somebody who sees only the end of the output sees them too.
for (const line of troubles) console.log(line);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;

/** Runs one stage; a stage counts as one test where it has no tests of its own. Later stages run whatever happens. */
async function stage(name, work) {
  console.log(`\n── ${name}`);
  const began = performance.now();
  let outcome;
  try {
    outcome = await work();
  } catch (error) {
    console.error(error);
    outcome = 1;
  }
  const counts = typeof outcome === 'number' ? { passed: outcome === 0 ? 1 : 0, failed: outcome === 0 ? 0 : 1 } : outcome;
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  if (counts.failed > 0) troubles.push(`\n${name}: ${counts.failed} failed`, ...(counts.troubles ?? []));
  console.log(`── ${name}: ${counts.passed} passed, ${counts.failed} failed, ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** Counts of a report; a run that ended badly without a failed test is a failure too, and so is a missing report. */
function counted(code, report, read) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { passed, failed, troubles = [] } = read(report);
  return { passed, failed: code !== 0 ? Math.max(1, failed) : failed, troubles };
}

/**
 * Runs each journey in a workbench of its own. One that fails gets a second workbench: a page of VS Code that the browser never loaded
 * says nothing about Kodiak. What fails twice has failed, and what passed only then is told.
 */
async function journeys() {
  const sum = { passed: 0, failed: 0, troubles: [] };
  for (const file of readdirSync(JOURNEYS).filter((name) => name.endsWith('.test.mjs'))) {
    const name = file.replace(/\.test\.mjs$/, '');
    let outcome = await journey(name, 1);
    if (outcome.failed > 0) {
      const first = outcome.troubles;
      outcome = await journey(name, 2);
      if (outcome.failed === 0) troubles.push(`\nThe journey ${name} passed at the second try only:`, ...first);
    }
    sum.passed += outcome.passed;
    sum.failed += outcome.failed;
    sum.troubles.push(...outcome.troubles);
  }
  return sum;
}

async function journey(name, attempt) {
  const file = `${RESULTS}/${name}-${attempt}.tap`;
  const complaints = `${RESULTS}/${name}.troubles.txt`;
  rmSync(complaints, { force: true });
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${file}`,
  ];
  const code = await run(process.execPath, ['--test', '--test-concurrency=1', ...reporters, `${JOURNEYS}/${name}.test.mjs`]);
  return counted(code, read(file), (tap) => ({
    passed: Number(/^# pass (\d+)/m.exec(tap)?.[1] ?? 0),
    failed: Number(/^# fail (\d+)/m.exec(tap)?.[1] ?? 1),
    troubles: [
      ...failuresOf(tap),
      ...(read(complaints) ?? '')
        .split('\n')
        .slice(-COMPLAINTS)
        .map((line) => `    browser: ${line}`),
    ],
  }));
}

/** The failed tests of a TAP report, each with its error in one line. */
function failuresOf(tap) {
  return [...tap.matchAll(/^not ok \d+ - (.*)\n([\s\S]*?)^ {2}\.\.\.$/gm)].map(([, name, details]) => {
    const error = /^ {2}error: (?:\|-\n)?([\s\S]*?)^ {2}\w+:/m.exec(details)?.[1] ?? '';
    return `  ${name}: ${shortened(error)}`;
  });
}

function shortened(text) {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 400);
}

async function inHost(name, extra, env = {}) {
  const file = `${process.cwd()}/${RESULTS}/${name}.jsonl`;
  const args = [
    'test/vscode/runInHost.mjs',
    '--extension',
    '.',
    '--tests',
    'dist/test/suite',
    '--workspace',
    'test/fixtures/workspace',
    ...extra,
  ];
  const code = await run(process.execPath, args, { ...env, VSCODE_TEST_RESULTS: file, VSCODE_TEST_TIMEOUT_MS: '120000' });
  return counted(code, read(file), (lines) => {
    const states = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).state);
    return { passed: states.filter((state) => state === 'passed').length, failed: states.filter((state) => state === 'failed').length };
  });
}

function read(file, parse = (text) => text) {
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined;
}

function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env }, shell: process.platform === 'win32' });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** What the tests drive comes from Debian where this may install it; elsewhere the tests say what they miss. */
function installPrograms() {
  const programs = [
    { name: 'chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'], path: process.env.CHROMIUM_PATH },
    { name: 'neovim', commands: ['nvim'] },
    { name: 'tmux', commands: ['tmux'] },
    { name: 'zsh', commands: ['zsh'] },
    { name: 'fish', commands: ['fish'] },
  ];
  const isThere = ({ commands, path }) => Boolean(path) || commands.some((name) => spawnSync('which', [name]).status === 0);
  const missing = programs.filter((program) => !isThere(program)).map(({ name }) => name);
  if (missing.length === 0) return;
  if (process.platform !== 'linux' || process.getuid() !== 0) {
    console.log(`Not installed, and needed by tests: ${missing.join(', ')}.`);
    return;
  }
  console.log(`Installing ${missing.join(' and ')} from Debian …`);
  spawnSync('apt-get', ['update'], { stdio: 'ignore' });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const name of missing) {
    const { status, stderr } = spawnSync('apt-get', ['install', '-y', name], { env, encoding: 'utf8' });
    const log = `${RESULTS}/apt-${name}.log`;
    if (status !== 0) writeFileSync(log, stderr ?? '');
    console.log(status === 0 ? `${name} is installed.` : `${name} could not be installed: see ${log}.`);
  }
}
