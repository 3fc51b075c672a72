import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isProgramBuilt, KodiakProgram } from '../../../support/kodiakProgram.ts';

const NOTEBOOK = `-- %% [markdown] About
-- # Orders <img src=x onerror=alert(1)>

-- %% params
SET VARIABLE least = 2;

-- %% Orders
create table orders as from 'orders.csv';

-- %% Totals name=totals chart=bar x=region y=total agg=none
select region, sum(amount) as total from orders where amount >= $least group by all order by region;

-- %% assert There are "totals" & more
select count(*) > 0 from totals;

-- %% assert No <b>big</b> \u001b[31m amounts
select amount, region from orders where amount > 7;

-- %% Broken
select nope from orders;

-- %% Not touched
select 40 + 2 as answer;
`;

describe.runIf(isProgramBuilt)('kodiak run', () => {
  const cleaning: (() => void)[] = [];
  let kodiak: KodiakProgram;
  beforeAll(() => {
    kodiak = new KodiakProgram((clean) => cleaning.unshift(clean));
    writeFileSync(join(kodiak.folder, 'orders.csv'), 'region,amount\nnorth,1\nsouth,3\nnorth,8\n');
    writeFileSync(join(kodiak.folder, 'n.kodiak.sql'), NOTEBOOK);
    writeFileSync(
      join(kodiak.folder, 'good.kodiak.sql'),
      `${NOTEBOOK.replace('> 7', '> 70').replace('select nope', 'select region')}\n-- %% stale=ignore\nselect random();\n`,
    );
  });
  afterAll(() => {
    for (const clean of cleaning) clean();
  });

  test('runs what does not depend on what failed, and says the rest', async () => {
    const { code, output, errors } = await kodiak.run(['run', 'n.kodiak.sql']);
    expect(code).toBe(2);
    expect(output).toContain('\n# Orders <img src=x onerror=alert(1)>\n');
    expect(output).toMatch(/│ north +│ +8 │\n│ south +│ +3 │/);
    expect(output).toContain('✓ There are "totals" & more passed\n');
    expect(errors).toContain('n.kodiak.sql:17:1: error: Assertion failed. No <b>big</b> ␛[31m amounts: Expected no rows, got 1 row.');
    expect(errors).toContain('n.kodiak.sql:20:8: error: ');
    expect(errors).toMatch(/│ +8 │ north +│/);
    expect(errors).toMatch(/7 cells: \d ok, 1 assertion failed, 1 failed(?:, 1 not run)? · .*\n$/);
    expect(output + errors).not.toContain('\u001b');
  });

  test('goes from top to bottom, and stops there', async () => {
    const { code, output, errors } = await kodiak.run([
      'run',
      'n.kodiak.sql',
      '--order',
      'top',
      '--output',
      'jsonl',
      '-p',
      'least=4',
      '--rows=1',
    ]);
    expect(code).toBe(2);
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ cell, status }) => `${cell} ${status}`)).toEqual([
      '2 ok',
      '3 ok',
      '4 ok',
      '5 ok',
      '6 assertionFailed',
      '7 failed',
      '8 skipped',
    ]);
    expect(lines[2]).toMatchObject({
      title: 'Totals',
      name: 'totals',
      line: 11,
      results: [
        {
          columns: [
            { name: 'region', type: 'VARCHAR' },
            { name: 'total', type: 'HUGEINT' },
          ],
          rowCount: 1,
          rows: [['north', 8]],
          rowsLeftOut: 0,
          provenance: { kind: 'run' },
        },
      ],
    });
    expect(lines[4]).toMatchObject({ role: 'assert', error: { code: 'sql' } });
    expect(lines[6]).toMatchObject({ reason: 'the cell "Broken" failed' });
    expect(lines[6]).not.toHaveProperty('results');
    expect(errors).toContain('the cell "Not touched" was not run: the cell "Broken" failed\n');
  });

  test('runs one cell with what it needs, and nothing else', async () => {
    const { code, output } = await kodiak.run(['run', 'n.kodiak.sql', '--only', 'totals', '-o', 'jsonl', '--param', 'least=4']);
    expect(code).toBe(0);
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ cell }) => cell)).toEqual([2, 3, 4]);
    expect(lines[2].results[0].rows).toEqual([['north', 8]]);
  });

  test('fails as soon as an answer or a source is another', async () => {
    const save = await kodiak.run(['run', 'good.kodiak.sql', '--save', 'saved.json']);
    expect([save.code, save.errors.split('\n').length]).toEqual([0, 2]);
    const same = await kodiak.run(['run', 'good.kodiak.sql', '--fail-on-stale', 'saved.json']);
    expect(same).toMatchObject({ code: 0 });
    writeFileSync(join(kodiak.folder, 'orders.csv'), 'region,amount\nnorth,1\nsouth,4\nnorth,8\n');
    const stale = await kodiak.run(['run', 'good.kodiak.sql', '--fail-on-stale', 'saved.json', '--only', 'totals']);
    expect(stale.code).toBe(1);
    expect(stale.errors).toContain('stale: the cell "Orders": orders.csv changed\nstale: the cell "Totals": its answer has other values\n');
    expect(stale.errors).not.toContain('Not touched');
  });

  test('writes pages with their charts', async () => {
    const html = await kodiak.run(['run', 'good.kodiak.sql', '-o', 'html', '--out', 'page.html']);
    expect([html.code, html.output]).toEqual([0, '']);
    const page = readFileSync(join(kodiak.folder, 'page.html'), 'utf8');
    expect(page).toContain('<img class="chart" alt="');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).not.toMatch(/<script|onerror="/);
    const markdown = await kodiak.run(['run', 'n.kodiak.sql', '-o', 'markdown', '--out', 'page.md']);
    expect(markdown.code).toBe(2);
    const text = readFileSync(join(kodiak.folder, 'page.md'), 'utf8');
    expect(text).toContain('](page-files/chart-1.svg)');
    expect(text).toContain('Assertion failed.');
    expect(readFileSync(join(kodiak.folder, 'page-files', 'chart-1.svg'), 'utf8')).toMatch(/^<svg /);
  });

  test.each([
    [['run'], 3, 'kodiak run: it runs one notebook\n'],
    [['run', 'n.kodiak.sql', '--param', 'leats=3'], 3, 'did you mean least?\nIts parameters:\n  least=2  (integer)\n'],
    [['run', 'n.kodiak.sql', '--param', 'least=much'], 3, '--param least: "much" is not a whole number, such as 42.\n'],
    [['run', 'n.kodiak.sql', '--only', 'total'], 3, '--only total: no cell is called so; did you mean totals?\n'],
    [['run', 'n.kodiak.sql', '--rows', 'all'], 3, '--rows takes a whole number up to 100000, not all\n'],
    [['run', 'nowhere.kodiak.sql'], 4, 'There is no file nowhere.kodiak.sql.\n'],
    [['run', 'n.kodiak.sql', '--fail-on-stale', 'orders.csv'], 4, 'orders.csv is no saved run: it is not JSON.'],
    [['run', 'n.kodiak.sql', '--db', 'no/such/folder.duckdb'], 4, 'does not exist.\n'],
    [['run', 'n.kodiak.sql', '--out', 'no/such/folder.txt'], 4, 'folder.txt cannot be written: the folder '],
    [['run', 'n.kodiak.sql', '--db', 'orders.csv'], 3, 'orders.csv is data, not a database; read it in SQL\n'],
  ])('%j ends with %i', async (args, expected, message) => {
    const { code, output, errors } = await kodiak.run(args);
    expect(errors).toContain(message);
    expect(output).toBe('');
    expect(code).toBe(expected);
    expect(existsSync(join(kodiak.folder, 'no'))).toBe(false);
  });
});
