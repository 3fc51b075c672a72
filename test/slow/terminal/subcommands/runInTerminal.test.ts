import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { startKodiak } from '../../../support/tmuxTerminal.ts';

const ENDLESS = 'select count(*) from range(1000000000000) t(i) where hash(i) = 7;';

function notebook(...cells: readonly string[]): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'n.kodiak.sql'), cells.join('\n\n'));
  return folder;
}

test('shows what runs, and Ctrl+C ends it with what had been done by then', async () => {
  const cwd = notebook('-- %% First\nselect 40 + 2 as answer;', `-- %% Endless\n${ENDLESS}`, '-- %% Last\nselect 7 as never;');
  const terminal = await startKodiak(['run', 'n.kodiak.sql', '--order', 'top'], { cwd });
  await terminal.until(/1 of 3 cells · .*Endless.* · Ctrl\+C cancels/);
  await terminal.press('C-c');
  expect(await terminal.exitCode()).toBe(130);
  const screen = await terminal.screen();
  expect(screen).toMatch(/│ +42 │/);
  expect(screen).toContain('n.kodiak.sql:5: error: The query was cancelled.');
  expect(screen).toContain('3 cells: 1 ok, 2 cancelled · ');
  expect(screen).not.toMatch(/│ +7 │/);
  // The line of progress does not stay.
  expect(screen).not.toContain('Ctrl+C cancels');
});

test('writes no half report when it is cancelled, and leaves an older one alone', async () => {
  const cwd = notebook('-- %% First\nselect 1;', `-- %% Endless\n${ENDLESS}`);
  const report = join(cwd, 'report.html');
  writeFileSync(report, 'older');
  const terminal = await startKodiak(['run', 'n.kodiak.sql', '--output', 'html', '--out', report], { cwd });
  await terminal.until('Ctrl+C cancels');
  await terminal.press('C-c');
  expect(await terminal.exitCode()).toBe(130);
  const written = readFileSync(report, 'utf8');
  expect(written === 'older' || written.trimEnd().endsWith('</html>'), written.slice(-200)).toBe(true);
});

test.runIf(existsSync('/dev/full')).each([
  ['run n.kodiak.sql', 4],
  ['-c "select range from range(100000)"', 1],
])('says that the disk is full: kodiak %s', (words, expected) => {
  const cwd = notebook('-- %% First\nselect range from range(100000);');
  const program = `exec ${process.execPath} ${resolve('dist/client/terminal/main.js')} ${words} > /dev/full`;
  const env = { ...process.env, KODIAK_RUNTIME_DIR: join(cwd, 'run'), NO_COLOR: '1' };
  const { status, stderr } = spawnSync('sh', ['-c', program], { cwd, env, encoding: 'utf8', timeout: 30_000 });
  expect(stderr).toContain('kodiak: not all of the output could be written: ENOSPC');
  expect(status).toBe(expected);
});

test.runIf(process.platform === 'linux')('says so, too, where a part of the last write still had room', () => {
  const cwd = notebook('-- %% First\nselect range from range(1000);');
  // Blocks of 512 bytes, without the signal that would end the program.
  const program = `trap '' XFSZ; ulimit -f 4; exec ${process.execPath} ${resolve('dist/client/terminal/main.js')} --help > help.txt`;
  const env = { ...process.env, KODIAK_RUNTIME_DIR: join(cwd, 'run'), NO_COLOR: '1', NODE_COMPILE_CACHE: undefined };
  const { status, stderr } = spawnSync('sh', ['-c', program], { cwd, env, encoding: 'utf8', timeout: 30_000 });
  expect(readFileSync(join(cwd, 'help.txt')).length).toBe(2048);
  expect(stderr).toContain('kodiak: not all of the output could be written: EFBIG');
  expect(status).toBe(1);
});
