#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownNodeIsEnough, serverNode } from './serverNode.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Where the server of the oldest VS Code lies that Kodiak promises to run in; `VSCODE_SERVER_DIR` chooses it for a run. */
export const oldestServerDir = join(here, 'oldest', 'node_modules', 'code-server', 'lib', 'vscode');

/** Dependencies that no test uses. Several have install scripts which want a compiler or libkrb5-dev. */
const unneededPackages = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/fs-copyfile',
  '@vscode/native-watchdog',
  '@vscode/sandbox-runtime',
  '@vscode/spdlog',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
  'tar',
  'zod',
];

/** Built-in extensions that reach for the network, ask questions or slow the start. */
const unneededExtensions = [
  'copilot',
  'debug-auto-launch',
  'git',
  'git-base',
  'github',
  'microsoft-authentication',
  'ms-vscode.js-debug',
  'ms-vscode.js-debug-companion',
  'ms-vscode.vscode-js-profile-table',
  'terminal-suggest',
  'tunnel-forwarding',
  'typescript-language-features',
];

/** Stand-ins for native modules, by the folders of node_modules that they fill. */
const shims = {
  'native-watchdog': ['native-watchdog', join('@vscode', 'native-watchdog')],
  spdlog: [join('@vscode', 'spdlog')],
};

/**
 * Installs VS Code's server, Playwright, mocha and, where it is needed, a newer Node into this folder.
 * Does nothing when the last set-up is still right. `oldest` installs the oldest supported VS Code instead, beside the other.
 * @param {{ log?: (line: string) => void, oldest?: boolean }} [options]
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function setUp({ log = (line) => console.log(line), oldest = false } = {}) {
  const folder = oldest ? join(here, 'oldest') : here;
  const installed = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const stampFile = join(folder, 'node_modules', '.kodiakSetup');
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    serverNode();
  }
  const stamp = wantedStamp(folder);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    return false;
  }
  const startedMs = Date.now();
  log("Installing VS Code's server for the tests (about 165 MB to download, once)");
  await npm(['ci', ...(ownNodeIsEnough() ? ['--omit=optional'] : [])], folder);
  trimManifest(join(installed, 'package.json'));
  trimShrinkwrap(join(installed, 'npm-shrinkwrap.json'));
  // Not `npm ci`: it refuses the published shrinkwrap, which lacks packages that its package.json asks for.
  await npm(['install', '--omit=dev', '--no-save'], installed);
  for (const name of unneededExtensions) {
    rmSync(join(installed, 'extensions', name), { recursive: true, force: true });
  }
  for (const [shim, folders] of Object.entries(shims)) {
    for (const folder of folders) {
      cpSync(join(here, 'shims', shim), join(installed, 'node_modules', folder), { recursive: true });
    }
  }
  writeFileSync(stampFile, stamp);
  log(`Installed in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
  return true;
}

/**
 * Says what an up-to-date installation was made from.
 * @param {string} folder
 */
function wantedStamp(folder) {
  const hash = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json')));
  for (const file of ['setup.mjs', ...Object.keys(shims).map((name) => join('shims', name, 'index.js'))]) {
    hash.update(readFileSync(join(here, file)));
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch} ${ownNodeIsEnough() ? 'own Node' : 'Node from npm'}\n`;
}

/** @param {string} file */
function trimManifest(file) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  removeKeys(manifest.dependencies, unneededPackages);
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}

/** @param {string} file */
function trimShrinkwrap(file) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  removeKeys(lock.packages[''].dependencies, unneededPackages);
  for (const name of unneededPackages) {
    const folder = `node_modules/${name}`;
    removeKeys(
      lock.packages,
      Object.keys(lock.packages).filter((key) => key === folder || key.startsWith(`${folder}/`)),
    );
  }
  writeFileSync(file, JSON.stringify(lock, undefined, 2));
}

/**
 * @param {Record<string, unknown>} object
 * @param {string[]} keys
 */
function removeKeys(object, keys) {
  for (const key of keys) {
    delete object[key];
  }
}

/**
 * Runs npm without install scripts and shows its output only if it fails.
 * @param {string[]} args
 * @param {string} cwd
 */
async function npm(args, cwd) {
  const command = ['npm', ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn(command[0], command.slice(1), { cwd, shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).catch((error) => {
    throw new Error(`npm could not be started: ${error.message}`, { cause: error });
  });
  if (code !== 0) {
    throw new Error(`'${command.join(' ')}' failed with code ${code} in ${cwd}\n${output.trim()}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const changed = await setUp({ oldest: process.argv.includes('oldest') });
    console.log(changed ? 'VS Code is ready' : 'VS Code is ready (nothing to do)');
  } catch (error) {
    console.error(`VS Code could not be set up: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
