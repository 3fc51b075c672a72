import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from './temporaryFolder.ts';

const run = promisify(execFile);
const PROGRAM = 'nvim';
const LIMIT_MS = 20_000;

export interface Neovim {
  /** Presses keys, as `:help key-notation` writes them. */
  type(keys: string): Promise<void>;
  /** The value of a Lua expression, as JSON carries it. */
  lua<Value>(expression: string): Promise<Value>;
  /** The value of a Lua expression, as soon as it is what is waited for. */
  until<Value>(expression: string, ready: (value: Value) => boolean): Promise<Value>;
}

/** True when this machine has a Neovim. */
export function hasNeovim(): boolean {
  return spawnSync(PROGRAM, ['--version']).status === 0;
}

/** A person's Neovim without a screen, in a folder, with configuration files of its own and none of the machine's. Ends with the test. */
export async function startNeovim(folder: string, configure: (configFolder: string) => void): Promise<Neovim> {
  const home = temporaryFolder();
  const socket = join(home, 'nvim.sock');
  mkdirSync(join(home, 'config', 'nvim', 'plugin'), { recursive: true });
  configure(join(home, 'config', 'nvim'));
  const places = ['config', 'data', 'state', 'cache'].map((name) => [`XDG_${name.toUpperCase()}_HOME`, join(home, name)]);
  const env = { ...process.env, ...Object.fromEntries(places), KODIAK_RUNTIME_DIR: temporaryFolder() };
  const child = spawn(PROGRAM, ['--headless', '-n', '--listen', socket], { cwd: folder, env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const remote = async (option: string, text: string) => {
    const { stdout, stderr } = await run(PROGRAM, ['--clean', '--headless', '--server', socket, option, text], { env, timeout: LIMIT_MS });
    // Debian's version writes the value to standard error.
    return stdout + stderr;
  };
  const lua = async <Value>(expression: string) => {
    const quoted = `vim.json.encode(${expression})`.replaceAll("'", "''");
    return JSON.parse(await remote('--remote-expr', `luaeval('${quoted}')`)) as Value;
  };
  const neovim: Neovim = {
    type: async (keys) => void (await remote('--remote-send', keys)),
    lua,
    async until<Value>(expression: string, ready: (value: Value) => boolean) {
      let value: Value | undefined;
      const look = async () => {
        value = await lua<Value>(expression);
        return ready(value);
      };
      await vi.waitUntil(look, { timeout: LIMIT_MS, interval: 50 }).catch((thrown: unknown) => {
        throw new Error(`${expression} stays ${JSON.stringify(value)}`, { cause: thrown });
      });
      return value as Value;
    },
  };
  await vi.waitFor(() => neovim.lua('1'), { timeout: LIMIT_MS, interval: 50 });
  return neovim;
}
