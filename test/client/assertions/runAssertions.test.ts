import { expect, it } from 'vitest';
import { type AssertionOutcome, runAssertions } from '../../../client/assertions/runAssertions.ts';
import { readCells } from '../../../client/notebook/readCells.ts';
import type { RunQueryResult } from '../../../server/protocol/requests.ts';
import type { WireFailure, WireRow } from '../../../server/protocol/values.ts';

function rows(preview: readonly WireRow[], rowCount = preview.length): RunQueryResult {
  const columns = [{ name: 'id', type: 'BIGINT' }];
  const result = {
    resultId: 'r',
    columns,
    rowCount,
    complete: true,
    truncated: false,
    preview,
    provenance: { kind: 'run', reason: '' } as const,
  };
  return { statements: [{ start: 0, end: 8, kind: 'SELECT', elapsedMs: 1, result }], elapsedMs: 7 };
}

function failure(code: WireFailure['code'], message: string): RunQueryResult {
  return { statements: [], failure: { code, message, position: { offset: 9, line: 1, column: 2, length: 1 } }, elapsedMs: 3 };
}

/** Runs a notebook whose cells are answered by their text; gives what was run, and the events. */
async function played(
  source: string,
  wanted: readonly number[],
  answers: Readonly<Record<string, RunQueryResult>>,
  cancelAfter = Number.POSITIVE_INFINITY,
) {
  const asked: string[] = [];
  const began: number[] = [];
  const ended: [number, AssertionOutcome][] = [];
  await runAssertions({
    cells: readCells(source).map(({ text, marker }) => ({ sql: text, marker })),
    wanted: new Set(wanted),
    ask: async (sql) => {
      asked.push(sql);
      return answers[sql] ?? rows([]);
    },
    began: (cell) => began.push(cell),
    ended: (cell, outcome) => ended.push([cell, outcome]),
    isCancelled: () => asked.length >= cancelAfter,
  });
  return { asked, began, ended, states: ended.map(([cell, { state }]) => [cell, state]) };
}

const NOTEBOOK = '-- %% Load\na\n-- %% assert One\nb\n-- %%\nc\n-- %% assert Two\nd\n-- %%\ne\n';

it('runs all code cells down to the last assertion that is wanted, and no further', async () => {
  const { asked, began, states } = await played(NOTEBOOK, [1], {});
  expect([asked, began, states]).toEqual([['a', 'b'], [1], [[1, 'passed']]]);
  expect((await played(NOTEBOOK, [3, 1], {})).asked).toEqual(['a', 'b', 'c', 'd']);
});

it('tells what was expected and which rows came, and goes on', async () => {
  const { ended, states } = await played(NOTEBOOK, [1, 3], { b: rows([[4], [5]], 90) });
  expect(states).toEqual([
    [1, 'failed'],
    [3, 'passed'],
  ]);
  const [, outcome] = ended[0] as [number, AssertionOutcome];
  expect(outcome).toMatchObject({
    message: 'One: Expected no rows, got 90 rows.',
    expected: 'no rows',
    elapsedMs: 7,
    place: { cell: 1, line: 0, column: 0 },
  });
  expect(outcome.actual).toMatch(/│\s+4 │[\s\S]*│\s+5 │[\s\S]*90 rows, the first 2 of them here$/);
});

it('an assertion that is not wanted stops nothing, whatever comes of it', async () => {
  expect((await played(NOTEBOOK, [3], { b: rows([[1]]) })).states).toEqual([[3, 'passed']]);
  expect((await played(NOTEBOOK, [3], { b: failure('sql', 'no') })).states).toEqual([[3, 'passed']]);
});

it('a cell that fails before them makes errors of the others, which lead to it', async () => {
  const { asked, ended } = await played(NOTEBOOK, [1, 3], { a: failure('sql', 'There is no b.') });
  expect(asked).toEqual(['a']);
  expect(ended.map(([cell, { state, message, place }]) => [cell, state, message, place])).toEqual([
    [1, 'errored', 'The cell “Load” failed before it could be judged.\nThere is no b.', { cell: 0, line: 1, column: 2 }],
    [3, 'errored', 'The cell “Load” failed before it could be judged.\nThere is no b.', { cell: 0, line: 1, column: 2 }],
  ]);
  expect((await played(NOTEBOOK, [3], { c: failure('sql', 'No.') })).ended[0]?.[1].message).toMatch(/^The code cell 3 failed/);
});

it('an assertion whose own SQL is wrong is an error, as is one without a SELECT', async () => {
  const { states } = await played(NOTEBOOK, [1, 3], { b: failure('sql', 'wrong'), d: { statements: [], elapsedMs: 1 } });
  expect(states).toEqual([
    [1, 'errored'],
    [3, 'errored'],
  ]);
});

it('after a cancellation nothing more is run, and what was not judged is skipped', async () => {
  const stopped = await played(NOTEBOOK, [1, 3], {}, 2);
  expect([stopped.asked, stopped.states]).toEqual([
    ['a', 'b'],
    [
      [1, 'passed'],
      [3, 'skipped'],
    ],
  ]);
  expect((await played(NOTEBOOK, [1, 3], { a: failure('cancelled', 'Cancelled.') })).states).toEqual([
    [1, 'skipped'],
    [3, 'skipped'],
  ]);
});

it('gives the results of cells their names, of equal ones to the first', async () => {
  const names: (string | undefined)[] = [];
  await runAssertions({
    cells: readCells('-- %% name=daily\na\n-- %% Two name=Daily\nb\n-- %% assert Three\nc').map(({ text, marker }) => ({
      sql: text,
      marker,
    })),
    wanted: new Set([2]),
    ask: async (_sql, name) => {
      names.push(name);
      return rows([]);
    },
    began: () => undefined,
    ended: () => undefined,
    isCancelled: () => false,
  });
  expect(names).toEqual(['daily', undefined, undefined]);
});
