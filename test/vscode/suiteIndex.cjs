'use strict';

const { appendFileSync, readdirSync, statSync } = require('node:fs');
const { delimiter, join, relative } = require('node:path');
const Mocha = require('mocha');

const { constants } = Mocha.Runner;

/** The files of VSCODE_TEST_FILES, where a folder stands for all tests in it. */
function testFiles() {
  const wanted = (process.env.VSCODE_TEST_FILES ?? '').split(delimiter).filter(Boolean);
  if (wanted.length === 0) {
    throw new Error('VSCODE_TEST_FILES names no test files');
  }
  return wanted.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true })
          .filter((name) => /\.test\.c?js$/.test(name))
          .sort()
          .map((name) => join(path, name))
      : [path],
  );
}

/**
 * Reports to the file of VSCODE_TEST_RESULTS, one JSON object per line as soon as it is known, or else to the console.
 * A file survives a crash of the extension host and says how far the suite got.
 */
class LineReporter {
  constructor(runner) {
    const file = process.env.VSCODE_TEST_RESULTS;
    const write =
      file === undefined
        ? (result) => console.log(JSON.stringify(result))
        : (result) => {
            appendFileSync(file, `${JSON.stringify(result)}\n`);
          };
    const report = (test, state, error) =>
      write({
        title: test.fullTitle(),
        state,
        durationMs: test.duration ?? 0,
        ...(test.file === undefined ? {} : { file: relative(process.cwd(), test.file) }),
        ...(error === undefined ? {} : { error: error?.stack ?? String(error) }),
      });
    runner.on(constants.EVENT_TEST_PASS, (test) => report(test, 'passed'));
    runner.on(constants.EVENT_TEST_PENDING, (test) => report(test, 'skipped'));
    runner.on(constants.EVENT_TEST_FAIL, (test, error) => report(test, 'failed', error));
    runner.once(constants.EVENT_RUN_END, () => write({ state: 'end', ...counts(runner.stats) }));
  }
}

function counts({ passes, failures, pending }) {
  return { passed: passes, failed: failures, skipped: pending };
}

/** What VS Code calls; it rejects when a test failed, which makes the run's exit code 1. */
exports.run = async () => {
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: LineReporter,
    timeout: Number(process.env.VSCODE_TEST_TIMEOUT_MS ?? 30_000),
    ...(process.env.VSCODE_TEST_GREP === undefined ? {} : { grep: process.env.VSCODE_TEST_GREP }),
  });
  for (const file of testFiles()) {
    mocha.addFile(file);
  }
  const failures = await new Promise((done) => {
    mocha.run(done);
  });
  if (failures > 0) {
    throw new Error(`${failures} tests failed`);
  }
};
