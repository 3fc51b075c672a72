#!/usr/bin/env node
// `npm start`: builds Kodiak and opens the guided tour, in VS Code if its `code` command is there, else in the browser.
// `npm start -- --headless` runs the tour in the terminal.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const examples = join(repository, 'examples');
const tour = join(examples, 'tour.kodiak.sql');
const dataFiles = ['orders.parquet', 'customers.csv', 'products.csv', 'weather.csv'];

/**
 * Runs a program to its end; gives its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, input?: string, shell?: boolean }} [options]
 * @returns {Promise<number>}
 */
function run(command, args, { cwd = repository, input, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, shell, stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
    child.stdin?.end(input);
  });
}

/** The `code` command, if it is on the PATH. */
function findCode() {
  const names = process.platform === 'win32' ? ['code.cmd', 'code.exe'] : ['code'];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

function runHeadless() {
  const kodiak = join(repository, 'dist', 'client', 'terminal', 'main.js');
  return run(process.execPath, [kodiak], { cwd: examples, input: '.read tour.kodiak.sql\n.cache\n' });
}

/** @param {string} code */
function openCode(code) {
  const args = [`--extensionDevelopmentPath=${repository}`, examples, tour];
  if (process.platform !== 'win32') return run(code, args);
  return run(
    `"${code}"`,
    args.map((arg) => `"${arg}"`),
    { shell: true },
  );
}

async function openBrowser() {
  const { setUp } = await import('../test/vscode/setup.mjs');
  const { startVscodeServer } = await import('../test/vscode/vscodeServer.mjs');
  await setUp();
  // With an association VS Code waits for the extension before it opens the tour; without, the first visit shows plain text.
  const settings = { 'workbench.editorAssociations': { '*.kodiak.sql': 'kodiak-notebook' } };
  const server = await startVscodeServer({ extensionLink: repository, settings });
  const payload = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${server.port}${tour}`]]);
  const query = new URLSearchParams({ folder: examples, payload });
  console.log(`\nVS Code with Kodiak is ready. Open this address in a browser:\n\n  ${server.url}/?${query}\n\nCtrl+C ends it.`);
  await server.ended;
  return 0;
}

async function start() {
  const built = await run(process.execPath, [join('.ci', 'build.mjs')]);
  if (built !== 0) return built;
  if (dataFiles.some((name) => !existsSync(join(examples, 'data', name)))) {
    const made = await run(process.execPath, [join('examples', 'makeData.mjs')]);
    if (made !== 0) return made;
  }
  if (process.argv.includes('--headless')) return runHeadless();
  const code = findCode();
  return code === undefined ? openBrowser() : openCode(code);
}

process.exitCode = await start();
