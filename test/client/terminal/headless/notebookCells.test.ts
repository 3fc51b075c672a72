import { describe, expect, test } from 'vitest';
import { cellsNamed, withNeeded } from '../../../../client/terminal/headless/chosenCells.ts';
import { readGiven, withParameters } from '../../../../client/terminal/headless/givenParameters.ts';
import { notebookCells } from '../../../../client/terminal/headless/notebookCells.ts';

const NOTEBOOK = `-- %% [markdown] About
-- # Orders

-- %% params
-- label: Region, choices: north|south
SET VARIABLE region = 'north';
SET VARIABLE since = DATE '2024-01-01'; -- range: 2020-01-01..2030-12-31
SET VARIABLE most = (SELECT 3);

-- %%

-- %% Per month name=daily\r
select 1;\r
\r
-- %% Again name=DAILY
select $extra;

-- %% assert
`;

describe('cells of a notebook without an editor', () => {
  const cells = notebookCells(NOTEBOOK);

  test('have the places and names of the editor', () => {
    expect(cells.map(({ number, kind, name, linesBefore }) => [number, kind, name, linesBefore])).toEqual([
      [1, 'markup', 'the cell "About"', 1],
      [2, 'code', 'cell 2', 4],
      [4, 'code', 'the cell "Per month"', 12],
      [5, 'code', 'the cell "Again"', 15],
      [6, 'code', 'cell 6', 18],
    ]);
    expect(cells.map(({ resultName }) => resultName)).toEqual([undefined, undefined, 'daily', undefined, undefined]);
    expect(cells[3]?.nameProblem).toBe('The result cannot be called "DAILY": cell 4 has that name. Give this one another.');
  });

  test('are chosen by name, title or number, with what they need', () => {
    expect(cellsNamed(cells, ['Daily', 'again', '6'])).toEqual([2, 3, 4]);
    expect(() => cellsNamed(cells, ['dayli'])).toThrow(
      '--only dayli: no cell is called so; did you mean daily?\nThere are: About, daily, Per month, Again',
    );
    expect(() => cellsNamed(notebookCells('-- %% A\nselect 1;\n-- %% a\nselect 2'), ['a'])).toThrow(
      '2 cells are called so; give the number of one, 1 or 2',
    );
    const needs = [
      { from: 0, to: 2, reason: '' },
      { from: 2, to: 4, reason: '' },
      { from: 1, to: 3, reason: '' },
    ];
    expect(withNeeded([4], needs)).toEqual([0, 2, 4]);
  });

  test('have the values that were given, as literals of their types', () => {
    const given = readGiven(['REGION=south', 'since=2025-02-03', "extra=it's"]);
    const { cells: changed, prelude } = withParameters(cells, given);
    expect(changed[1]?.text).toContain("SET VARIABLE region = 'south';\nSET VARIABLE since = DATE '2025-02-03'; -- range");
    expect(prelude).toEqual(["SET VARIABLE extra = 'it''s';"]);
    expect(withParameters(cells, readGiven(['extra=12'])).prelude).toEqual(['SET VARIABLE extra = 12;']);
  });

  test.each([
    [['region'], '--param takes name=value, not region'],
    [['=1'], '--param takes name=value, not =1'],
    [['a=1', 'A=2'], '--param A is given twice'],
    [['region=west'], '--param region: "west" is not one of north, south.\nIts parameters:\n  region=north  (one of north, south)'],
    [['since=2025-02-30'], '"2025-02-30" is not a date, such as 2024-01-31.'],
    [['since=2019-01-01'], 'since must be at least 2020-01-01.'],
    [['most=3'], 'most is computed by SQL: change it in the cell.'],
    [["region='; drop table t; --"], 'is not one of north, south.'],
    [
      ['regoin=x'],
      'the notebook has no such parameter; did you mean region?\nIts parameters:\n  region=north  (one of north, south)\n  since=2024-01-01  (DATE, 2020-01-01..2030-12-31)\n  most=(SELECT 3)  (computed by SQL, cannot be given)\n  extra  (has no value in the notebook)',
    ],
  ])('%j is refused', (texts, message) => {
    expect(() => withParameters(cells, readGiven(texts))).toThrow(message);
  });
});
