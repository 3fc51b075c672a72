#!/usr/bin/env node
// Runs a mocha suite inside the extension host of a real VS Code.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ResultReader } from './results.mjs';
import { setUp } from './setup.mjs';

const usage = `node test/vscode/runInHost.mjs --tests <path> [--tests <path> …] [--extension <dir>] [--workspace <dir>] [options]
  --tests      a folder or *.test.cjs files, run with the suite index of this folder, or one other file that exports run()
  --vsix       test this package, installed, instead of the unpacked extension
  --download   run in a VS Code that @vscode/test-electron downloads, rather than in the one from npm
  VSCODE_EXECUTABLE: run in this one.  VSCODE_TEST_GREP: only tests with this in their name.`;

const here = fileURLToPath(new URL('.', import.meta.url));
const standIn = join(here, 'code.mjs');
const marks = { passed: '✓', failed: '✗', skipped: '-' };

/** @typedef {typeof import('@vscode/test-electron')} TestElectron */

/**
 * @param {boolean} download
 * @param {TestElectron} electron
 * @returns {Promise<string>} the program to run
 */
async function vscodeExecutable(download, electron) {
  if (process.env.VSCODE_EXECUTABLE) {
    return process.env.VSCODE_EXECUTABLE;
  }
  if (download) {
    return await electron.downloadAndUnzipVSCode();
  }
  if (process.platform === 'win32') {
    throw new Error('On Windows give --download, or the path of a VS Code in VSCODE_EXECUTABLE');
  }
  return standIn;
}

/**
 * Loaded late: the package is there only after setup.
 * @returns {TestElectron}
 */
function testElectron() {
  try {
    return createRequire(import.meta.url)('@vscode/test-electron');
  } catch (error) {
    throw new Error('@vscode/test-electron is missing. Run: npm ci --ignore-scripts --prefix test/vscode', { cause: error });
  }
}

/**
 * Files with the suite's own `run()` are the suite's index; test files and folders are run by the index in this folder.
 * @param {string[]} tests
 */
function suiteOf(tests) {
  const paths = tests.map((path) => resolve(path));
  const [only] = paths;
  if (paths.length === 1 && only !== undefined && statSync(only).isFile() && !/\.test\.c?js$/.test(only)) {
    return { index: only, env: {} };
  }
  return { index: join(here, 'suiteIndex.cjs'), env: { VSCODE_TEST_FILES: paths.join(delimiter) } };
}

/**
 * Installs a package into the profile that runTests uses.
 * @param {TestElectron} electron
 * @param {string} executable
 * @param {string} vsix
 */
function installVsix(electron, executable, vsix) {
  const [cli, ...args] = electron.resolveCliArgsFromVSCodeExecutablePath(executable);
  const windows = process.platform === 'win32';
  const { status } = spawnSync(windows ? `"${cli}"` : cli, [...args, '--install-extension', vsix, '--force'], {
    stdio: 'inherit',
    shell: windows,
  });
  if (status !== 0) {
    throw new Error(`${vsix} could not be installed`);
  }
}

/** @param {ResultReader} results */
function showNew(results) {
  for (const { state, title, durationMs, error } of results.read()) {
    console.log(`${marks[state]} ${title} (${durationMs} ms)`);
    if (error !== undefined) {
      console.log(error.replace(/^/gm, '    '));
    }
  }
}

/**
 * @param {{ extension: string | undefined, tests: string[], workspace: string | undefined, vsix: string | undefined, download: boolean }} o
 * @returns {Promise<boolean>} whether all is well
 */
async function runInHost({ extension, tests, workspace, vsix, download }) {
  if (!download && !process.env.VSCODE_EXECUTABLE) {
    await setUp();
  }
  const electron = testElectron();
  const executable = await vscodeExecutable(download, electron);
  const suite = suiteOf(tests);
  const packageFile = vsix === undefined ? undefined : resolve(vsix);
  const isStandIn = resolve(executable) === standIn;
  if (packageFile !== undefined && !isStandIn) {
    installVsix(electron, executable, packageFile);
  }
  const folder = mkdtempSync(join(tmpdir(), 'kodiak-results-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGTERM', () => process.exit(143));
  const resultsFile = process.env.VSCODE_TEST_RESULTS ?? join(folder, 'results.jsonl');
  const results = new ResultReader(resultsFile);
  const timer = setInterval(() => showNew(results), 100);
  const startedMs = Date.now();
  let failure = '';
  try {
    await electron.runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: packageFile === undefined ? resolve(extension ?? '.') : join(here, 'empty-extension'),
      extensionTestsPath: suite.index,
      extensionTestsEnv: {
        ...suite.env,
        VSCODE_TEST_RESULTS: resultsFile,
        ...(packageFile === undefined ? {} : { KODIAK_TEST_VSIX: packageFile }),
      },
      launchArgs: workspace === undefined ? [] : [resolve(workspace)],
    });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    clearInterval(timer);
    showNew(results);
    results.close();
  }
  /** @param {keyof typeof marks} state */
  const count = (state) => results.tests.filter((test) => test.state === state).length;
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped in ${seconds} s`);
  if (!results.ended) {
    console.log('The suite did not come to its end.');
  }
  const good = failure === '' && results.ended && results.tests.length > 0 && count('failed') === 0;
  if (!good && count('failed') === 0) {
    console.log(failure || 'No test ran.');
  }
  return good;
}

const { values } = parseArgs({
  options: {
    extension: { type: 'string' },
    tests: { type: 'string', multiple: true },
    workspace: { type: 'string' },
    vsix: { type: 'string' },
    download: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.tests === undefined) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    process.exitCode = (await runInHost({
      extension: values.extension,
      tests: values.tests,
      workspace: values.workspace,
      vsix: values.vsix,
      download: values.download,
    }))
      ? 0
      : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
