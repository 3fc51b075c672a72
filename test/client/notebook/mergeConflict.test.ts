import { describe, expect, it } from 'vitest';
import { parseNotebook, writeNotebook } from '../../../client/notebook/cellFormat.ts';
import { conflictFailure, conflictsIn } from '../../../client/notebook/mergeConflict.ts';

const FILE = `-- %% Load
create table t as select 1 as a;

-- %% Ask
select a
<<<<<<< HEAD
from t;

-- %% More
select 2;
=======
from u;

-- %% [markdown]
-- # Theirs
>>>>>>> feature/other
-- %% Last
select 3;
`;

describe('conflictsIn', () => {
  it('finds whole conflicts only', () => {
    const lines = 'a\n<<<<<<< ours\nb\n||||||| base\nc\n=======\nd\n>>>>>>> theirs\ne\n<<<<<<<\n=======\n>>>>>>>'.split('\n');
    expect(conflictsIn(lines)).toEqual([
      { first: 1, last: 7 },
      { first: 9, last: 11 },
    ]);
    for (const text of [
      '<<<<<<< a\nb\n>>>>>>> c',
      '<<<<<<< a\n=======\nb',
      '=======\n>>>>>>> b',
      ' <<<<<<< a\n=======\n>>>>>>> b',
      '<<<<<<<<\n=======\n>>>>>>>',
    ])
      expect(conflictsIn(text.split('\n')), text).toEqual([]);
  });
});

describe('conflictFailure', () => {
  it('names the place of the first line of the conflict', () => {
    const sql = 'select 1\r\n<<<<<<< HEAD\r\n+ 1\r\n=======\r\n+ 2\r\n>>>>>>> b';
    expect(conflictFailure(sql)).toMatchObject({ code: 'sql', position: { offset: 10, line: 1, column: 0, length: 7 } });
    expect(sql.slice(10, 17)).toBe('<<<<<<<');
    expect(conflictFailure('select 1 << 2')).toBeUndefined();
    expect(conflictFailure("select '\n<<<<<<< x\n'")).toBeUndefined();
  });
});

describe('a notebook file with a conflict', () => {
  it('keeps the conflict in one cell, with the markers of cells in it', () => {
    const { cells } = parseNotebook(FILE);
    expect(cells.map(({ kind, text }) => [kind, text.split('\n')[0]])).toEqual([
      ['code', 'create table t as select 1 as a;'],
      ['code', 'select a'],
      ['code', 'select 3;'],
    ]);
    expect(cells[1]?.text.split('\n').at(-1)).toBe('>>>>>>> feature/other');
    expect(cells.map(({ text }) => conflictFailure(text) !== undefined)).toEqual([false, true, false]);
  });

  it('is written back byte for byte, also when another cell is edited', () => {
    for (const text of [
      FILE,
      FILE.replaceAll('\n', '\r\n'),
      FILE.replace('-- %% Load\ncreate table t as select 1 as a;\n\n-- %% Ask\nselect a\n', ''),
    ]) {
      const file = parseNotebook(text);
      expect(writeNotebook(file)).toBe(text);
      const last = file.cells.at(-1);
      const cells = [...file.cells.slice(0, -1), { ...last, kind: 'code' as const, text: 'select 4;' }];
      expect(writeNotebook({ ...file, cells })).toBe(text.replace('select 3;', 'select 4;'));
    }
  });

  it('has the cells of the version that is kept when it is read again', () => {
    const file = parseNotebook(FILE);
    const kept = 'select a\nfrom t;\n\n-- %% More\nselect 2;';
    const cells = file.cells.map((cell, index) => (index === 1 ? { ...cell, text: kept } : cell));
    expect(parseNotebook(writeNotebook({ ...file, cells })).cells.map(({ text }) => text)).toEqual([
      'create table t as select 1 as a;',
      'select a\nfrom t;',
      'select 2;',
      'select 3;',
    ]);
  });

  it('ends a markdown cell where a conflict begins in it', () => {
    const text = '-- %% [markdown]\n-- # Title\n<<<<<<< HEAD\n-- ours\n=======\n-- theirs\n>>>>>>> b\n';
    expect(parseNotebook(text).cells.map(({ kind }) => kind)).toEqual(['markup', 'code']);
    expect(writeNotebook(parseNotebook(text))).toBe(text);
  });
});
