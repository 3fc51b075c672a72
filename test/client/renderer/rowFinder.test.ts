import { expect, test } from 'vitest';
import type { CellPlace } from '../../../client/renderer/gridKeys.ts';
import { PageClient } from '../../../client/renderer/pageClient.ts';
import { RowFinder } from '../../../client/renderer/rowFinder.ts';
import type { WireRow } from '../../../server/protocol/values.ts';

const ROWS: WireRow[] = Array.from({ length: 100 }, (_, row) => [
  `row ${row}`,
  row % 10 === 0 ? `ten ${row} ten` : null,
  `ten`.repeat(row % 10 === 0 ? 1 : 0),
]);

/** A finder over rows of which only some are here at first, with an engine that knows all. */
function finderOver(here: (row: number) => boolean) {
  const found: CellPlace[] = [];
  let arrived = false;
  const pages = new PageClient((message) => {
    if (message.type !== 'find') return;
    const { requestId, search, from, backwards } = message;
    const rows = ROWS.flatMap((row, index) => (row.some((value) => String(value ?? '').includes(search)) ? index : []));
    const row = backwards ? rows.findLast((index) => index < from) : rows.find((index) => index > from);
    pages.receive({ type: 'found', requestId, ...(row !== undefined && { row }) });
  });
  const rows = { rowCount: ROWS.length, handle: 'r', row: (index: number) => (arrived || here(index) ? ROWS[index] : undefined) };
  const finder = new RowFinder(rows, pages, { found: (place) => found.push(place), changed: () => finder.arrived() });
  const arrive = () => {
    arrived = true;
    finder.arrived();
  };
  return { finder, found, arrive };
}

test('goes from cell to cell, row to row, and around at the ends', async () => {
  const { finder, found } = finderOver(() => true);
  finder.search = 'ten';
  await finder.first({ row: 5, column: 0 });
  expect(found.at(-1)).toEqual({ row: 10, column: 1 });
  await finder.next({ row: 10, column: 1 }, false);
  expect(found.at(-1)).toEqual({ row: 10, column: 2 });
  await finder.next({ row: 10, column: 2 }, false);
  expect(found.at(-1)).toEqual({ row: 20, column: 1 });
  await finder.next({ row: 20, column: 1 }, true);
  expect(found.at(-1)).toEqual({ row: 10, column: 2 });
  await finder.next({ row: 90, column: 2 }, false);
  expect(found.at(-1)).toEqual({ row: 0, column: 1 });
  await finder.next({ row: 0, column: 1 }, true);
  expect(found.at(-1)).toEqual({ row: 90, column: 2 });
});

test('goes to a row that is not here, and to its cell when it has come', async () => {
  const { finder, found, arrive } = finderOver((row) => row < 10);
  finder.search = 'ten 50';
  await finder.first({ row: 0, column: 0 });
  expect(found).toEqual([{ row: 50, column: 0 }]);
  arrive();
  expect(found.at(-1)).toEqual({ row: 50, column: 1 });
});

test('says that nothing is found', async () => {
  const { finder, found } = finderOver(() => true);
  finder.search = 'nowhere';
  await finder.first({ row: 0, column: 0 });
  expect(found).toEqual([]);
  expect(finder.note).toBe('no row has it');
  finder.search = 'row 7';
  await finder.first({ row: 0, column: 0 });
  expect(finder.note).toBe('');
});
