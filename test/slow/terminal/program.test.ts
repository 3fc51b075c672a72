import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, ended as finish, isProgramBuilt, KodiakProgram } from '../../support/kodiakProgram.ts';

const BUILT = isProgramBuilt && existsSync('dist/engine/engine.js');

const cleaning: (() => void)[] = [];
let program: KodiakProgram;
let folder: string;
beforeAll(() => {
  program = new KodiakProgram((clean) => cleaning.unshift(clean));
  folder = program.folder;
});
afterAll(() => {
  for (const clean of cleaning) clean();
});

function start(args: readonly string[]): ChildProcess {
  return program.start(args);
}

function kodiak(args: readonly string[], input?: string): Promise<Ended> {
  return program.run(args, input);
}

describe.runIf(BUILT)('kodiak', () => {
  test('shows a result', async () => {
    const { code, output, errors } = await kodiak(['-c', "select 1 as a, 'ü' as b"]);
    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(output).toContain('│       1 │ ü       │');
    expect(output).toMatch(/1 row · 2 columns · .* · computed\n$/);
  });

  test('shows the ends of a long result', async () => {
    const { output } = await kodiak(['-c', 'select range as i from range(1000000)']);
    expect(output.split('\n')).toHaveLength(4 + 41 + 1 + 2);
    expect(output).toContain('│      0 │');
    expect(output).toContain('│ 999999 │');
    expect(output).toContain('1,000,000 rows (40 shown) · 1 column · ');
  });

  test('writes all rows as CSV', async () => {
    const { code, output } = await kodiak(['--format', 'csv', '-c', "select i, 'x' || i as text from range(100000) t(i)"]);
    const lines = output.split('\r\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(100_002);
    expect([lines[0], lines[1], lines[100_000], lines[100_001]]).toEqual(['i,text', '0,x0', '99999,x99999', '']);
  });

  test('writes JSON that loses no digit', async () => {
    const { output } = await kodiak([
      '--format',
      'json',
      '-c',
      "select 9223372036854775807 as big, 1.10 as dec, [1, null] as list, date '2024-02-29' as day",
    ]);
    expect(output).toBe('[\n{"big":9223372036854775807,"dec":1.10,"list":[1,null],"day":"2024-02-29"}\n]\n');
  });

  test('stops quietly, and early, when nobody reads any more', async () => {
    const child = start(['--format', 'csv', '-c', 'from range(1000000000000)']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, errors } = await finish(child);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  test('runs SQL and commands from a pipe', async () => {
    const { code, output } = await kodiak([], 'create table t (a int);\n.tables\ninsert into t\nvalues (1), (2);\n.mode jsonl\nfrom t');
    expect(code).toBe(0);
    expect(output).toMatch(/^CREATE.*\nt +0 rows +1 columns\nINSERT · 2 rows changed.*\n\{"a":1\}\n\{"a":2\}\n$/);
  });

  test('says where an error is, and stops there', async () => {
    const file = join(folder, 'broken.sql');
    writeFileSync(file, "select 'first';\n\nselect\n  nme\nfrom (select 1 as name);\nselect 'never';\n");
    const { code, output, errors } = await kodiak([file]);
    expect(code).toBe(1);
    expect(output).toContain('first');
    expect(output).not.toContain('never');
    expect(errors).toContain(`${file}:4:3: error: `);
    expect(errors).toContain('4 |   nme\n  |   ^^^\n');
  });

  test('reads relative paths from the folder of a notebook', async () => {
    const notebooks = join(folder, 'notebooks');
    mkdirSync(notebooks);
    writeFileSync(join(notebooks, 'data.csv'), 'a\n42\n');
    writeFileSync(join(notebooks, 'n.kodiak.sql'), "-- %% [markdown]\n-- # Title\n-- %%\nfrom 'data.csv';\n");
    const { code, output, errors } = await kodiak(['notebooks/n.kodiak.sql']);
    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(output).toContain('# Title');
    expect(output).toContain('42');
  });

  test('runs a notebook with parameters and named results', async () => {
    const file = join(folder, 'params.kodiak.sql');
    const cells = [
      "-- %% params\n-- label: From\nSET VARIABLE least = 7;\nSET VARIABLE word = 'it''s';\n",
      '-- %% Numbers name=numbers\nselect 1;\nselect range as i, random() as r from range(10) where range >= $least;\n',
      '-- %%\nselect count(*) as n, min(i) as least, $word as word from numbers;\n',
      '-- %% name=select\nselect 5 as five;\n',
      '-- %%\nselect $nobody;\n',
    ];
    writeFileSync(file, cells.join('\n'));
    const { code, output, errors } = await kodiak(['--format', 'jsonl', file]);
    expect(output).toContain('{"n":3,"least":7,"word":"it\'s"}');
    expect(errors).toContain('The result cannot be called "select": it is a word of SQL');
    expect(errors).toContain('error: No value for $nobody: give one by SET VARIABLE nobody = … before.');
    expect(code).toBe(1);
  });

  test('refuses wrong arguments', async () => {
    expect(await kodiak(['--bogus'])).toMatchObject({ code: 2, output: '' });
    expect(await kodiak(['missing.sql'])).toMatchObject({ code: 2, output: '' });
    expect((await kodiak(['no/such/folder/x.duckdb', '-c', 'select 1'])).errors).toMatch(/The folder .*no\/such\/folder does not exist/);
  });

  test('shares a database file with another program, and keeps a promise to read only', async () => {
    const first = start(['shared.duckdb']);
    first.stdin?.write('create table t as select 1 as a;\nselect 2;\n');
    await new Promise((ready) => first.stdout?.once('data', ready));
    const second = await kodiak([
      'shared.duckdb',
      '--format',
      'csv',
      '-c',
      'insert into t values (2)',
      '-c',
      'select count(*) as n from t',
    ]);
    expect(second).toMatchObject({ code: 0, output: 'n\r\n2\r\n' });
    const third = await kodiak(['shared.duckdb', '--readonly', '-c', 'insert into t values (3)']);
    expect(third.code).toBe(1);
    expect(third.errors).toContain('is open for writing in Kodiak');
    expect((await finish(first, 'select 3;\n')).code).toBe(0);
  });

  test('cancels with Ctrl+C', async () => {
    const child = start(['-c', 'select 1', '-c', 'select count(*) from range(1000000000000) t(i) where hash(i) = 7']);
    // After the first answer, the second statement runs.
    child.stdout?.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
    const ended = finish(child);
    expect((await ended).code).toBe(130);
  });

  test('leaves no server behind', async () => {
    const files = () => readdirSync(program.runtimeFolder).filter((name) => name.endsWith('.sock') || name.endsWith('.log'));
    for (let tries = 0; files().length > 0 && tries < 100; tries++) await new Promise((wait) => setTimeout(wait, 50));
    expect(files()).toEqual([]);
  });

  test('has the usage that its help promises', async () => {
    const { output } = await kodiak(['--help']);
    expect(output).toContain('Usage: kodiak');
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect((await kodiak(['--version'])).output).toBe(
      `kodiak ${(JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version}\n`,
    );
  });

  test('judges assert cells: what passes is a line, what fails ends the run with its title and rows on stderr', async () => {
    const file = join(folder, 'checks.kodiak.sql');
    const cells = [
      '-- %%\ncreate temp table orders as select range as id, range % 3 as customer from range(6);',
      '-- %% assert Ids are unique\nselect id from orders group by id having count(*) > 1;',
      "-- %% assert No customer 2\nset variable banned = 2;\nselect id, customer from orders where customer = getvariable('banned') order by id;",
      "-- %%\nselect 'not reached' as after;",
    ];
    writeFileSync(file, cells.join('\n\n'));
    const box = await kodiak([file]);
    expect(box.code).toBe(1);
    expect(box.output).toContain('✓ Ids are unique passed');
    expect(box.output).not.toContain('not reached');
    expect(box.errors).toContain('checks.kodiak.sql:9: error: assertion failed: No customer 2: Expected no rows, got 2 rows.');
    expect(box.errors).toMatch(/│\s+2 │\s+2 │\n│\s+5 │\s+2 │/);
    const csv = await kodiak([file, '--format', 'csv']);
    expect([csv.code, csv.output]).toEqual([1, '']);
    expect(csv.errors).toContain('assertion failed: No customer 2');
  });

  test('an assert cell without a SELECT, without text, or with wrong SQL is a failure', async () => {
    for (const [sql, error] of [
      [
        'create temp table t as select 1 as a;',
        'assertion failed: Sound: An assertion needs a SELECT as its last statement, and CREATE gives',
      ],
      ['', 'assertion failed: Sound: An assertion needs a SELECT: this cell has no statement.'],
      ['select nothing;', 'Referenced column "nothing"'],
    ] as const) {
      writeFileSync(join(folder, 'unsound.kodiak.sql'), `-- %% assert Sound\n${sql}\n`);
      const { code, errors } = await kodiak([join(folder, 'unsound.kodiak.sql')]);
      expect([sql, code]).toEqual([sql, 1]);
      expect(errors).toContain(error);
    }
  });

  test('does not run a cell that git could not merge, nor what follows', async () => {
    const file = join(folder, 'merged.kodiak.sql');
    writeFileSync(
      file,
      "-- %%\nselect 'before' as a;\n-- %%\n<<<<<<< HEAD\nselect 1;\n=======\nselect 2;\n>>>>>>> b\n-- %%\nselect 'after' as a;\n",
    );
    const { code, output, errors } = await kodiak([file]);
    expect([code, output.includes('before'), output.includes('after')]).toEqual([1, true, false]);
    expect(errors).toContain('merged.kodiak.sql:4:1: error: Git could not merge this');
  });
});
