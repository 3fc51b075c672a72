import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  comment,
  type FileCell,
  type NotebookFile,
  newFileStyle,
  parseNotebook,
  uncomment,
  writeNotebook,
} from '../../../client/notebook/cellFormat.ts';

/** What VS Code makes of a cell's text before it hands it back. */
function throughEditor(cell: FileCell): FileCell {
  return { ...cell, text: cell.text.replace(/^\uFEFF/, '').replaceAll(/\r\n|\r|\n/g, '\n') };
}

function rewrite(text: string): string {
  const file = parseNotebook(text);
  return writeNotebook({ ...file, cells: file.cells.map(throughEditor) });
}

function replaceCell(file: NotebookFile, index: number, change: Partial<FileCell>): NotebookFile {
  return { ...file, cells: file.cells.map((cell, at) => (at === index ? { ...cell, ...change } : cell)) };
}

function shown(text: string): string[][] {
  return parseNotebook(text).cells.map((cell) => [cell.kind, cell.text]);
}

function rawOf(cell: FileCell): string {
  return cell.source === undefined ? '' : cell.source.head + cell.source.body + cell.source.tail;
}

const eols = fc.constantFrom('\n', '\r\n', '\r');
const lineTexts = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('-- %%', '--%%', '--\t%% x', '-- %% [markdown]', '-- %% [md] Title a=1', '-- %%%', '-- %% [Markdown]x'),
  },
  { weight: 4, arbitrary: fc.constantFrom('', ' ', '\t', '\u00A0', '--', '-- ', '--x', '  -- y', '-- \\%%', '-- # h', '\u2028', '\uFEFF') },
  { weight: 3, arbitrary: fc.constantFrom('select 1', ' select 2;  ', "'-- %%'", '/* -- %% */', '\uFEFFselect 3', '\0', 'a\u2028-- %%') },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
);
const fileTexts = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(fc.tuple(lineTexts, eols), { maxLength: 14 }),
    fc.constantFrom('', '', 'select 9', '-- %%'),
  )
  .map(([mark, lines, last]) => mark + lines.map(([text, eol]) => text + eol).join('') + last);

describe('reading', () => {
  test('a file without markers is one cell', () => {
    expect(shown('select 1;\n\nselect 2;\n')).toEqual([['code', 'select 1;\n\nselect 2;']]);
  });

  test('an empty or blank file is one empty cell', () => {
    for (const text of ['', '\n\n', '\uFEFF', ' \r\n']) expect(shown(text)).toEqual([['code', '']]);
  });

  test('markers, titles and text before the first marker', () => {
    expect(
      shown('-- setup\nset x = 1;\n\n-- %% Load data limit=10\nselect 1\n--%%\n\n-- %% [markdown]\n-- # Title\n--\n-- *text*\n'),
    ).toEqual([
      ['code', '-- setup\nset x = 1;'],
      ['code', 'select 1'],
      ['code', ''],
      ['markup', '# Title\n\n*text*'],
    ]);
  });

  test('blank lines before the first marker make no cell', () => {
    expect(shown('\uFEFF\n\n-- %%\nselect 1')).toEqual([['code', 'select 1']]);
  });

  test('code after a markdown cell is a cell of its own', () => {
    expect(shown('-- %% [markdown]\n-- Hello\n--there\n\nselect 1 -- x\n-- y\n')).toEqual([
      ['markup', 'Hello\nthere'],
      ['code', 'select 1 -- x\n-- y'],
    ]);
  });

  test('only CR and LF end a line', () => {
    expect(shown('select 1\u2028-- %%\nselect 2')).toEqual([['code', 'select 1\u2028-- %%\nselect 2']]);
  });

  test('an indented marker is a comment', () => {
    expect(shown('select 1\n  -- %%\nselect 2')).toHaveLength(1);
  });
});

describe('writing', () => {
  test.each([
    '',
    '\uFEFF',
    '\uFEFF-- %%\r\nselect 1\r\n',
    'select 1',
    '-- %%',
    '-- %%\n-- %%\n\n\n-- %%',
    '-- %% \t\nselect 1  \n\t\n-- %%\r\nselect\u00A02\r\n\r\n',
    '-- %% [markdown]\n--no space\n\n-- after a blank line\nselect 1\n',
    'a\r\r\nb\n\r-- %%\rc',
  ])('what nobody edited comes back as it was: %j', (text) => {
    expect(rewrite(text)).toBe(text);
  });

  test('any text comes back as it was', () => {
    fc.assert(
      fc.property(fileTexts, (text) => rewrite(text) === text),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => rewrite(text) === text),
      { numRuns: 500 },
    );
  });

  test('an edit leaves the bytes of all other cells', () => {
    const property = fc.property(
      fileTexts,
      fc.nat(),
      fc.constantFrom('select 42', '', '-- c\nselect 1', '\nx\n', '%% y'),
      (text, seed, edited) => {
        const file = parseNotebook(text);
        const index = seed % file.cells.length;
        const result = writeNotebook(replaceCell(file, index, { text: edited }));
        const before = file.prefix + file.cells.slice(0, index).map(rawOf).join('');
        const after = file.cells
          .slice(index + 1)
          .map(rawOf)
          .join('');
        expect(result.startsWith(before)).toBe(true);
        expect(result.endsWith(after)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 3000 });
  });

  test('what is written reads back as the same cells', { tags: ['slow'] }, () => {
    const texts = fc.constantFrom('select 1', '-- only a comment', 'a\n\nb', '-- x\ny', '# h', '%% not a marker in markdown', 'ü "q" \\%%');
    const cells = fc.array(fc.record({ kind: fc.constantFrom('code' as const, 'markup' as const), text: texts }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(cells, fileTexts, fc.nat(), (added, text, seed) => {
        const file = parseNotebook(text);
        const at = seed % (file.cells.length + 1);
        const all = file.cells.toSpliced(at, 0, ...added);
        const again = parseNotebook(writeNotebook({ ...file, cells: all }));
        const expected = all.map((cell) => [cell.kind, cell.text]);
        expect(again.cells.map((cell) => [cell.kind, cell.text])).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  test('moved cells read back as the same cells', () => {
    fc.assert(
      fc.property(fileTexts, fc.nat(), fc.nat(), (text, from, to) => {
        const file = parseNotebook(text);
        const moved = file.cells[from % file.cells.length];
        if (moved === undefined) return;
        const rest = file.cells.filter((cell) => cell !== moved);
        const cells = rest.toSpliced(to % file.cells.length, 0, moved);
        const again = parseNotebook(writeNotebook({ ...file, cells }));
        expect(again.cells.map((cell) => [cell.kind, cell.text])).toEqual(cells.map((cell) => [cell.kind, cell.text]));
      }),
      { numRuns: 2000 },
    );
  });

  test('a new notebook', () => {
    const cells: FileCell[] = [
      { kind: 'markup', text: '# Title\n\nText' },
      { kind: 'code', text: 'select 1;' },
      { kind: 'code', text: '' },
    ];
    expect(writeNotebook({ ...newFileStyle, cells })).toBe('-- %% [markdown]\n-- # Title\n--\n-- Text\n\n-- %%\nselect 1;\n\n-- %%\n\n\n');
  });

  test('an empty file becomes a notebook with a marker', () => {
    const file = parseNotebook('');
    expect(writeNotebook(replaceCell(file, 0, { text: 'select 1' }))).toBe('-- %%\nselect 1\n\n');
  });

  test('an edited cell uses the line endings of the file', () => {
    const file = parseNotebook('-- %% T\r\n\r\nselect 1\r\n\r\n-- %%\r\nselect 2');
    expect(writeNotebook(replaceCell(file, 0, { text: 'select\n3' }))).toBe('-- %% T\r\n\r\nselect\r\n3\r\n\r\n-- %%\r\nselect 2');
  });

  test('an edit of the last cell does not add the newline that was missing', () => {
    expect(writeNotebook(replaceCell(parseNotebook('-- %%\nselect 1'), 0, { text: 'select 2' }))).toBe('-- %%\nselect 2');
  });

  test('a new cell after a file without a last newline', () => {
    const file = parseNotebook('select 1');
    expect(writeNotebook({ ...file, cells: [...file.cells, { kind: 'code', text: 'select 2' }] })).toBe('select 1\n\n-- %%\nselect 2\n\n');
  });

  test('code becomes markdown and back', () => {
    const file = parseNotebook('-- %% Title x=1\n# h\n\n-- %%\nselect 1\n');
    const markup = writeNotebook(replaceCell(file, 0, { kind: 'markup' }));
    expect(markup).toBe('-- %% [markdown] Title x=1\n-- # h\n\n-- %%\nselect 1\n');
    expect(writeNotebook(replaceCell(parseNotebook(markup), 0, { kind: 'code' }))).toBe('-- %% Title x=1\n# h\n\n-- %%\nselect 1\n');
  });
});

describe('markdown in comments', () => {
  test('any text comes back', () => {
    const texts = fc.array(
      fc.oneof(fc.constantFrom('%%', '  %% x', '\\%%', '\\\\%%', '--', '', ' ', '- a', '\t'), fc.string({ unit: 'binary' })),
    );
    fc.assert(
      fc.property(texts, eols, (lines, eol) => {
        const text = lines
          .join('\n')
          .replaceAll('\r', '')
          .replace(/^\uFEFF+/, '');
        const written = comment(text, eol);
        expect(uncomment(written)).toBe(text);
        expect(parseNotebook(`-- %% [markdown]\n${written}`).cells).toHaveLength(1);
      }),
      { numRuns: 2000 },
    );
  });
});
