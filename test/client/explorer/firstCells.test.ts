import { describe, expect, it } from 'vitest';
import type { ExplorerNode, ObjectNode } from '../../../client/explorer/explorerNode.ts';
import { firstCells } from '../../../client/explorer/firstCells.ts';
import { parseNotebook, writeNotebook } from '../../../client/notebook/cellFormat.ts';

const table = (name: string): ObjectNode => ({
  kind: 'object',
  database: 'memory',
  schema: 'main',
  qualifier: [],
  object: { kind: 'table', name },
});

describe('firstCells', () => {
  it('asks for the first rows and statistics', () => {
    expect(firstCells(table('orders'), '/w')).toEqual([
      { kind: 'markup', text: '# orders' },
      { kind: 'code', text: 'FROM orders LIMIT 200;' },
      { kind: 'code', text: 'SUMMARIZE orders;' },
    ]);
    const file: ExplorerNode = { kind: 'file', file: { folder: '/w', path: 'data/a_b.csv' }, isOpen: false };
    expect(firstCells(file, '/w').map(({ text }) => text)).toEqual([
      '# a\\_b\\.csv',
      "FROM 'data/a_b.csv' LIMIT 200;",
      "SUMMARIZE 'data/a_b.csv';",
    ]);
  });

  it('writes the call of what needs arguments, and nothing for what has no rows', () => {
    const macro: ObjectNode = { ...table('m'), object: { kind: 'tableMacro', name: 'm', parameters: ['a'] } };
    expect(firstCells(macro, '/w').map(({ text }) => text)).toEqual(['# m\\(a\\)', 'SELECT * FROM m(a);']);
    expect(firstCells({ kind: 'note', text: 'x', isFailure: false }, '/w')).toEqual([]);
  });

  it.each(['-- %%', 'two\nlines', '<img onerror=x> [a](b) `c`', '# h', `${'x'.repeat(10_000)}`])(
    'is a notebook that is read back, for %.40j',
    (name) => {
      const cells = firstCells(table(name), '/w');
      const text = writeNotebook({ prefix: '', eol: '\n', cells });
      const read = parseNotebook(text).cells;
      expect(read[0]).toMatchObject(cells[0] ?? {});
      expect(cells[0]?.text).not.toMatch(/(?<!\\)[<`[]/);
    },
  );
});
