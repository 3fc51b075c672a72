import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverNode } from './serverNode.mjs';
import { quietSettings } from './settings.mjs';

const startLimitMs = 60_000;
const stopLimitMs = 3_000;

const installedDir = fileURLToPath(new URL('node_modules/code-server/lib/vscode', import.meta.url));

/**
 * @typedef {object} VscodeServerOptions
 * @property {string | string[]} [extensionLink] folder of an unpacked extension, or several, loaded as if installed
 * @property {string} [vsix] package that is installed before the start
 * @property {boolean} [smokeTestDriver] obey `extensionDevelopmentPath` and `extensionTestsPath` in the page's address; with it
 *   notification toasts are never shown
 * @property {string} [profileDir] keep user data here, also after the stop; without it they are fresh and then removed
 * @property {Record<string, unknown>} [settings] user settings on top of the quiet ones; a kept profile has them from its first start
 * @property {NodeJS.ProcessEnv} [env] added to the environment of the server, which the extension host inherits
 * @property {number} [port] without it a free one is taken
 */

/**
 * @typedef {object} VscodeServer
 * @property {string} url without a slash at the end
 * @property {number} port
 * @property {string} extensionsDir
 * @property {(id: string) => Record<string, string>} extensionLogs texts of an extension's log output channels, by channel name
 * @property {() => string} output what the server itself printed
 * @property {Promise<void>} ended settles when the server is gone, for whatever reason
 * @property {() => Promise<void>} stop ends the server and everything it started
 */

/**
 * Starts a VS Code server on 127.0.0.1; the workbench is the page at its `url`, with `?folder=/absolute/path`.
 * It ends, with its profile, at `stop()` and when this process exits or gets SIGINT, SIGTERM or SIGHUP.
 * @param {VscodeServerOptions} [options]
 * @returns {Promise<VscodeServer>}
 */
export async function startVscodeServer(options = {}) {
  const serverDir = process.env.VSCODE_SERVER_DIR ?? installedDir;
  const main = join(serverDir, 'out', 'server-main.js');
  if (!existsSync(join(serverDir, 'node_modules'))) {
    throw new Error(`VS Code is not installed in ${serverDir}. Run: node test/vscode/setup.mjs`);
  }
  const node = serverNode();
  if (options.port !== undefined) {
    await expectFree(options.port);
  }
  const profile = new Profile(options.profileDir);
  try {
    profile.writeSettings({ ...quietSettings, ...options.settings });
    const places = { XDG_RUNTIME_DIR: profile.socketDir, KODIAK_STATE_DIR: join(profile.socketDir, 'state') };
    const env = { ...cleanEnvironment(), ...options.env, ...places };
    if (options.vsix !== undefined) {
      await installVsix(node, main, options.vsix, profile, env);
    }
    for (const folder of [options.extensionLink ?? []].flat()) {
      linkExtension(folder, profile.extensionsDir);
    }
    return await launch(node, main, options, profile, env);
  } catch (error) {
    profile.remove();
    throw error;
  }
}

/**
 * VS Code's server neither listens nor ends when its port is taken.
 * @param {number} port
 */
async function expectFree(port) {
  const probe = createServer();
  await new Promise((done, fail) => {
    probe.once('error', fail).listen(port, '127.0.0.1', () => probe.close(done));
  }).catch((error) => {
    throw new Error(`VS Code cannot use port ${port}: ${error.message}`, { cause: error });
  });
}

/** The folders of one server: user data, extensions, sockets. */
class Profile {
  #temporaryDir;
  #kept;

  /** @param {string | undefined} keptDir */
  constructor(keptDir) {
    // A Unix socket's path may have 107 bytes (103 on macOS), so sockets get a short folder of their own.
    const short = process.platform === 'win32' ? tmpdir() : '/tmp';
    this.#temporaryDir = realpathSync(mkdtempSync(join(short, 'kodiak-')));
    this.#kept = keptDir !== undefined;
    const root = keptDir === undefined ? this.#temporaryDir : resolve(keptDir);
    this.socketDir = this.#temporaryDir;
    this.dataDir = join(root, 'data');
    this.extensionsDir = join(root, 'extensions');
    // The server looks into the folder only where there is no list of installed extensions yet.
    rmSync(this.extensionsDir, { recursive: true, force: true });
    mkdirSync(this.extensionsDir, { recursive: true });
  }

  /** @param {Record<string, unknown>} settings */
  writeSettings(settings) {
    const file = join(this.dataDir, 'data', 'User', 'settings.json');
    if (this.#kept && existsSync(file)) {
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`);
  }

  /**
   * @param {string} id
   * @returns {Record<string, string>}
   */
  extensionLogs(id) {
    const logs = join(this.dataDir, 'data', 'logs');
    /** @type {Record<string, string>} */
    const texts = {};
    for (const file of existsSync(logs) ? readdirSync(logs, { recursive: true, encoding: 'utf8' }).sort() : []) {
      if (file.endsWith('.log') && basename(dirname(file)).toLowerCase() === id.toLowerCase()) {
        const name = basename(file, '.log');
        texts[name] = (texts[name] ?? '') + readFileSync(join(logs, file), 'utf8');
      }
    }
    return texts;
  }

  remove() {
    rmSync(this.#temporaryDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The environment without what a surrounding VS Code left in it; VSCODE_TEST_* is for the suite. */
function cleanEnvironment() {
  const inherited = Object.entries(process.env).filter(
    ([name]) => name.startsWith('VSCODE_TEST_') || !(name.startsWith('VSCODE_') || name.startsWith('ELECTRON_')),
  );
  return Object.fromEntries(inherited);
}

/**
 * @param {string} folder
 * @param {string} extensionsDir
 */
function linkExtension(folder, extensionsDir) {
  const target = realpathSync(folder);
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  symlinkSync(target, join(extensionsDir, `${manifest.publisher}.${manifest.name}-${manifest.version}`), 'junction');
}

/**
 * @param {string} node
 * @param {string} main
 * @param {string} vsix
 * @param {Profile} profile
 * @param {NodeJS.ProcessEnv} env
 */
async function installVsix(node, main, vsix, profile, env) {
  const file = resolve(vsix);
  if (!existsSync(file)) {
    throw new Error(`There is no package ${file}`);
  }
  const args = [main, '--install-extension', file, '--force', ...folderArguments(profile)];
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const code = await new Promise((done, fail) => {
    child.once('close', done).once('error', fail);
  });
  if (code !== 0) {
    throw new Error(`${relative(process.cwd(), file)} could not be installed (code ${code})\n${output()}`);
  }
}

/** @param {Profile} profile */
function folderArguments(profile) {
  return ['--server-data-dir', profile.dataDir, '--extensions-dir', profile.extensionsDir];
}

/**
 * @param {string} node
 * @param {string} main
 * @param {VscodeServerOptions} options
 * @param {Profile} profile
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<VscodeServer>}
 */
async function launch(node, main, options, profile, env) {
  const child = spawn(
    node,
    [
      main,
      '--host',
      '127.0.0.1',
      '--port',
      String(options.port ?? 0),
      '--without-connection-token',
      '--accept-server-license-terms',
      '--telemetry-level',
      'off',
      '--reconnection-grace-time',
      '30',
      ...folderArguments(profile),
      ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  const output = collect(child);
  const ended = /** @type {Promise<void>} */ (
    new Promise((done) => {
      child.once('close', () => done()).once('error', () => done());
    })
  );
  const forget = endWithThisProcess(() => {
    signalAll(child, 'SIGKILL');
    profile.remove();
  });

  const stop = async () => {
    const deadlineMs = Date.now() + stopLimitMs;
    signalAll(child, 'SIGTERM');
    while (signalAll(child, 0) && Date.now() < deadlineMs) {
      await new Promise((done) => {
        setTimeout(done, 50);
      });
    }
    signalAll(child, 'SIGKILL');
    await ended;
    profile.remove();
    forget();
  };

  const port = await listeningPort(child, output).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    extensionsDir: profile.extensionsDir,
    extensionLogs: (id) => profile.extensionLogs(id),
    output,
    ended,
    stop,
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => string}
 */
function collect(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
  }
  return () => text;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => string} output
 * @returns {Promise<number>}
 */
function listeningPort(child, output) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      fail(new Error(`VS Code did not listen within ${startLimitMs / 1000} s\n${output()}`));
    }, startLimitMs);
    child.once('close', (code) => fail(new Error(`VS Code ended at its start (code ${code})\n${output()}`)));
    child.once('error', fail);
    child.stdout?.on('data', () => {
      const match = /Extension host agent listening on (\d+)/.exec(output());
      if (match) {
        clearTimeout(timer);
        done(Number(match[1]));
      }
    });
    child.once('close', () => clearTimeout(timer));
  });
}

/**
 * Sends a signal to the server and all that it started.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals | 0} signal 0 only asks
 * @returns {boolean} whether anything is still running
 */
function signalAll(child, signal) {
  if (child.pid === undefined) {
    return false;
  }
  if (process.platform === 'win32') {
    return child.exitCode === null && child.kill(signal);
  }
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/**
 * @param {() => void} cleanUp synchronous
 * @returns {() => void} takes the promise back
 */
function endWithThisProcess(cleanUp) {
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
  const onExit = () => cleanUp();
  /** @param {keyof typeof numbers} signal */
  const onSignal = (signal) => {
    cleanUp();
    process.exit(128 + numbers[signal]);
  };
  const signals = /** @type {(keyof typeof numbers)[]} */ (Object.keys(numbers));
  process.once('exit', onExit);
  for (const signal of signals) {
    process.once(signal, onSignal);
  }
  return () => {
    process.off('exit', onExit);
    for (const signal of signals) {
      process.off(signal, onSignal);
    }
  };
}
