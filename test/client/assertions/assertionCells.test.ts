import { expect, it } from 'vitest';
import { assertionsIn } from '../../../client/assertions/assertionCells.ts';
import { readCells } from '../../../client/notebook/readCells.ts';

function found(source: string) {
  return assertionsIn(readCells(source).map(({ text, marker }) => ({ sql: text, marker })));
}

it('finds assert cells with their titles and places', () => {
  expect(
    found('-- %%\nselect 1;\n-- %% assert No orphans key=id\nselect 2;\n-- %% [markdown] assert this\n-- text\n-- %% asserted\nselect 3;'),
  ).toEqual([{ id: 'No orphans', title: 'No orphans', index: 1 }]);
});

it('tells equal titles and missing ones apart, whatever stands between them', () => {
  const ids = (source: string) => found(source).map(({ id, title }) => [id, title]);
  const sql = '-- %% assert\nselect 1;\n-- %% assert A\nselect 2;\n-- %% assert\nselect 3;\n-- %% assert A\nselect 4;\n';
  expect(ids(sql)).toEqual([
    ['Assertion 1', 'Assertion 1'],
    ['A', 'A'],
    ['Assertion 2 #2', 'Assertion 2'],
    ['A #2', 'A'],
  ]);
  expect(new Set(ids(sql).map(([id]) => id)).size).toBe(4);
});

it('finds one that has no text: it fails when it is run', () => {
  expect(found('-- %% assert Later\n\n-- %%\n')).toEqual([{ id: 'Later', title: 'Later', index: 0 }]);
});
