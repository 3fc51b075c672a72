import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNotebook } from '../../../client/notebook/cellFormat.ts';
import { readCells } from '../../../client/notebook/readCells.ts';

/** Kind and text of the cells that are not empty, as the editor sees them. */
function editorCells(source: string): string[][] {
  const cells = parseNotebook(source).cells.map(({ kind, text }) => [kind === 'markup' ? 'markdown' : 'code', text.trim()]);
  return cells.filter(([, text]) => text !== '');
}

function terminalCells(source: string): string[][] {
  const cells = readCells(source).map(({ kind, text }) => [kind, text.replaceAll('\r\n', '\n').trim()]);
  return cells.filter(([, text]) => text !== '');
}

describe('readCells', () => {
  test('takes a script without markers as one cell', () => {
    expect(readCells('select 1;\n-- note\nselect 2;')).toMatchObject([{ kind: 'code', start: 0 }]);
    expect(readCells(' \n')).toEqual([]);
  });

  test('cuts at markers, uncomments markdown, and finds code below it', () => {
    const source =
      'select 0;\n-- %% [markdown]\n-- # Title\n--\n-- Text -- with dashes\n-- %%\nselect 1;\r\n-- %% named\nselect 2;\n-- %% [md] x\n-- a\n\nselect 3;\n';
    const cells = readCells(source);
    expect(cells.map((cell) => [cell.kind, cell.text.trim()])).toEqual([
      ['code', 'select 0;'],
      ['markdown', '# Title\n\nText -- with dashes'],
      ['code', 'select 1;'],
      ['code', 'select 2;'],
      ['markdown', 'a'],
      ['code', 'select 3;'],
    ]);
    for (const cell of cells) if (cell.kind === 'code') expect(source.slice(cell.start, cell.end)).toBe(cell.text);
  });

  test('reads what the editor reads', () => {
    const tour = readFileSync('examples/tour.kodiak.sql', 'utf8');
    expect(terminalCells(tour)).toEqual(editorCells(tour));
    const line = fc.constantFrom(
      '-- %%',
      '-- %% [markdown]',
      '--%% [MD] t',
      '-- %% title',
      '-- text',
      '--',
      '  -- in',
      '-- \\%% x',
      'select 1;',
      '',
      ' -- %%',
      '  a',
    );
    const file = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n')).map(([lines, eol]) => lines.join(eol));
    fc.assert(
      fc.property(file, (source) => {
        expect(terminalCells(source)).toEqual(editorCells(source));
      }),
    );
  });
});
