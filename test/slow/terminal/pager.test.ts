import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { startKodiak } from '../../support/tmuxTerminal.ts';

const HAS_LESS = (() => {
  try {
    execFileSync('less', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A folder with what the test itself needs, and no pager. */
function withoutLess(): string {
  const folder = join(temporaryFolder(), 'bin');
  mkdirSync(folder);
  for (const name of ['sh', 'tmux'])
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(folder, name));
  return folder;
}

const NO_PAGER = { KODIAK_PAGER: '', DUCKDB_PAGER: '', PAGER: '', NO_COLOR: '1' };

test('a box is cut to the screen, says so, and follows a resize', async () => {
  const terminal = await startKodiak([], { columns: 80, rows: 24, env: NO_PAGER });
  await terminal.until('DuckDB v');
  await terminal.run("select range as r, 'row ' || range as t from range(1000);");
  const screen = await terminal.screen();
  expect(screen).toContain('1,000 rows (15 shown; .last shows all) · 2 columns · ');
  // The statement itself is still to be seen above its result.
  expect(screen).toMatch(/^kodiak> select range/);
  await terminal.resize(80, 40);
  await terminal.run("select range as r, 'row ' || range as t from range(1000);");
  expect(await terminal.screen()).toContain('1,000 rows (31 shown; .last shows all)');
  await terminal.resize(40, 24);
  await terminal.run(`select ${Array.from({ length: 12 }, (_, at) => `'value ${at}' as c${at}`).join(', ')};`);
  expect(await terminal.screen()).toMatch(/of 12 columns hidden: the terminal is[\s\S]*too narrow; \.last shows all/);
});

test.runIf(HAS_LESS)('less shows all rows and columns of the last result, and Ctrl+C there ends neither', async () => {
  const terminal = await startKodiak([], { columns: 80, rows: 24, env: { ...NO_PAGER, LESS: undefined } });
  await terminal.run("select range as r, repeat('w', 100) as wide from range(1000);");
  await terminal.enter('.last');
  await terminal.until(/^┌[\s\S]*\n:$/);
  await terminal.press('G');
  await terminal.until(/│ +999 │[\s\S]*1,000 rows · 2 columns[\s\S]*\(END\)$/);
  await terminal.press('Right', 'Right');
  await terminal.until(/w │\n/);
  await terminal.press('C-c');
  await terminal.press('q');
  await terminal.until(/\nkodiak>$/);
  await terminal.run("select 'alive' as still;");
  expect(await terminal.screen()).toContain('alive');
});

test.runIf(HAS_LESS)('rows that do not fit go through the pager while they arrive; leaving it early is no error', async () => {
  const terminal = await startKodiak([], { columns: 80, rows: 24, env: NO_PAGER });
  await terminal.run('.mode csv');
  await terminal.run('select range as r from range(10);');
  expect(await terminal.screen()).toMatch(/\n9\nkodiak>$/);
  await terminal.enter('select range as r from range(3000000);');
  await terminal.until(/^r\n0\n1\n[\s\S]*\n:$/);
  await terminal.press('q');
  await terminal.until(/\nkodiak>$/);
  expect(await terminal.screen()).not.toContain('error');
  await terminal.run('.pager off');
  await terminal.run('select range as r from range(100);');
  expect(await terminal.screen()).toMatch(/\n99\nkodiak>$/);
});

test('where there is no pager, there is one of our own', async () => {
  const terminal = await startKodiak([], { columns: 60, rows: 14, env: { ...NO_PAGER, PATH: withoutLess() } });
  await terminal.run('.pager');
  expect(await terminal.screen()).toContain('built in');
  await terminal.run("select range as r, repeat('w', 100) || 'end' as wide from range(1000);");
  await terminal.enter('.last');
  await terminal.until(/^┌[\s\S]*lines 1–13 of/);
  await terminal.press('Space');
  await terminal.until(/lines 14–26 of/);
  await terminal.press('G');
  await terminal.until(/│ +999 │[\s\S]*lines 994–1006 of 1006 /);
  await terminal.press('Right', 'Right');
  await terminal.until(/wend │/);
  await terminal.resize(60, 20);
  await terminal.until(/lines 988–1006 of 1006 /);
  await terminal.press('q');
  await terminal.until(/kodiak> \.last\n[\s\S]*kodiak>$|kodiak>$/);
  await terminal.type('select 1 as typed_after;');
  await terminal.until('typed_after;');
  await terminal.press('Enter');
  await terminal.until(/typed_after │[\s\S]*kodiak>$/);
});

test('a pager that is not there is named, and .pager off does without', async () => {
  const terminal = await startKodiak([], { columns: 80, rows: 24, env: { ...NO_PAGER, PAGER: 'no-such-pager' } });
  await terminal.run('select range as r from range(100);');
  await terminal.enter('.last');
  await terminal.until(/The pager no-such-pager is not there; \.pager off does without one\.\nkodiak>$/);
});

test('.once and .output keep results out of the terminal, whole and without colours', async () => {
  const cwd = temporaryFolder();
  const terminal = await startKodiak([], { cwd, columns: 80, rows: 24 });
  await terminal.run('.once all.txt');
  await terminal.run("select range as r, '日本🦆' as wide from range(30);");
  expect(await terminal.screen()).not.toContain('日本🦆  │');
  const text = readFileSync(join(cwd, 'all.txt'), 'utf8');
  expect(text).toContain('│     29 │ 日本🦆  │\n');
  expect(text).not.toContain('\u001b');
  await terminal.run('select 5 as next;');
  expect(await terminal.screen()).toMatch(/│ +5 │/);
  await terminal.run('.once |wc -l');
  await terminal.enter('select 1 as a;');
  await terminal.until(/\n *7\nkodiak>$/);
});

test('hostile values are shown, and the frame stays whole', async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'hostile.csv'), 'a\n"\u001b[2J\u001b]0;owned\u0007\u202egnp|line\nbreak"\n');
  const terminal = await startKodiak([], { cwd, columns: 100, rows: 30 });
  for (const mode of ['box', 'csv', 'list', 'line', 'json', 'insert', 'table']) {
    await terminal.run(`.mode ${mode}`);
    await terminal.run(`select a as ${mode}_a from 'hostile.csv';`);
  }
  const screen = await terminal.scrollback();
  // Nothing was erased, and what would erase is there to be read.
  expect(screen).toContain('.mode box');
  expect(screen.match(/␛\[2J␛\]0;owned␇/g)?.length).toBeGreaterThanOrEqual(5);
  expect(screen).toContain("chr(27) || '[2J'");
});

test('a query that takes long shows how far it is, and leaves nothing of that behind', async () => {
  const terminal = await startKodiak([], { columns: 100, rows: 24, env: NO_PAGER });
  await terminal.untilPrompt();
  await terminal.enter('create table big as select range as i from range(30000000);');
  await terminal.until(/\d\.\d s · (?:\d+ % · )?.*Ctrl\+C cancels$/);
  await terminal.until(/CREATE · .*\nkodiak>$/, 60_000);
  expect(await terminal.screen()).not.toContain('Ctrl+C cancels');
});
