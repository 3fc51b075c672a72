import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileCells } from '../../../client/exchange/importedCells.ts';
import { checkSize, importNotebook } from '../../../client/exchange/importNotebook.ts';
import { newFileStyle, parseNotebook, writeNotebook } from '../../../client/notebook/cellFormat.ts';
import { readMarker } from '../../../client/notebook/cellMarker.ts';

function fixture(name: string) {
  return importNotebook(readFileSync(`test/fixtures/exchange/${name}`), name);
}

function fromText(text: string, name = 'a.ipynb') {
  return importNotebook(new TextEncoder().encode(text), name);
}

function notebook(cells: readonly object[], metadata: object = { kernelspec: { name: 'SQL', language: 'sql' } }): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells });
}

const sql = (source: unknown, more: object = {}) => ({ cell_type: 'code', source, metadata: {}, outputs: [], ...more });

describe('a notebook of Azure Data Studio', () => {
  const { producer, cells, notes } = fixture('azureDataStudio.ipynb');

  it('gives its SQL and its text, without empty cells', () => {
    expect(producer).toBe('Azure Data Studio');
    expect(cells.map(({ kind }) => kind)).toEqual(['markup', 'code', 'code', 'code', 'markup']);
    expect(cells[3]?.text).toBe('SELECT product, sum(price) AS total\nFROM orders GROUP BY product');
    expect(cells[4]?.text).toContain("```python\nprint('hello')\n```");
  });

  it('leaves attached images out and says where they are', () => {
    expect(cells[0]?.text).toContain('*(image plan: in the original notebook)*');
    expect(cells[0]?.text).toContain('*(image second.png: in the original notebook)*');
    expect(notes).toContain('2 attached images left out.');
  });

  it('keeps stored results as tables and messages', () => {
    const outputs = cells[1]?.outputs ?? [];
    expect(outputs.map(({ text, table }) => text ?? table?.rowCount)).toEqual(['(3 rows affected)\nTotal execution time: 00:00:00.013', 3]);
    expect(outputs[1]?.table).toEqual({
      columns: ['OrderID', 'Customer Name', 'Total'],
      rows: [
        ['1', 'Ada <b>', '12.50'],
        ['2', 'NULL', '7.00'],
        ['3', 'Grace', '1000000.10'],
      ],
      rowCount: 3,
    });
    expect(outputs[1]).toMatchObject({ origin: 'azureDataStudio.ipynb' });
    expect(outputs[1]?.savedAt).toBeUndefined();
    expect(cells[2]?.outputs[0]?.text).toContain("Invalid object name 'Orders'.");
  });

  it('ends statements where GO stood, makes commands of sqlcmd comments, and says so', () => {
    expect(cells[2]?.text.split('\n')).toEqual([
      '-- :setvar region north',
      'USE Sales;',
      "DECLARE @from date = '2024-01-01'",
      "SELECT count(*) AS n FROM Orders WHERE OrderDate >= @from AND Region = '$(region)';",
    ]);
    expect(notes).toContain('GO became the end of a statement in 1 cell.');
    expect(notes).toContain('What GO was to repeat is there once.');
    expect(notes.join(' ')).toContain('Commands of sqlcmd became comments: :setvar.');
    expect(notes.join(' ')).toContain('$(region) of sqlcmd stands as it was');
  });

  it('says once what looks like T-SQL and what was connected', () => {
    expect(notes.filter((note) => note.includes('T-SQL'))).toEqual([
      '2 cells look like T-SQL (TOP, [brackets], GETDATE, DATEADD, NOLOCK, @variables): nothing was translated, and DuckDB may not know it.',
    ]);
    expect(notes.join(' ')).toContain('The notebook was connected to localhost, warehouse;');
  });
});

describe('a notebook of Jupyter', () => {
  const { producer, cells, notes } = fixture('jupysql.ipynb');

  it('takes SQL out of cell and line magics, with the names of results', () => {
    expect(producer).toBe('Jupyter');
    const code = cells.filter(({ kind }) => kind === 'code');
    expect(code.map(({ text, marker }) => [marker, text])).toEqual([
      ['name=warm', 'SELECT city, avg(temperature) AS temperature\nFROM weather\nGROUP BY city'],
      ['name=best', "SELECT max(temperature) FROM weather WHERE city = '{{city}}'"],
      ['name=rows', 'SELECT 1 AS one'],
      [undefined, "SELECT 'vs code' AS cell"],
    ]);
    expect(readMarker(fileCells(code)[0]?.source).attributes.get('name')).toBe('warm');
  });

  it('shows other code as text', () => {
    expect(cells.find(({ text }) => text.includes('pandas'))).toMatchObject({
      kind: 'markup',
      text: expect.stringContaining('```python\nimport'),
    });
    expect(cells.at(-1)?.text).toContain('````\nraw ``` text\n````');
    expect(notes).toContain('1 cell in Python is kept as text.');
    expect(notes).toContain('1 cell that only set up magic commands was left out.');
    expect(notes.join(' ')).toContain('1 cell puts variables of another language into SQL');
  });

  it('keeps no password', () => {
    expect(JSON.stringify({ cells, notes })).not.toContain('secret');
    expect(notes.join(' ')).toContain('duckdb:///weather.duckdb');
    expect(notes.join(' ')).toContain('postgresql://…@db.example/weather');
  });

  it('reads tables of HTML, and when their cell had run', () => {
    const [message, rows] = cells.find(({ marker }) => marker === 'name=warm')?.outputs ?? [];
    expect(message?.text).toContain('Running query in');
    expect(rows?.savedAt).toBe('2024-03-01T10:15:01.249Z');
    expect(rows?.table).toEqual({
      columns: ['city', 'temperature'],
      rows: [
        ['Bergen', '7.5'],
        ['Oslo & around', 'None'],
      ],
      rowCount: 2,
    });
    const plotted = cells.find(({ text }) => text.includes('pandas'));
    expect(plotted?.outputs.map(({ text }) => text)).toEqual(['ValueError: no data']);
    expect(notes).toContain('1 stored picture or widget left out.');
  });
});

it('imports notebooks of a SQL kernel, whose lines cannot begin a cell', () => {
  const { cells } = fixture('duckdbKernel.ipynb');
  expect(cells.map(({ text }) => text)).toEqual([
    'CREATE TABLE t AS SELECT range AS i FROM range(3);\n\n-- %% no cell\nSELECT * FROM t;',
    'One *string* as source',
  ]);
  expect(cells[0]?.outputs[0]?.table?.rows).toEqual([['0'], ['1'], ['2']]);
  const written = writeNotebook({ ...newFileStyle, cells: fileCells(cells) });
  const read = parseNotebook(written).cells;
  expect(read.map(({ kind, text }) => [kind, text.replaceAll(/^ --/gm, '--')])).toEqual(cells.map(({ kind, text }) => [kind, text]));
});

describe('a notebook of Polyglot', () => {
  it('knows which kernel runs SQL, and keeps no connection string', () => {
    const { producer, cells, notes } = fixture('polyglot.ipynb');
    expect(producer).toBe('Polyglot Notebooks');
    expect(cells.map(({ kind, text, marker }) => [kind, marker, text.split('\n').at(kind === 'code' ? 0 : -2)])).toEqual([
      ['markup', undefined, '#r "nuget: Microsoft.DotNet.Interactive.SqlServer, 1.0.0-beta"'],
      ['code', 'name=best', 'SELECT TOP 5 * FROM dbo.products'],
      ['code', undefined, 'SELECT count(*) FROM dbo.products'],
      ['markup', undefined, 'Console.WriteLine(best);'],
      ['markup', undefined, undefined],
    ]);
    expect(cells[1]?.outputs[0]?.table?.rows).toEqual([
      ['tea', '3.5'],
      ['cup', null],
    ]);
    expect(JSON.stringify({ cells, notes })).not.toContain('hunter2');
    expect(notes.join(' ')).toContain('connected to mssql (shop)');
    expect(notes).toContain('2 cells in C# are kept as text.');
  });

  it('may be a .dib file', () => {
    const { cells, notes } = fixture('polyglot.dib');
    expect(cells.map(({ kind, text }) => [kind, text])).toEqual([
      ['markup', '# A file of Polyglot\n\nText with a # sign.'],
      ['code', 'SELECT 42 AS answer;'],
      ['code', "FROM 'geese.csv'"],
      ['markup', expect.stringContaining('```pwsh\nGet-ChildItem | Sort-Object\n```')],
    ]);
    expect(notes.join(' ')).toContain('duckdb (ducks)');
  });
});

describe('bad files', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['an empty file', ' \n', /is empty/],
    ['broken JSON', '{"nbformat": 4,\n "cells": [}', /not valid JSON at line 2/],
    ['a file that was cut off', notebook([sql('select 1')]).slice(0, -20), /not valid JSON.*cut off/],
    ['conflicts of a merge', '{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> main\n}', /unresolved conflicts of a merge/],
    ['a list', '[]', /no Jupyter notebook/],
    ['other JSON', '{"name": "x"}', /does not say its format/],
    ['format 3', '{"nbformat": 3, "worksheets": []}', /format 3; only format 4.*nbconvert/],
    ['format 5', '{"nbformat": 5, "cells": []}', /format 5; only format 4/],
    ['no cells', '{"nbformat": 4}', /no list "cells"/],
    ['a cell that is none', '{"nbformat": 4, "cells": [7]}', /Cell 1 of this notebook is damaged/],
    ['cells without text', notebook([sql(' ')]), /nothing to import/],
  ];
  it.each(cases)('%s is refused in words', (_, text, message) => {
    expect(() => fromText(text)).toThrow(message);
  });

  it('a file that is not UTF-8 is refused with the place', () => {
    expect(() => importNotebook(Uint8Array.of(0x7b, 0xff), 'a.ipynb')).toThrow(/not valid UTF-8: byte 1/);
  });

  it('a file that is too large is refused before it is read', () => {
    expect(() => checkSize(100 * 1024 * 1024)).not.toThrow();
    expect(() => checkSize(100 * 1024 * 1024 + 1)).toThrow(/Clear its outputs/);
  });

  it('a byte order mark and Windows line ends are no trouble', () => {
    expect(fromText(`\uFEFF${notebook([sql('select 1\r\n,2')])}`).cells[0]?.text).toBe('select 1\n,2');
  });
});

describe('hostile outputs', () => {
  const output = (data: object) => ({ output_type: 'execute_result', data, metadata: {} });
  const imported = (...outputs: object[]) => fromText(notebook([sql('select 1', { outputs })])).cells[0]?.outputs ?? [];

  it('stay plain text', () => {
    const [table] = imported(
      output({
        'text/html':
          '<table onclick="x"><tr><th>a<script>alert(1)</script></th></tr><tr><td><img src=x onerror=alert(1)>&lt;b&gt;</td></tr></table>',
      }),
    );
    expect(table?.table).toEqual({ columns: ['a'], rows: [['<b>']], rowCount: 1 });
    const [text] = imported({ output_type: 'stream', text: ['\u001b[31mred\u001b[0m\n'] });
    expect(text?.text).toBe('red');
  });

  it('with fields like __proto__ are data', () => {
    const data = JSON.parse('[{"__proto__": "p", "constructor": 1}, {"other": 2}]');
    const fields = [{ name: '__proto__' }, { name: 'constructor' }];
    const [table] = imported(output({ 'application/vnd.dataresource+json': { schema: { fields }, data } }));
    expect(table?.table?.rows).toEqual([
      ['p', '1'],
      [null, null],
    ]);
  });

  it('are cut where they are long, and say how many rows there were', () => {
    const data = Array.from({ length: 2500 }, (_, index) => ({ a: index, b: 'x'.repeat(9000) }));
    const [table] = imported(output({ 'application/vnd.dataresource+json': { schema: { fields: [{ name: 'a' }, { name: 'b' }] }, data } }));
    expect(table?.table).toMatchObject({ rowCount: 2500 });
    expect(table?.table?.rows).toHaveLength(1000);
    expect(table?.table?.rows[0]?.[1]).toHaveLength(5001);
  });

  it.each(['<table><td "', '<!--', '<style>', '<a "', "<td a='"])('of a million characters like %s are read at once', (part) => {
    const began = performance.now();
    imported(output({ 'text/html': `<table>${part.repeat(1_000_000 / part.length)}` }));
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
