import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { isProgramBuilt, KodiakProgram } from '../../support/kodiakProgram.ts';

const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends.reverse()) end();
});
const program = new KodiakProgram((end) => void ends.push(end as () => void));
const csv = (input: string | Buffer, ...args: string[]) => program.run(['--format', 'csv', ...args], input as string);

describe.runIf(isProgramBuilt)('from a pipe', () => {
  it('bytes that are no text stop the run at their place', async () => {
    const binary = Buffer.concat([
      Buffer.from('select 1 as a;\n'),
      Buffer.from([0xff, 0xfe, 0x00, 0x80]),
      Buffer.from('\nselect 2 as b;\n'),
    ]);
    const { code, output, errors } = await csv(binary);
    expect([code, output.includes('b')]).toEqual([1, false]);
    expect(errors).toMatch(/<stdin>: what follows line 1 is not UTF-8 text/);
  });

  it('a NUL stops it, and no half of the statement is run', async () => {
    expect(await csv('create table t as select 1 as a; select a from t;', 'nul.duckdb')).toMatchObject({ code: 0 });
    const { code, errors } = await csv('delete from t\0 where a = 2;\n', 'nul.duckdb');
    expect([code, errors]).toEqual([1, expect.stringContaining('line 1 has a NUL character')]);
    expect((await program.run(['nul.duckdb', '-c', 'select a from t', '--format', 'csv'])).output.trim()).toMatch(/1$/);
  });

  it('a byte order mark, Windows line ends and a last statement without a semicolon are fine', async () => {
    const { code, output } = await csv('\ufeffselect 1 as a;\r\n.mode csv\r\nselect 2\r\n as b');
    expect([code, output.replaceAll('\r', '')]).toEqual([0, 'a\n1\nb\n2\n']);
  });

  it('what ends within a text is a mistake at its place', async () => {
    const { code, errors } = await csv("select 1 as a;\nselect 'never closed;\n");
    expect([code, errors]).toEqual([1, expect.stringMatching(/<stdin>:2:8: error:.*unterminated quoted string/)]);
  });

  it('a line of a megabyte is run', async () => {
    const { code, output } = await csv(`select length('${'x'.repeat(1_000_000)}') as n;\n`);
    expect([code, output.trim()]).toEqual([0, expect.stringMatching(/1000000$/)]);
  });

  it('a long literal with a semicolon in each line is read once, not once for each line', async () => {
    const lines = 'one; two\n'.repeat(150_000);
    const { code, output } = await csv(`select length('${lines}') as n;\n`);
    expect([code, output.trim()]).toEqual([0, expect.stringMatching(/1350000$/)]);
  });

  it('statements run as they come, before the end of the input', async () => {
    const child = program.start(['--format', 'csv']);
    child.stdin?.write('select 11 as early;\n');
    const [first] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(String(first)).toContain('early');
    child.stdin?.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

describe.runIf(isProgramBuilt)('a reader that goes away', () => {
  it('ends the program quietly', async () => {
    const child = program.start(['--format', 'csv', '-c', 'from range(5000000)', '-c', 'select 1']);
    let errors = '';
    child.stderr?.on('data', (data) => {
      errors += String(data);
    });
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.stdout?.destroy();
    const [code] = await once(child, 'close');
    expect([code, errors]).toEqual([0, '']);
  });
});

describe.runIf(isProgramBuilt)('a server that is asked to end while it writes', () => {
  it('rolls back, leaves the file whole, and tells the terminal', async () => {
    expect((await csv('create table t as select 1 as a;', 'term.duckdb')).code).toBe(0);
    const writer = program.start(['term.duckdb', '--format', 'csv']);
    let errors = '';
    writer.stderr?.on('data', (data) => {
      errors += String(data);
    });
    writer.stdin?.write('select 1 as ready;\n');
    await once(writer.stdout as NodeJS.ReadableStream, 'data');
    const { output } = await program.run(['ps', '--json']);
    const pid = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { pid: number; database: string })
      .find(({ database }) => database.endsWith('term.duckdb'))?.pid;
    writer.stdin?.write('insert into t select hash(a.range + b.range) % 100 from range(100000) a, range(100000) b;\n');
    await delay(300);
    process.kill(pid ?? 0, 'SIGTERM');
    const [code] = await once(writer, 'close');
    expect(code).toBe(1);
    expect(errors).toMatch(/The server is gone|cancelled|closing/i);
    expect((await program.run(['term.duckdb', '-c', 'select count(*) as n, max(a) as a from t', '--format', 'csv'])).output.trim()).toMatch(
      /1,1$/,
    );
  });
});
