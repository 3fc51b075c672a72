import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { filePattern } from '../../../client/explorer/dataFiles.ts';
import { firstLook } from '../../../client/viewer/fileKind.ts';
import { readAdvice } from '../../../client/viewer/readAdvice.ts';
import { fileRowsSql } from '../../../client/viewer/readSql.ts';
import type { Row } from '../../../engine/types.ts';
import type { ReadOptions } from '../../../server/protocol/dataViewer.ts';
import { rowsOf, withSession } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** Looks at a file as the editor does, and reads it in that way, or in the way that is given. */
async function read(folder: string, name: string, content: string | Uint8Array, options?: ReadOptions): Promise<Row[]> {
  writeFileSync(join(folder, name), content);
  const bytes = Buffer.from(content);
  const look = firstLook(name, bytes.length, bytes.subarray(0, 16));
  if (look.problem !== undefined) throw new Error(look.problem);
  const sql = fileRowsSql(filePattern({ folder, path: name }, undefined), options ?? look.options);
  return await withSession((session) => rowsOf(session, sql));
}

describe('a data file', () => {
  it('may have any name, also one that would be a pattern', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a1.csv'), 'n\n7\n');
    for (const name of ["a*'s [x]?.csv", 'a[1].csv', '-- %%.csv']) expect(await read(folder, name, 'n\n1\n2\n')).toEqual([[1n], [2n]]);
  });

  it('is read by its ending, also compressed', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const csv = 'a,b\n1,x\n';
    expect(await read(folder, 'a.CSV', csv)).toEqual([[1n, 'x']]);
    expect(await read(folder, 'a.csv.gz', gzipSync(csv))).toEqual([[1n, 'x']]);
    expect(await read(folder, 'a.tsv', 'a\tb\n1\tx\n')).toEqual([[1n, 'x']]);
    expect(await read(folder, 'a.json', '[{"a":1},{"a":2}]')).toEqual([[1n], [2n]]);
    expect(await read(folder, 'a.ndjson', '{"a":1}\n{"a":2}\n')).toEqual([[1n], [2n]]);
    expect(await read(folder, 'a.jsonl.gz', gzipSync('{"a":1}\n'))).toEqual([[1n]]);
  });

  it('counts by its first bytes more than by its name', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'real.parquet');
    await withSession((session) => rowsOf(session, `copy (select 1 as a) to '${path}'`));
    const { readFileSync } = await import('node:fs');
    expect(await read(folder, 'wrong.csv', readFileSync(path))).toEqual([[1]]);
    expect(await read(folder, 'packed.csv', gzipSync('a\n1\n'))).toEqual([[1n]]);
    expect(firstLook('a.csv', 20, Buffer.from('PAR1')).notice).toBe('The name says CSV, but this is Parquet.');
    expect(firstLook('a.db', 20, Buffer.from('\0\0\0\0\0\0\0\0DUCK')).options).toEqual({ kind: 'database' });
  });

  it('that cannot be read at all says why', () => {
    expect(firstLook('a.parquet', 0, new Uint8Array()).problem).toContain('is empty');
    expect(firstLook('a.db', 100, Buffer.from('SQLite format 3\0')).problem).toContain('SQLite');
    expect(firstLook('a.parquet', 100, Buffer.from('PARE')).problem).toContain('encrypted');
  });

  it('is read with the options that a person chose', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder();
    const text = "# made by hand\nid;name\n1;'a;b'\nbad;'x';'y'\n2;'c'\n";
    const options = { kind: 'csv', delimiter: ';', quote: "'", header: true, skip: 1 } as const;
    expect(await read(folder, 'a.csv', text, { ...options, ignoreErrors: true, allText: true })).toContainEqual(['1', 'a;b']);
    expect(await read(folder, 'b.csv', 'a|b\n1|2\n', { kind: 'csv', delimiter: '|', header: false, allText: true, limit: 1 })).toEqual([
      ['a', 'b'],
    ]);
    expect(await read(folder, 'c.csv', `it"s,"x\n`, { kind: 'csv', quote: '', header: false })).toEqual([['it"s', '"x']]);
  });
});

describe('what DuckDB refuses', () => {
  const advice = new Map<string, string | undefined>();

  beforeAll(async () => {
    const folder = temporaryFolder((clean) => process.once('exit', clean));
    const files: readonly (readonly [name: string, content: string | Uint8Array, kind: ReadOptions['kind']])[] = [
      ['text.parquet', 'a,b\n1,2\n'.repeat(10), 'parquet'],
      ['cut.parquet', 'PAR1 and then nothing at all', 'parquet'],
      ['lines.json', '{"a": 1} nonsense {"b"', 'json'],
      ['broken.jsonl', '{"a": 1}\n{"a": \n', 'jsonl'],
      ['damaged.csv.gz', 'no gzip at all', 'csv'],
      ['types.csv', `a\n${'1\n'.repeat(30_000)}not a number\n`, 'csv'],
      ['latin.csv', Buffer.from('a,b\ncaf\u00e9,\u00fc\n'.repeat(10), 'latin1'), 'csv'],
    ];
    for (const [name, content, kind] of files) {
      try {
        await read(folder, name, content, { kind });
        advice.set(name, 'it was read');
      } catch (thrown) {
        advice.set(name, readAdvice(kind, String((thrown as Error).message)) ?? `none for: ${String((thrown as Error).message)}`);
      }
    }
  });

  it.each([
    ['text.parquet', /no Parquet file/],
    ['cut.parquet', /no Parquet file/],
    ['lines.json', /JSON Lines/],
    ['broken.jsonl', /text editor/],
    ['damaged.csv.gz', /not compressed as its name says/],
    ['types.csv', /Say how the file is written/],
    ['latin.csv', /not UTF-8/],
  ])('%s comes with what to do', (name, words) => {
    expect(advice.get(name)).toMatch(words);
  });

  it('a dialect that was not found can be said', () => {
    const message =
      'Invalid Input Error: Error when sniffing file "a.csv".\nPossible fixes:\n* Make sure you are using the correct file encoding.';
    expect(readAdvice('csv', message)).toContain('delimiter, header, quote');
  });
});
