import { expect, test } from 'vitest';
import { type CopyFormat, copyWriter, joinCopied } from '../../../client/renderer/copyFormats.ts';
import type { WireColumn, WireRow } from '../../../server/protocol/values.ts';

const columns: readonly WireColumn[] = [
  { name: 'id', type: 'BIGINT' },
  { name: 'na"me', type: 'VARCHAR' },
  { name: 'id', type: 'DECIMAL(30,2)' },
];
const rows: readonly WireRow[] = [
  [1, `a\t"b"`, '12345678901234567890.10'],
  ['9007199254740993', null, null],
  [3, 'it’s | <b>\nx', '-0.50'],
];

function copied(format: CopyFormat, heads = columns, values = rows): string {
  const writer = copyWriter(format, heads);
  return joinCopied(
    writer,
    values.map((row) => writer.rows([row])),
  );
}

test('tab-separated, as spreadsheets read it', () => {
  expect(copied('tsv')).toBe(`1\t"a\t""b"""\t12345678901234567890.10\n9007199254740993\t\t\n3\t"it’s | <b>\nx"\t-0.50\n`);
  expect(copied('tsvHeads').split('\n')[0]).toBe(`id\t"na""me"\tid`);
});

test('CSV', () => {
  expect(copied('csv', columns, [[1, 'a,b', null]])).toBe(`id,"na""me",id\n1,"a,b",\n`);
});

test('a Markdown table shows its texts and makes no mark-up of them', () => {
  expect(copied('markdown', columns, [[1, 'a|b\n<img src=x> *c* &amp;', null]])).toBe(
    `| id | na"me | id |\n| ---: | --- | ---: |\n| 1 | a\\|b<br>&lt;img src=x> \\*c\\* &amp;amp; |  |\n`,
  );
});

test('JSON has every column and every digit', () => {
  const text = copied('json');
  expect(text).toContain('"id": 9007199254740993');
  expect(text).toContain('"id_2": 12345678901234567890.10');
  expect(JSON.parse(text)).toHaveLength(3);
  expect(JSON.parse(text)[2]).toEqual({ id: 3, 'na"me': 'it’s | <b>\nx', id_2: -0.5 });
});

test('SQL', () => {
  expect(
    copied('insert', columns.slice(0, 2), [
      [1, `it's`],
      [2, null],
    ]),
  ).toBe(`INSERT INTO copied ("id", "na""me") VALUES\n  (1, 'it''s'),\n  (2, NULL);\n`);
  const nested: readonly WireColumn[] = [
    { name: 's', type: 'STRUCT(a INTEGER, b VARCHAR[])' },
    { name: 'm', type: 'MAP(VARCHAR, INTEGER)' },
    { name: 'd', type: 'DATE' },
    { name: 'f', type: 'DOUBLE' },
  ];
  const row: WireRow = [{ a: 1, b: [`x'y`, null] }, [['k', 1]], '2024-01-31', 'NaN'];
  expect(copied('insert', nested, [row])).toBe(
    `INSERT INTO copied ("s", "m", "d", "f") VALUES\n  ({'a': 1, 'b': ['x''y', NULL]}::STRUCT(a INTEGER, b VARCHAR[]), MAP {'k': 1}::MAP(VARCHAR, INTEGER), '2024-01-31'::DATE, 'NaN'::DOUBLE);\n`,
  );
});

test('Python', () => {
  const heads: readonly WireColumn[] = [
    { name: 'b', type: 'BOOLEAN' },
    { name: 'f', type: 'DOUBLE' },
    { name: 't', type: 'VARCHAR' },
    { name: 'l', type: 'INTEGER[]' },
  ];
  const values: WireRow[] = [
    [true, '-Infinity', 'a"b\n', [1, null]],
    [null, 1.5, '', []],
  ];
  expect(copied('python', heads, values)).toBe(`[\n    (True, float('-inf'), "a\\"b\\n", [1, None]),\n    (None, 1.5, "", [])\n]\n`);
  expect(copied('python', heads.slice(0, 1), [[false]])).toBe(`[\n    (False,)\n]\n`);
});
