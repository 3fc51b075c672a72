import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { durationText } from '../../../../client/terminal/subcommands/ps.ts';
import type { AttachedInfo } from '../../../../server/protocol/attached.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const PROGRAM = resolve('dist/client/terminal/main.js');
const BUILT = existsSync(PROGRAM) && existsSync('dist/server/main.js');

function useFolder() {
  const folder = temporaryFolder();
  const runtime = join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const start = (...args: string[]): ChildProcess => {
    const env = { ...process.env, KODIAK_RUNTIME_DIR: runtime, NO_COLOR: '1' };
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env, stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const kodiak = async (...args: string[]) => {
    const child = start(...args);
    let output = '';
    let errors = '';
    child.stdout?.on('data', (data) => {
      output += String(data);
    });
    child.stderr?.on('data', (data) => {
      errors += String(data);
    });
    const [code] = await once(child, 'close');
    return { code, output, errors };
  };
  /** A terminal that has run something and stays. */
  const attach = async (database: string) => {
    const child = start('--format', 'csv', database);
    child.stdin?.write('select 1 as a;\n');
    if (child.stdout) await once(child.stdout, 'data');
    return child;
  };
  return { folder, runtime, kodiak, attach };
}

describe.runIf(BUILT)('kodiak ps', () => {
  it('lists servers with who uses them, and removes what a killed one left', { tags: ['slow'] }, async () => {
    const { folder, runtime, kodiak, attach } = useFolder();
    expect(await kodiak('ps')).toEqual({ code: 0, output: 'No server runs.\n', errors: '' });
    const first = await attach('sales.duckdb');
    const second = await attach('sales.duckdb');
    const memory = await attach(':memory:');
    const table = (await kodiak('ps')).output;
    expect(table).toMatch(/^PID +HOST +UP +MEMORY +DATABASE +USED BY\n/);
    expect(table).toMatch(new RegExp(`^\\d+ +terminal +\\d+ s +\\d+.* MB|MiB +${join(folder, 'sales.duckdb')} +2 terminals$`, 'm'));
    expect(table).toMatch(/in memory +1 terminal$/m);
    const { output } = await kodiak('ps', '--json');
    const servers = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AttachedInfo);
    const sales = servers.find(({ database }) => database === join(folder, 'sales.duckdb'));
    expect(servers).toHaveLength(2);
    expect(sales).toMatchObject({ host: 'terminal', open: true, readOnly: false, rssBytes: expect.any(Number) });
    expect(sales?.clients).toMatchObject([
      { kind: 'terminal', pid: first.pid, sessions: 1 },
      { kind: 'terminal', pid: second.pid, sessions: 1 },
    ]);
    // Nobody can take away what it leaves but the next to look.
    process.kill(sales?.pid ?? 0, 'SIGKILL');
    writeFileSync(join(runtime, 'start-999999999-1.log'), 'of a program that is gone');
    writeFileSync(join(runtime, 'notes.txt'), 'not ours');
    const after = await kodiak('ps');
    expect(after.errors).toMatch(/^Removed what were left of killed programs: .*\.token.*\.sock|start-999999999-1\.log/);
    expect(after.output).not.toContain('sales.duckdb');
    expect(readdirSync(runtime).filter((name) => name.startsWith('start-') || name === 'notes.txt')).toEqual(['notes.txt']);
    memory.stdin?.end();
    await once(memory, 'close');
  });

  it('says wrong usage, and that it takes no words', async () => {
    const { code, errors } = await useFolder().kodiak('ps', 'sales.duckdb');
    expect([code, errors]).toEqual([3, expect.stringContaining('takes no sales.duckdb')]);
  });
});

it.each([
  [900, '0 s'],
  [59_999, '59 s'],
  [125_000, '2 min'],
  [5 * 3_600_000 + 20 * 60_000, '5 h 20 min'],
  [52 * 3_600_000, '2 d 4 h'],
])('%d ms are %s', (ms, text) => expect(durationText(ms)).toBe(text));
