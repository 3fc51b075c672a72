import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATA_FILE_GLOB, fileSql, isDatabaseFile, isDataFile } from '../../../client/explorer/dataFiles.ts';
import { withEngine } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('isDataFile', () => {
  it.each(['a.csv', 'data/A.CSV', 'x.y.tsv.gz', 'a.parquet', 'b.json', 'b.jsonl.zst', 'c.ndjson', 'd.duckdb', 'e.ddb', 'a b/ü🦆.csv'])(
    'shows %s',
    (path) => expect(isDataFile(path)).toBe(true),
  );

  it.each([
    'a.csv.txt',
    'csv',
    'a.parquet.gz',
    'a.xlsx',
    'node_modules/x/data.csv',
    'web/node_modules/x.csv',
    '.git/a.csv',
    'a/.cache/b.csv',
    '.hidden.json',
    'package.json',
    'web/package-lock.json',
    'tsconfig.base.json',
  ])('leaves out %s', (path) => expect(isDataFile(path)).toBe(false));

  it('looks for the same endings in upper and lower case', () => {
    expect(DATA_FILE_GLOB).toContain('[cC][sS][vV]');
    expect(DATA_FILE_GLOB).toContain('[jJ][sS][oO][nN][lL].[gG][zZ]');
  });

  it('knows database files', () => {
    expect(['a.duckdb', 'A.DDB', 'a.csv'].map((path) => isDatabaseFile({ folder: '/w', path }))).toEqual([true, true, false]);
  });
});

describe('fileSql', () => {
  it('is relative to the folder where paths start', () => {
    const file = { folder: '/work/shop', path: 'data/orders.csv' };
    expect(fileSql(file, '/work/shop')).toBe("'data/orders.csv'");
    expect(fileSql(file, '/work/shop/data')).toBe("'orders.csv'");
    expect(fileSql(file, '/work/shop/queries')).toBe("'../data/orders.csv'");
    expect(fileSql(file, undefined)).toBe("'/work/shop/data/orders.csv'");
  });

  it('means this file and no other, whatever its name', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const names = [
      "it's.csv",
      'data[1].csv',
      'data1.csv',
      'w*.csv',
      'w1.csv',
      'q?.csv',
      'a{b}.csv',
      'ü🦆 "x".csv',
      'line\nbreak.csv',
      'sub/UP.CSV',
    ];
    mkdirSync(join(folder, 'sub'));
    for (const name of names) writeFileSync(join(folder, name), `name\n"${name.replaceAll('"', '""')}"\n`);
    await withEngine({}, async (engine) => {
      const session = await engine.openSession({ cwd: folder });
      for (const path of names) {
        for (const base of [folder, undefined]) {
          const result = await session.run(`FROM ${fileSql({ folder, path }, base)}`);
          expect(await result.page(0, 10)).toEqual([[path]]);
        }
      }
      await session.close();
    });
  });
});
