import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { startKodiak } from '../../support/tmuxTerminal.ts';

test('keeps what is typed while a statement runs, and stops all that was submitted with Ctrl+C', async () => {
  const terminal = await startKodiak([]);
  await terminal.untilPrompt();
  await terminal.paste('select count(*) from range(1000000000000) t(i) where hash(i) = 7;\nselect 9 as never;');
  await terminal.until('never;');
  await terminal.press('Enter');
  await terminal.until('Ctrl+C cancels');
  await terminal.press('C-c');
  await terminal.until(/Cancelled\.\nkodiak>$/);
  await terminal.enter('select sum(i) as total from range(100000000) t(i); -- slow');
  await terminal.type('select 6 as ahead;');
  await terminal.press('Enter');
  await terminal.until(/total[\s\S]*kodiak> select 6 as ahead;[\s\S]*│ +6 │[\s\S]*kodiak>$/);
  expect(await terminal.screen()).not.toContain('never   │');
});

test('does without a line editor where the terminal cannot move its cursor', async () => {
  const dumb = await startKodiak([], { name: 'dumb', env: { TERM: 'dumb' } });
  await dumb.untilPrompt();
  await dumb.enter('select');
  await dumb.until('   ...>');
  await dumb.enter('42 as a;');
  await dumb.until(/│ +42 │[\s\S]*kodiak>$/);
  await dumb.press('C-d');
  expect(await dumb.exitCode()).toBe(0);
});

test('paints nothing under NO_COLOR, and hints at nothing', async () => {
  const plain = await startKodiak([], { env: { NO_COLOR: '1' } });
  await plain.run('select 123 as a;');
  await plain.type('select 1');
  await plain.until(/kodiak> select 1$/);
  expect(await plain.coloredScreen()).not.toContain('\u001b[3');
});

test('leaves at the second Ctrl+C while a statement runs', async () => {
  const busy = await startKodiak([]);
  await busy.untilPrompt();
  await busy.enter('select count(*) from range(1000000000000) t(i) where hash(i) = 7;');
  await busy.until('Ctrl+C cancels');
  await busy.press('C-c', 'C-c');
  expect(await busy.exitCode()).toBe(130);
});

test('draws a statement again when the terminal is resized, and keeps what is above', async () => {
  const terminal = await startKodiak([], { columns: 100, rows: 24 });
  await terminal.run("select 'above' as a;");
  const words = Array.from({ length: 24 }, (_, index) => `word${index}`).join(' ');
  await terminal.type(`select '${words}',`);
  await terminal.press('Enter');
  await terminal.type('2 as 日本語');
  await terminal.until('2 as 日本語');
  for (const [columns, rows] of [
    [60, 24],
    [33, 20],
    [120, 24],
    [41, 12],
    [100, 30],
  ] as const) {
    await terminal.resize(columns, rows);
    const whole = await terminal.until((screen) => {
      const lines = screen.split('\n');
      const at = lines.findLastIndex((line) => line.startsWith('kodiak> select'));
      const typed = lines.slice(at).join('');
      return at >= 0 && typed.replaceAll(/\s/g, '') === `kodiak> select '${words}',   ...> 2 as 日本語`.replaceAll(/\s/g, '');
    });
    expect(whole.split("kodiak> select 'word0").length).toBe(2);
    await terminal.type('x');
    await terminal.until('日本語x');
    await terminal.press('BSpace');
    await terminal.until((screen) => !screen.includes('日本語x'));
  }
  await terminal.type(';');
  await terminal.press('Enter');
  await terminal.until(/kodiak>$/);
  const all = await terminal.scrollback();
  expect(all.split('│ above').length).toBe(2);
  expect(all).toContain(`kodiak> select '${words}',\n   ...> 2 as 日本語;`);
});

test('draws rightly what is typed before it hears of the new size', async () => {
  const terminal = await startKodiak([], { columns: 100, rows: 24 });
  const words = Array.from({ length: 24 }, (_, index) => `word${index}`).join(' ');
  // tmux pushes lines out at the top when it wraps others: here none of the statement's.
  await terminal.run("select 'above' as a;");
  await terminal.type(`select '${words}'`);
  await terminal.until("word23'");
  for (const [columns, typed] of [
    [60, ','],
    [33, ' 1 '],
    [120, 'as'],
    [41, ' b'],
  ] as const) {
    // A program that is busy finds the keys and the new size at once, the keys first.
    process.kill(terminal.pid, 'SIGSTOP');
    await terminal.resize(columns, 24);
    await terminal.type(typed);
    process.kill(terminal.pid, 'SIGCONT');
    await terminal.until(new RegExp(`${[...typed.trim()].join('\\s*')}$`));
    expect((await terminal.scrollback()).split("kodiak> select 'word0").length).toBe(2);
  }
});

test('edits a statement that is taller than the screen, and leaves all of it above the result', async () => {
  const terminal = await startKodiak([], { columns: 60, rows: 10 });
  await terminal.untilPrompt();
  const lines = Array.from({ length: 40 }, (_, index) => `  ${index} as c${index},`);
  await terminal.paste(`select\n${lines.join('\n')}\n  'end' as last`);
  await terminal.until("'end' as last");
  await terminal.press('M-<');
  await terminal.until(/^kodiak> select\n/);
  await terminal.press('End');
  await terminal.type(' -- here');
  await terminal.until('select -- here');
  await terminal.press('M->');
  await terminal.until("'end' as last");
  await terminal.type(';');
  await terminal.press('Enter');
  await terminal.untilPrompt();
  const all = await terminal.scrollback();
  expect(all).toContain(`kodiak> select -- here\n   ...>   0 as c0,\n`);
  for (const line of lines) expect(all.split(`...> ${line}\n`).length).toBe(2);
});

test('keeps its prompt below the rows when the terminal is resized during output', async () => {
  const terminal = await startKodiak([], { columns: 100, rows: 24 });
  await terminal.run('.mode csv');
  await terminal.run('.pager off');
  await terminal.enter("select i, 'row ' || i as text from range(40000) t(i);");
  await terminal.until('row 1');
  for (const columns of [50, 90, 30, 100]) await terminal.resize(columns, 20);
  await terminal.untilPrompt(60_000);
  await terminal.until(/39999,row 39999\n/);
  await terminal.type("select 'after' as a;");
  await terminal.press('Enter');
  await terminal.until(/^after$/m);
});

test('takes a paste of a megabyte, binary rubbish and control characters', async () => {
  const terminal = await startKodiak([], { columns: 80, rows: 24 });
  await terminal.untilPrompt();
  await terminal.paste(`select length('${'ab'.repeat(500_000)}') as n`);
  await terminal.until("') as n");
  const started = Date.now();
  await terminal.type(';');
  await terminal.until(/as n;$/);
  expect(Date.now() - started).toBeLessThan(2_000);
  await terminal.press('Enter');
  await terminal.until(/1000000 │[\s\S]*kodiak>$/);
  const rubbish = Array.from({ length: 3_000 }, (_, index) => String.fromCharCode((index * 7919) % 0x2ff)).join('');
  await terminal.paste(rubbish);
  await terminal.press('C-c');
  await terminal.untilPrompt();
  // Without brackets around them they are keys, some of which act.
  await terminal.type([...rubbish].filter((char) => !'\u0003\u0004\u0018\u001a'.includes(char)).join(''));
  await terminal.press('C-g', 'C-c', 'C-c');
  await terminal.press('C-l');
  await terminal.until(/kodiak>/);
});

test('gives the keyboard to a program that shows the results', async () => {
  const folder = temporaryFolder();
  const terminal = await startKodiak([], { columns: 60, rows: 10, cwd: folder });
  const program = `const { openSync, createReadStream } = require('node:fs');
    process.stdin.resume().on('end', () => {
      console.log('press keys');
      const keys = createReadStream('', { fd: openSync('/dev/tty', 'r') });
      keys.setEncoding('utf8').once('data', (typed) => { console.log('got ' + JSON.stringify(typed)); process.exit(); });
    });`;
  writeFileSync(join(folder, 'show.cjs'), program);
  await terminal.run('.once |node show.cjs');
  await terminal.enter('select 1;');
  await terminal.until('press keys');
  // The terminal is in its own mode, in which a line comes as a whole.
  await terminal.enter('abc');
  await terminal.until('got "abc\\n"');
  expect(await terminal.run('select 6 * 7 as a;')).toMatch(/│ +42 │/);
});

test('lets a person type before the database is open, and tells above it which one it is', async () => {
  const folder = temporaryFolder();
  const terminal = await startKodiak(['typed.duckdb'], { cwd: folder });
  await terminal.until(/kodiak>$/);
  await terminal.type('select 40 + 2 as a;');
  await terminal.until(/typed\.duckdb \(new\)\n(?:.*\n)*kodiak> select 40 \+ 2 as a;$/);
  await terminal.press('Enter');
  await terminal.until(/│ +42 │[\s\S]*kodiak>$/);
  await terminal.press('C-d');
  expect(await terminal.exitCode()).toBe(0);
});

test('ends with the reason where the database cannot be opened, also below what has been typed', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'bad.duckdb'), 'no database');
  const terminal = await startKodiak(['bad.duckdb'], { cwd: folder });
  await terminal.until(/kodiak>$/);
  await terminal.type('select 1');
  expect(await terminal.exitCode()).toBe(1);
  const said = await terminal.screen();
  expect(said).toMatch(/not a valid DuckDB database|not a DuckDB database|bad\.duckdb/);
  expect(said.split('Error').length, said).toBeLessThanOrEqual(2);
});

test('leaves no server behind when a person leaves before it answers', async () => {
  const folder = temporaryFolder();
  const env = { KODIAK_RUNTIME_DIR: join(folder, 'run') };
  const terminal = await startKodiak([], { cwd: folder, env });
  await terminal.until(/kodiak>$/);
  await terminal.press('C-d');
  expect(await terminal.exitCode()).toBe(0);
  await vi.waitFor(() => expect(readdirSync(env.KODIAK_RUNTIME_DIR).filter((name) => /\.(?:sock|log)$/.test(name))).toEqual([]), {
    timeout: 5_000,
  });
});

test('leaves the terminal as it was when it is told to end', async () => {
  const folder = temporaryFolder();
  const record = join(folder, 'bytes');
  const program = [process.execPath, resolve('dist/client/terminal/main.js')].map((word) => `'${word}'`).join(' ');
  // A program that `script` records; its shell is replaced, so that the process is the program's own.
  const env = { ...process.env, TERM: 'xterm', KODIAK_RUNTIME_DIR: join(folder, 'run') };
  const child = spawn('script', ['-qefc', `echo $$ > ${folder}/pid; exec ${program}`, record], { env, cwd: folder, stdio: 'pipe' });
  const ended = new Promise<number | null>((resolveCode) => child.once('close', resolveCode));
  const written = () => readFileSync(record, 'latin1');
  await vi.waitFor(() => expect(written()).toContain('\u001b[?2004h'), { timeout: 10_000 });
  process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGTERM');
  expect(await ended).toBe(143);
  expect(written().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(written().lastIndexOf('\u001b[?2004h'));
});
