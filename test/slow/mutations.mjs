#!/usr/bin/env node
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: pieces of source text
// Do the cache's tests notice when one of its protections is gone? Each mutation below takes one away in a copy of the source, and
// the scenarios, a few fuzz seeds and the concurrency test must fail there. `node test/slow/mutations.mjs [part of a name …]`
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'engine',
  'server',
  'test/engine/cache',
  'test/engine/sharedNames.test.ts',
  'test/slow',
  'test/support',
  'test/fixtures',
  'vitest.config.mts',
  'package.json',
  'tsconfig.base.json',
];
const TESTS = [
  'test/engine/cache/staleScenarios.test.ts',
  'test/engine/sharedNames.test.ts',
  ...['moreScenarios', 'concurrency', 'differentialFuzz'].map((name) => `test/slow/engine/cache/${name}.test.ts`),
];
const FUZZ_SEEDS = '4';
const LANES = 2;

/**
 * Protection, file, text, replacement. Not here: that a write moves versions before and after, and that nothing is served while it
 * runs; each of the three makes the others needless, but for settings.
 */
const MUTATIONS = [
  ['versions of tables', 'engine/cache/versions.ts', 'for (const table of dependencies.tables) versions.push(this.#versionOf(table));', ''],
  ['version of everything', 'engine/cache/versions.ts', 'const versions = [this.#all.version];', 'const versions = [0];'],
  ['versions of databases: ALTER', 'engine/cache/planFacts.ts', '{ ...DEFINITIONS_EFFECT, catalogs: [catalog] }', 'DEFINITIONS_EFFECT'],
  ['writes move versions', 'engine/cache/versions.ts', 'for (const counter of counters) move(counter, now);', ''],
  ['plan in the key', 'engine/examine.ts', 'identityOf(examined), planned.text, settings.hash', 'identityOf(examined), settings.hash'],
  ['settings in the key', 'engine/examine.ts', 'planned.text, settings.hash, temporary', "planned.text, '', temporary"],
  ['settings read anew', 'engine/examine.ts', 'const epoch = context.versions.settings;', 'const epoch = 0;'],
  ['parameters in the key', 'engine/examine.ts', 'describeParams(params), maxRows', 'null, maxRows'],
  ['row limit in the key', 'engine/examine.ts', 'describeParams(params), maxRows ?? null]', 'describeParams(params)]'],
  ['cut results are not kept', 'engine/queryRun.ts', "if (produced.truncated) return 'not kept: cut off at the row limit';", ''],
  ['file stamps', 'engine/cache/fileStamps.ts', 'return `${stats.dev}:', "return '';\n  return `${stats.dev}:"],
  ['change time of files', 'engine/cache/fileStamps.ts', ':${stats.ctimeNs}`', '`'],
  ['globs expanded anew', 'engine/examine.ts', "return state.kind === 'known' && state.stamp === patterns.stamp;", 'return true;'],
  [
    'definitions of learned queries',
    'engine/examine.ts',
    'if (definitions !== versions.definitions || versions.definitionsBusy) return false;',
    '',
  ],
  ['definitions under text files', 'engine/cache/versions.ts', 'if (dependencies.definitions) versions.push(this.#definitions);', ''],
  [
    'transactions bypass the cache',
    'engine/examine.ts',
    'if (session.inTransaction) return examineInTransaction(context, session, examined);',
    'if (!session) return examineInTransaction(context, session, examined);',
  ],
  [
    'COMMIT publishes',
    'engine/examine.ts',
    'return { effect: session.transactionEffect, standing: WRITE };',
    'return { effect: NO_EFFECT, standing: WRITE };',
  ],
  [
    'publishing waits for COMMIT',
    'engine/examine.ts',
    'session.transactionEffect = bothEffects(session.transactionEffect, UNKNOWN_EFFECT);\n    return effect;',
    'return UNKNOWN_EFFECT;',
  ],
  ['EXPLAIN ANALYZE BEGIN', 'engine/sql/statementClass.ts', 'at = endOfExplain(statement, script);', ''],
  ['WITH leads writes', 'engine/sql/statementClass.ts', "if (first === 'with' && leadsChange(statement, script)) return 'change';", ''],
  ['names of a session in the key', 'engine/knownNames.ts', "return session.hasOwnNames ? session.id : 'all';", "return 'all';"],
  [
    'settings of a session',
    'engine/knownNames.ts',
    'return session.hasOwnNames ? session.names.settings : this.#settings.get(session.cwd);',
    'return this.#settings.get(session.cwd);',
  ],
  ['temporary tables by session', 'engine/examine.ts', 'temporary ? session.id : null', 'null'],
  ['row numbers', 'engine/cache/planFacts.ts', 'this.#rowIdCatalogs.add(table.catalog);', '{}'],
  [
    'volatile functions',
    'engine/cache/planFacts.ts',
    'if (this.#functions.known.has(name)) this.#impure ??=',
    'if (this.#functions.known.has(name)) void',
  ],
  ['mislabelled functions', 'engine/functionNames.ts', 'for (const name of MISLABELLED_FUNCTIONS) pure.delete(name);', ''],
  ['samples', 'engine/cache/planFacts.ts', "this.#differs('it takes a sample')", 'void 0'],
  ['table functions that describe', 'engine/cache/planFacts.ts', 'this.#differs(`it reads ${name}(), which describes the moment`);', '{}'],
  [
    'nothing is stored that changed meanwhile',
    'engine/queryRun.ts',
    'if (changed || before === undefined || moment?.guard !== before.guard)',
    'if (moment === undefined)',
  ],
  ['runs are shared by version', 'engine/queryRun.ts', '? undefined : `${standing.key}\\n${moment.guard}`', '? undefined : standing.key'],
];

const wanted = process.argv.slice(2);
const chosen = MUTATIONS.filter(([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const folders = Array.from({ length: LANES }, copyOfSource);
const results = [];
try {
  const [first] = folders;
  console.log('unchanged source …');
  const { failed, seconds, by } = await runTests(first);
  if (failed) throw new Error(`The tests fail without any mutation: ${by}`);
  console.log(`unchanged source: passes in ${seconds.toFixed(0)} s; ${chosen.length} mutations follow`);
  const queue = chosen.values();
  await Promise.all(
    folders.map(async (folder) => {
      for (const mutation of queue) results.push(await judge(folder, mutation));
    }),
  );
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
const bad = results.filter(({ verdict }) => verdict !== 'noticed');
console.log(
  `\n${results.length - bad.length} noticed, ${bad.length} not: ${bad.map(({ name, verdict }) => `${name} (${verdict})`).join(', ') || '-'}`,
);
process.exitCode = bad.length > 0 ? 1 : 0;

async function judge(folder, [name, file, text, replacement]) {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  let outcome = { name, verdict: 'its text is not in the source once', seconds: 0, by: '' };
  if (source.split(text).length === 2) {
    writeFileSync(
      path,
      source.replace(text, () => replacement),
    );
    const { failed, loads, seconds, by } = await runTests(folder);
    writeFileSync(path, source);
    outcome = { name, verdict: failed ? (loads ? 'noticed' : 'does not load') : 'SURVIVED', seconds, by };
  }
  console.log(`${outcome.verdict.padEnd(10)} ${name.padEnd(42)} ${outcome.seconds.toFixed(0).padStart(3)} s  ${outcome.by}`);
  return outcome;
}

function copyOfSource() {
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-mutant-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Fails also when a test does not end. */
function runTests(folder) {
  const began = performance.now();
  const env = { ...process.env, UV_THREADPOOL_SIZE: '16', KODIAK_FUZZ_SEEDS: FUZZ_SEEDS, NO_COLOR: '1', FORCE_COLOR: '0' };
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--bail=1', ...TESTS], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data;
    });
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      const loads = !/^ FAIL\s+\S+ \[/m.test(output);
      const by =
        /^ FAIL\s+(.*)$/m
          .exec(output)?.[1]
          ?.replace(/^test\/engine\/cache\//, '')
          .slice(0, 90) ?? (code === 0 ? '' : output.slice(-300));
      resolve({ failed: code !== 0, loads, seconds: (performance.now() - began) / 1000, by });
    });
  });
}
