import { describe, expect, test } from 'vitest';
import { createRowWriter, type RowFormat } from '../../../client/text/rowWriter.ts';
import type { WireColumn, WireRow } from '../../../server/protocol/values.ts';

function written(format: RowFormat, columns: readonly WireColumn[], rows: readonly WireRow[]): string {
  const writer = createRowWriter(format, columns);
  return writer.head + rows.map((row, at) => writer.row(row, at)).join('') + writer.tail(rows.length);
}

describe('rowWriter', () => {
  test('writes CSV as RFC 4180 asks', () => {
    const columns = [
      { name: 'a', type: 'VARCHAR' },
      { name: 'b "c"', type: 'INTEGER' },
    ];
    const rows = [
      ['plain', 1],
      ['comma, quote " and\nline', 2],
      [null, null],
      ['', 3],
      ['日本', 4],
      [' space', 5],
    ];
    expect(written('csv', columns, rows)).toBe(
      'a,"b ""c"""\r\nplain,1\r\n"comma, quote "" and\nline",2\r\n,\r\n"",3\r\n日本,4\r\n" space",5\r\n',
    );
  });

  test('writes a lone NULL as a line that readers do not skip', () => {
    expect(written('csv', [{ name: 'a', type: 'VARCHAR' }], [[null], ['x']])).toBe('a\r\n""\r\nx\r\n');
  });

  test('writes JSON numbers without loss', () => {
    const columns = [
      { name: 'big', type: 'HUGEINT' },
      { name: 'dec', type: 'DECIMAL(38,2)' },
      { name: 'text', type: 'VARCHAR' },
      { name: 'list', type: 'BIGINT[]' },
      { name: 'nan', type: 'DOUBLE' },
      { name: 'f', type: 'FLOAT' },
    ];
    const row = ['170141183460469231731687303715884105727', '0.10', '007', ['9007199254740993', 1, null], 'NaN', 0.10000000149011612];
    expect(written('jsonl', columns, [row])).toBe(
      '{"big":170141183460469231731687303715884105727,"dec":0.10,"text":"007","list":[9007199254740993,1,null],"nan":"NaN","f":0.1}\n',
    );
  });

  test('writes nested values, maps and JSON columns', () => {
    const columns = [
      { name: 's', type: 'STRUCT("a b" UBIGINT, c DECIMAL(4,1)[])' },
      { name: 'm', type: 'MAP(VARCHAR, BIGINT)' },
      { name: 'n', type: 'MAP(INTEGER, VARCHAR)' },
      { name: 'j', type: 'JSON' },
    ];
    const row: WireRow = [
      { 'a b': '18446744073709551615', c: ['1.5'] },
      [['k', '9007199254740993']],
      [[1, 'x']],
      '{"id":\n 12345678901234567890}',
    ];
    expect(written('jsonl', columns, [row])).toBe(
      '{"s":{"a b":18446744073709551615,"c":[1.5]},"m":{"k":9007199254740993},"n":[[1,"x"]],"j":{"id": 12345678901234567890}}\n',
    );
    expect(written('csv', columns.slice(1, 2), [[[['k', 1]]]])).toBe('m\r\n"{""k"":1}"\r\n');
  });

  test('writes JSON as an array, and an empty one', () => {
    const columns = [{ name: 'a', type: 'INTEGER' }];
    expect(written('json', columns, [[1], [null]])).toBe('[\n{"a":1},\n{"a":null}\n]\n');
    expect(written('json', columns, [])).toBe('[]\n');
  });

  test('keeps columns of the same name apart', () => {
    const columns = ['a', 'a', 'a_1', 'a'].map((name) => ({ name, type: 'INTEGER' }));
    const parsed = JSON.parse(written('jsonl', columns, [[1, 2, 3, 4]])) as Record<string, number>;
    expect(Object.values(parsed)).toEqual([1, 2, 3, 4]);
  });

  test('writes Markdown that cannot be broken by a value', () => {
    const columns = [
      { name: 'a|b', type: 'VARCHAR' },
      { name: 'n', type: 'DOUBLE' },
    ];
    expect(written('markdown', columns, [['x|y\n<b>', 1]])).toBe('| a\\|b | n |\n| --- | ---: |\n| x\\|y<br>\\<b\\> | 1.0 |\n');
  });
});
