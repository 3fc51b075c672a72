#!/usr/bin/env node
// Stands in for the `code` program in runs of @vscode/test-electron: same arguments, same exit code, but VS Code runs as a
// server and its window is a page in a headless Chromium.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { saveScreenshot } from './screenshots.mjs';
import { startVscodeServer } from './vscodeServer.mjs';

const defaultLimitSeconds = 300;

/** What the workbench itself logs: it comes by the same way as the console of the extension host, and unmarked. */
const workbenchNoise = new RegExp(
  `^(${[
    '%c',
    'Resolv(ing|ed) connection token',
    'Creating a socket',
    '\\[reconnection-grace-time\\]',
    'Updating additional builtin extensions',
    '\\[Service Worker\\]',
    '\\[AgentHost',
    '\\[AccountPolicyGate\\]',
    'getaddrinfo \\w+ open-vsx\\.org',
    'File not found .*github-authentication',
  ].join('|')})`,
);

/**
 * @param {import('./vscodeServer.mjs').VscodeServer} server
 * @param {{ extensions: string[], tests: string | undefined, workspace: string | undefined }} wanted
 */
function pageAddress(server, { extensions, tests, workspace }) {
  /** @param {string} path */
  const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${pathToFileURL(resolve(path)).pathname}`;
  const payload = [
    ...extensions.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
    ['skipWelcome', 'true'],
  ];
  const address = new URL(server.url);
  if (workspace !== undefined) {
    const path = resolve(workspace);
    address.searchParams.set(statSync(path).isDirectory() ? 'folder' : 'workspace', path);
  }
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

/** @param {string[]} args */
function readArguments(args) {
  const { values, positionals } = parseArgs({
    args,
    strict: false,
    allowPositionals: true,
    options: { extensionDevelopmentPath: { type: 'string', multiple: true }, extensionTestsPath: { type: 'string' } },
  });
  return {
    extensions: /** @type {string[]} */ (values.extensionDevelopmentPath ?? []),
    tests: /** @type {string | undefined} */ (values.extensionTestsPath),
    workspace: positionals[0],
  };
}

/** Settles when the program that started this one is gone; a killed runner cannot say goodbye. */
function parentGone() {
  const parent = process.ppid;
  return new Promise((done) => {
    setInterval(() => {
      if (process.ppid !== parent) {
        done(undefined);
      }
    }, 500).unref();
  });
}

/**
 * @param {string[]} args
 * @returns {Promise<number>} the suite's exit code
 */
async function runSuite(args) {
  const wanted = readArguments(args);
  const limitSeconds = Number(process.env.VSCODE_TEST_LIMIT_SECONDS ?? defaultLimitSeconds);
  const vsix = process.env.KODIAK_TEST_VSIX;
  if (vsix !== undefined) {
    wanted.extensions = [fileURLToPath(new URL('empty-extension', import.meta.url))];
  }
  if (wanted.tests === undefined || wanted.extensions.length === 0) {
    throw new Error('Both --extensionDevelopmentPath and --extensionTestsPath are needed');
  }
  const server = await startVscodeServer({ smokeTestDriver: true, ...(vsix === undefined ? {} : { vsix }) });
  try {
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    try {
      return await runInPage(page, server, wanted, limitSeconds);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./vscodeServer.mjs').VscodeServer} server
 * @param {ReturnType<typeof readArguments>} wanted
 * @param {number} limitSeconds
 * @returns {Promise<number>} the suite's exit code
 */
async function runInPage(page, server, wanted, limitSeconds) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  // The workbench calls these two functions of its page, if they are there.
  const exited = new Promise((done, fail) => {
    page.exposeFunction('codeAutomationExit', done).catch(fail);
    page.once('crash', () => fail(new Error('The page of VS Code crashed')));
    void server.ended.then(() => fail(new Error(`VS Code's server ended early\n${server.output()}`)));
    void parentGone().then(() => fail(new Error('The program that started this run is gone')));
    timer = setTimeout(async () => {
      const picture = await saveScreenshot(page, 'timeLimit').catch(() => 'none');
      fail(new Error(`The suite did not end within ${limitSeconds} s (VSCODE_TEST_LIMIT_SECONDS). Picture: ${picture}`));
    }, limitSeconds * 1000);
  });
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ values) => {
    const line = format(...values);
    if (!workbenchNoise.test(line)) {
      (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${line}\n`);
    }
  });
  try {
    const [, code] = await Promise.all([page.goto(pageAddress(server, wanted)), exited]);
    return code;
  } finally {
    clearTimeout(timer);
  }
}

try {
  process.exitCode = await runSuite(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
