import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isProgramBuilt, KodiakProgram } from '../../../support/kodiakProgram.ts';

const NOTEBOOK = `-- %% [markdown] About
-- # Orders   and   more

-- %% params
SET VARIABLE least = 2;

-- %% Orders name=daily
create table   orders(region text,amount int);
select * from orders where amount>=$least;

-- %% Uses
select region,nope from daily;
`;

describe.runIf(isProgramBuilt)('kodiak check and format', () => {
  const cleaning: (() => void)[] = [];
  let kodiak: KodiakProgram;
  const write = (name: string, text: string) => writeFileSync(join(kodiak.folder, name), text);
  const read = (name: string) => readFileSync(join(kodiak.folder, name), 'utf8');
  beforeAll(() => {
    kodiak = new KodiakProgram((clean) => cleaning.unshift(clean));
    for (const name of ['sub', 'node_modules', '.hidden']) mkdirSync(join(kodiak.folder, name));
    write('n.kodiak.sql', NOTEBOOK);
    write('sub/good.sql', 'SELECT\n    1 AS a;\n');
    write('sub/data.csv', 'a\n1\n');
    write('sub/reads.sql', "select a, b from 'data.csv';");
    for (const folder of ['node_modules', '.hidden']) write(`${folder}/bad.sql`, 'selct');
    write('sub/text.txt', 'selct');
  });
  afterAll(() => {
    for (const clean of cleaning) clean();
  });

  test('checks all files of folders, each with its own folder, and runs nothing', async () => {
    const { code, output, errors } = await kodiak.run(['check', '.']);
    expect(output.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
      expect.stringMatching(/^n\.kodiak\.sql:12:15: error: Binder Error: .*"nope".* \[binder\]$/),
      expect.stringMatching(/^sub\/reads\.sql:1:11: error: Binder Error: .*"b".* \[binder\]$/),
      '',
    ]);
    expect(errors).toBe('3 files: 2 errors, 0 notes\n');
    expect(code).toBe(1);
  });

  test('writes SARIF into a file, and fails from what on it is told to', async () => {
    const { code, output } = await kodiak.run(['check', 'n.kodiak.sql', '--format', 'sarif', '--out', 'log.sarif', '--fail-on', 'never']);
    expect([code, output]).toEqual([0, '']);
    const [found] = JSON.parse(read('log.sarif')).runs[0].results;
    expect(found.locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'n.kodiak.sql' },
      region: { startLine: 12, startColumn: 15 },
    });
  });

  test('knows the tables of a database', async () => {
    await kodiak.run(['-c', 'create table there(a int)', 'x.db']);
    write('db.sql', 'select a, b from there');
    const { code, output } = await kodiak.run(['check', 'db.sql', '--db', 'x.db', '--format=github']);
    expect(output).toMatch(/^::error file=db\.sql,line=1,endLine=1,col=11,endColumn=12,title=Kodiak%3A binder::Binder Error/);
    expect(code).toBe(1);
  });

  test('lists what is not formatted, formats it once, and leaves it then', async () => {
    const before = await kodiak.run(['format', '--check', 'n.kodiak.sql', 'sub']);
    expect(before).toEqual({ code: 1, output: 'n.kodiak.sql\nsub/reads.sql\n', errors: '3 files: 2 not formatted\n' });
    expect(read('n.kodiak.sql')).toBe(NOTEBOOK);
    expect(await kodiak.run(['format', 'n.kodiak.sql'])).toEqual({ code: 0, output: '', errors: '1 file: 1 changed\n' });
    const formatted = read('n.kodiak.sql');
    expect(formatted).toContain('-- # Orders   and   more\n\n-- %% params\n');
    expect(formatted.replaceAll(/\s/g, '')).toBe(NOTEBOOK.replaceAll(/\s/g, ''));
    expect(formatted).not.toContain('create table   orders');
    expect(await kodiak.run(['format', 'n.kodiak.sql', '--check'])).toMatchObject({ code: 0, output: '' });
  });

  test('formats what comes in, and leaves what is no SQL', async () => {
    const { code, output } = await kodiak.run(['format', '--stdin', '--indent', '2'], 'select 1,2 from t;\r\n\r\nselect ((1;\r\n');
    expect(code).toBe(0);
    expect(output).toMatch(/^select\r\n {2}1,\r\n {2}2\r\nfrom\r\n {2}t;\r\n\r\nselect \(\(1;\r\n$/);
    expect(await kodiak.run(['format', '--stdin', '--check'], 'select   1')).toMatchObject({ code: 1, output: '' });
  });

  test.each([
    [['check'], 3, 'it needs files or folders'],
    [['check', 'nowhere.sql'], 4, 'There is no file or folder nowhere.sql.'],
    [['check', 'sub/text.txt'], 3, 'sub/text.txt is none of *.sql, *.ipynb'],
    [['check', 'sub/good.sql', '--db', 'no.db'], 4, 'There is no database no.db.'],
    [['format'], 3, 'it needs files or folders, or --stdin'],
    [['format', '--stdin', 'a.sql'], 3, '--stdin takes no files'],
    [['format', 'sub', '--indent', '99'], 3, '--indent takes tab, or 1 to 16, not 99'],
    [['completions', 'tcsh'], 3, 'there is no tcsh; there are bash, zsh, fish'],
  ])('%j ends with %i', async (args, expected, message) => {
    const { code, output, errors } = await kodiak.run(args);
    expect(errors).toContain(message);
    expect([code, output]).toEqual([expected, '']);
  });
});
