import { describe, expect, test } from 'vitest';
import { createRowWriter, type RowFormat } from '../../../client/text/rowWriter.ts';
import { DEFAULTS, type WriterOptions } from '../../../client/text/writerOptions.ts';
import type { WireColumn, WireRow } from '../../../server/protocol/values.ts';

const COLUMNS: readonly WireColumn[] = [
  { name: 'id', type: 'INTEGER' },
  { name: 'a name', type: 'VARCHAR' },
];
const ROWS: readonly WireRow[] = [
  [1, 'duck'],
  [-20, null],
  [null, "it's"],
];
const HOSTILE = '\u001b[2J<b onclick="x">&</td></table>|\u202egnp\u0000\n`*_$%#{}~^\\\r\n"q"\'s\'\t日本🦆';

function written(format: RowFormat, options: Partial<WriterOptions> = {}, columns = COLUMNS, rows = ROWS): string {
  const writer = createRowWriter(format, columns, { ...DEFAULTS, ...options });
  if (writer.measure) for (const row of rows) writer.measure(row);
  return writer.head + rows.map((row, at) => writer.row(row, at)).join('') + writer.tail(rows.length);
}

function hostile(format: RowFormat): string {
  return written(format, {}, [{ name: HOSTILE, type: 'VARCHAR' }], [[HOSTILE]]);
}

describe('formats of the DuckDB CLI', () => {
  test('table', () => {
    expect(written('table')).toBe(`\
+------+--------+
|  id  | a name |
+------+--------+
| 1    | duck   |
| -20  | NULL   |
| NULL | it's   |
+------+--------+
`);
  });

  test('column, with least widths', () => {
    expect(written('column')).toBe("id    a name\n----  ------\n1     duck\n-20   NULL\nNULL  it's\n");
    expect(written('column', { widths: [-6, 8], nullText: '-' })).toBe(
      "    id  a name\n------  --------\n     1  duck\n   -20  -\n     -  it's\n",
    );
    expect(written('column', { headers: false })).toBe("1     duck\n-20   NULL\nNULL  it's\n");
  });

  test('aligns wide characters', () => {
    const rows: readonly WireRow[] = [
      [1, '日本'],
      [2, '🦆'],
      [3, 'é'],
    ];
    const lines = written('table', {}, COLUMNS, rows).trimEnd().split('\n');
    expect(lines.slice(3, 6)).toEqual(['| 1  | 日本   |', '| 2  | 🦆     |', '| 3  | é      |']);
  });

  test('line', () => {
    expect(written('line')).toBe("    id = 1\na name = duck\n\n    id = -20\na name = NULL\n\n    id = NULL\na name = it's\n");
    expect(written('line', {}, [{ name: 'a', type: 'VARCHAR' }], [['two\nb = lines']])).toBe('    a = two\n        b = lines\n');
  });

  test('list, and with other separators', () => {
    expect(written('list')).toBe("id|a name\n1|duck\n-20|NULL\nNULL|it's\n");
    expect(written('list', { headers: false, columnSeparator: ', ', rowSeparator: ';', nullText: '' })).toBe("1, duck;-20, ;, it's;");
    expect(written('ascii')).toBe("id\u001fa name\u001e1\u001fduck\u001e-20\u001fNULL\u001eNULL\u001fit's\u001e");
  });

  test('csv and tsv with another separator, NULL and without headers', () => {
    expect(
      written('csv', { columnSeparator: '|', nullText: 'NULL' }, COLUMNS, [
        [1, 'a|b'],
        [2, 'a,b'],
        [3, 'NULL'],
        [4, null],
      ]),
    ).toBe('id|a name\r\n1|"a|b"\r\n2|a,b\r\n3|"NULL"\r\n4|NULL\r\n');
    expect(written('tsv', { headers: false })).toBe("1\tduck\n-20\t\n\tit's\n");
  });

  test('html', () => {
    expect(written('html')).toBe(
      '<table>\n<tr><th>id</th><th>a name</th></tr>\n<tr><td>1</td><td>duck</td></tr>\n<tr><td>-20</td><td>NULL</td></tr>\n<tr><td>NULL</td><td>it&#39;s</td></tr>\n</table>\n',
    );
  });

  test('latex', () => {
    expect(written('latex')).toBe(
      "\\begin{tabular}{|rl|}\n\\hline\nid & a name \\\\\n\\hline\n1 & duck \\\\\n-20 & NULL \\\\\nNULL & it's \\\\\n\\hline\n\\end{tabular}\n",
    );
  });

  test('quote, insert and tcl', () => {
    expect(written('quote')).toBe("'id','a name'\n1,'duck'\n-20,NULL\nNULL,'it''s'\n");
    expect(written('insert', { table: 'ducks' })).toBe(
      `INSERT INTO ducks("id","a name") VALUES(1,'duck');\nINSERT INTO ducks("id","a name") VALUES(-20,NULL);\nINSERT INTO ducks("id","a name") VALUES(NULL,'it''s');\n`,
    );
    expect(written('insert', { headers: false }, COLUMNS, [[1, 'a']])).toBe(`INSERT INTO "table" VALUES(1,'a');\n`);
    expect(written('tcl')).toBe('"id" "a name"\n"1" "duck"\n"-20" "NULL"\n"NULL" "it\'s"\n');
  });

  test('trash', () => expect(written('trash')).toBe(''));

  test('no rows', () => {
    expect(written('table', {}, COLUMNS, [])).toBe('+----+--------+\n| id | a name |\n+----+--------+\n+----+--------+\n');
    expect(written('insert', {}, COLUMNS, [])).toBe('');
    expect(written('line', {}, COLUMNS, [])).toBe('');
  });
});

describe('hostile values', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  const ACTS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

  test.each(['table', 'column', 'markdown', 'line', 'html', 'latex', 'insert', 'quote', 'json', 'jsonl'] as const)(
    'cannot act in %s',
    (format) => {
      const text = format.startsWith('json') ? hostile(format).replaceAll('\u202e', '') : hostile(format);
      expect(text).not.toMatch(ACTS);
    },
  );

  test.each([
    ['table', 5],
    ['column', 3],
    ['markdown', 3],
    ['html', 4],
    ['latex', 7],
    ['insert', 1],
    ['quote', 2],
    ['tcl', 2],
    ['jsonl', 1],
  ] as const)('stay on the line of their row in %s', (format, lines) => {
    expect(hostile(format).split('\n')).toHaveLength(lines + 1);
  });

  test('cannot end a cell', () => {
    expect(hostile('html').match(/<(?!br>)[^>]*>/g)).toEqual('<table> <tr> <th> </th> </tr> <tr> <td> </td> </tr> </table>'.split(' '));
    const [, , row = ''] = hostile('markdown').split('\n');
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(2);
    const [, , , cell = ''] = hostile('latex').split('\n').slice(2);
    expect(cell.replaceAll(/\\text\w+\{\}|\\[&%$#_{}]/g, '')).not.toMatch(/[&%$#_{}~^]/);
    expect(hostile('tcl').split('\n')[1]).toMatch(/^"(?:[^"\\$[\]]|\\.)*"$/u);
  });
});
