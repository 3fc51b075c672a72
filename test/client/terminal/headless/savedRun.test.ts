import { describe, expect, test } from 'vitest';
import { readSavedRun, type SavedCell, type SavedRun, staleCells } from '../../../../client/terminal/headless/savedRun.ts';

const RESULT = { columns: [{ name: 'a', type: 'INTEGER' }], rowCount: 2, digest: 'd1' };
const FILE = { file: 'data/a.csv', bytes: 3, sha256: 'h1' };

function cell(number: number, fields: Partial<SavedCell> = {}): SavedCell {
  return {
    cell: number,
    text: `t${number}`,
    status: 'ok',
    results: [RESULT],
    sources: [FILE, { table: 'm.main.t' }],
    fingerprint: '',
    ...fields,
  };
}

function run(...cells: SavedCell[]): SavedRun {
  return { format: 'kodiak-run/1', notebook: 'n.kodiak.sql', ranAt: '', parameters: {}, cells };
}

describe('a saved run', () => {
  const before = run(cell(1, { title: 'Orders' }), cell(2, { name: 'daily' }), cell(3));
  const reasonsFor = (...now: SavedCell[]) =>
    staleCells(before, now, false).map(({ cell: name, reasons }) => `${name}: ${reasons.join('; ')}`);

  test('is the same in cells that moved', () => {
    expect(
      reasonsFor(cell(1), cell(2, { title: 'Orders', text: 't1' }), cell(3, { name: 'Daily', text: 't2' }), cell(4, { text: 't3' })),
    ).toEqual(['cell 1: is not in the saved run']);
    expect(reasonsFor(...before.cells)).toEqual([]);
  });

  test.each([
    [{ text: 'new' }, 'its text was edited'],
    [{ status: 'failed' as const, results: [] }, 'it was "ok" and is "failed"'],
    [{ results: [] }, 'it gives 0 results, and gave 1'],
    [{ results: [{ ...RESULT, rowCount: 3, digest: 'd2' }] }, 'its answer has 3 rows, and had 2'],
    [{ results: [{ ...RESULT, digest: 'd2' }] }, 'its answer has other values'],
    [{ results: [{ ...RESULT, columns: [{ name: 'b', type: 'INTEGER' }] }] }, 'its answer has other columns'],
    [{ sources: [{ ...FILE, sha256: 'h2' }, { table: 'm.main.t' }] }, 'data/a.csv changed'],
    [{ sources: [{ file: 'data/a.csv', missing: true as const }, { table: 'm.main.t' }] }, 'data/a.csv changed'],
    [{ sources: [FILE, { file: 'b.csv', bytes: 1, sha256: 'h' }] }, 'b.csv is read, and was not; m.main.t is not read any more'],
    [{ sources: null }, undefined],
  ])('tells %j', (fields, reason) => {
    const [first, second, third] = before.cells;
    const now = [{ ...first, ...fields } as SavedCell, second, third].filter((each) => each !== undefined);
    expect(reasonsFor(...now)).toEqual(reason === undefined ? [] : [`the cell "Orders": ${reason}`]);
  });

  test('misses cells only where all were to run', () => {
    const now = before.cells.slice(1);
    expect(staleCells(before, now, true)).toEqual([]);
    expect(staleCells(before, now, false)).toEqual([{ cell: 'the cell "Orders"', reasons: ['is not in the notebook any more'] }]);
  });

  test.each([
    ['', 'is no saved run: it is not JSON'],
    ['{"format":"other","cells":[]}', 'is no saved run of this version (kodiak-run/1)'],
    ['{"format":"kodiak-run/1","cells":[{}]}', 'is no saved run'],
    ['null', 'is no saved run'],
  ])('is not %j', (text, message) => {
    expect(() => readSavedRun(text, 's.json')).toThrow(message);
    expect(readSavedRun(JSON.stringify(before), 's.json')).toEqual(before);
  });
});
