import { expect, it } from 'vitest';
import { collectRows, type RowServer } from '../../../client/notebook/collectRows.ts';
import type { FetchPageParams, FetchPageResult } from '../../../server/protocol/requests.ts';

/** A result of so many rows, in which an answer takes at most `maxPage`. */
function serverWith(rowCount: number, maxPage = 100_000): RowServer {
  const page = ({ offset, limit }: FetchPageParams): FetchPageResult => {
    const length = Math.max(0, Math.min(limit, rowCount - offset));
    return { offset, rowCount, complete: true, rows: Array.from({ length }, (_, index) => [offset + index, index === 0 ? null : 'a\tb']) };
  };
  return {
    request: async (_descriptor, params) => {
      const asked = params as unknown as FetchPageParams;
      if (asked.limit > maxPage) throw { failure: { code: 'limit', message: 'too large' } };
      return page(asked) as never;
    },
  };
}

const wanted = {
  resultId: 'r',
  columns: [
    { name: 'i', type: 'INTEGER' },
    { name: 's', type: 'VARCHAR' },
  ],
  maxLength: 1e6,
  isCancelled: () => false,
  onProgress: () => undefined,
} as const;

it('all rows come in each format', async () => {
  const text = async (format: 'tsv' | 'csv' | 'markdown' | 'json') => {
    const collected = await collectRows(serverWith(2), { ...wanted, format });
    return collected.kind === 'text' ? collected.text : collected.kind;
  };
  expect(await text('tsv')).toBe('i\ts\n0\t\n1\t"a\tb"\n');
  expect(await text('csv')).toBe('i,s\r\n0,\r\n1,a\tb\r\n');
  expect(await text('markdown')).toBe('| i | s |\n| ---: | --- |\n| 0 |  |\n| 1 | a⇥b |\n');
  expect(JSON.parse(await text('json'))).toEqual([
    { i: 0, s: null },
    { i: 1, s: 'a\tb' },
  ]);
});

it('rows that are too large for one answer are asked for in smaller parts', async () => {
  const collected = await collectRows(serverWith(12_345, 10), { ...wanted, format: 'csv' });
  expect(collected.kind === 'text' && collected.text.split('\r\n').length).toBe(12_347);
});

it('what is too large for a clipboard is told, with how much would fit', async () => {
  const told: number[] = [];
  const onProgress = (rows: number) => told.push(rows);
  expect(await collectRows(serverWith(100_000), { ...wanted, format: 'csv', maxLength: 100_000, onProgress })).toMatchObject({
    kind: 'tooLarge',
    rowCount: 100_000,
  });
  expect(told).toEqual([5000, 10_000]);
  expect(await collectRows(serverWith(100_000), { ...wanted, format: 'csv', isCancelled: () => true })).toEqual({ kind: 'cancelled' });
});
