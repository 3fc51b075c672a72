import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMAND_GROUPS } from '../../../client/terminal/dotCommands.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');
const INPUT = readFileSync('test/fixtures/terminal/transcript.sql', 'utf8');
const EXPECTED = 'test/fixtures/terminal/transcript.txt';

const COMMANDS = INPUT.split('\n').flatMap((line) => /^\.([a-z_]+)/.exec(line)?.[1] ?? []);

/** What a person would see of the input and its answers, errors where they came. */
async function transcript(): Promise<{ readonly text: string; readonly code: number | null }> {
  const folder = realpathSync(temporaryFolder());
  const file = join(folder, 'output.txt');
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  mkdirSync(join(folder, 'work'));
  // One file for both: two pipes would not tell what came first.
  const both = openSync(file, 'w');
  const env = {
    ...process.env,
    KODIAK_RUNTIME_DIR: join(folder, 'run'),
    NO_COLOR: '1',
    PAGER: 'less -R',
    KODIAK_PAGER: '',
    DUCKDB_PAGER: '',
  };
  const child = spawn(process.execPath, [PROGRAM], { cwd: join(folder, 'work'), env, stdio: ['pipe', both, both] });
  child.stdin?.end(INPUT);
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  closeSync(both);
  const text = readFileSync(file, 'utf8')
    .replaceAll(join(folder, 'work'), '<folder>')
    .replaceAll(/DuckDB v[\d.]+/g, 'DuckDB <version>');
  return { text, code };
}

describe.runIf(existsSync(PROGRAM))('a long session of dot commands', () => {
  test('answers as it is written down', async () => {
    const { text, code } = await transcript();
    expect(code).toBe(3);
    await expect(text).toMatchFileSnapshot(resolve(EXPECTED));
  });

  test('has at least sixty commands, and all of the DuckDB CLI that there are', () => {
    expect(COMMANDS.length).toBeGreaterThanOrEqual(60);
    const known = COMMAND_GROUPS.flatMap(({ commands }) => commands.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]));
    const documented =
      'bail cd changes databases dump echo exit headers help import indexes last maxrows maxwidth mode nullvalue once open output pager print prompt read safe_mode schema separator shell show system tables timer width'.split(
        ' ',
      );
    for (const name of documented) expect(known).toContain(name);
    expect(documented.filter((name) => !COMMANDS.includes(name))).toEqual([]);
  });
});
