import { describe, expect, it } from 'vitest';
import type { PageClient } from '../../../client/renderer/pageClient.ts';
import { PageFailure } from '../../../client/renderer/pageClient.ts';
import { PagedRows } from '../../../client/renderer/pagedRows.ts';
import type { RowPage } from '../../../client/renderer/pageStore.ts';

interface Asked {
  readonly offset: number;
  readonly limit: number;
  readonly answer: (rowCount: number) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** Rows behind a handle whose page client is asked by `look` and answered by hand: row `n` holds `n`. */
function pagedRows() {
  const asked: Asked[] = [];
  const told: string[] = [];
  const settled = async () => void (await new Promise((resolve) => setImmediate(resolve)));
  const client = {
    fetchFrame: (_: string, offset: number, limit: number) =>
      new Promise((resolve, reject) => {
        asked.push({
          offset,
          limit,
          answer: (rowCount) => {
            const rows: RowPage = { length: Math.max(0, Math.min(limit, rowCount - offset)), row: (index) => [offset + index] };
            resolve({ rows, rowCount, complete: true });
            return settled();
          },
          fail: (error) => {
            reject(error);
            return settled();
          },
        });
      }),
  } as unknown as PageClient;
  const rows = new PagedRows('r', 1, [[0]], client, {
    arrived: (rowCount, complete) => told.push(`${rowCount} ${complete}`),
    failed: (message, gone) => told.push(`${message} ${gone}`),
  });
  const requests = () => asked.map(({ offset, limit }) => [offset, limit]);
  return { rows, asked, told, requests };
}

describe('pagedRows', () => {
  it('asks for the pages in view, and says whether any row is still to come', async () => {
    const { rows, asked, told, requests } = pagedRows();
    expect(rows.look(0, 1)).toBe(true);
    expect(rows.look(250, 280)).toBe(false);
    expect(rows.look(250, 290)).toBe(false);
    expect(requests()).toEqual([[200, 200]]);
    await asked[0]?.answer(10_000);
    expect(told).toEqual(['10000 true']);
    expect(rows.look(250, 280)).toBe(true);
    expect([rows.row(200), rows.row(399), rows.row(400)]).toEqual([[200], [399], undefined]);
  });

  it('asks for two pages that follow each other at once', async () => {
    const { rows, asked, requests } = pagedRows();
    expect(rows.look(390, 430)).toBe(false);
    expect(requests()).toEqual([[200, 400]]);
    await asked[0]?.answer(450);
    expect(rows.look(390, 430)).toBe(true);
    expect([rows.row(390), rows.row(400), rows.row(449), rows.row(600)]).toEqual([[390], [400], [449], undefined]);
    expect(rows.look(599, 600)).toBe(true);
  });

  it('has two requests on the way, and goes on with what is in view when one has come', async () => {
    const { rows, asked, requests } = pagedRows();
    for (const first of [1_000, 20_000, 30_000, 40_000]) rows.look(first, first + 10);
    expect(requests()).toEqual([
      [1_000, 200],
      [20_000, 200],
    ]);
    await asked[0]?.answer(100_000);
    expect(requests().slice(2)).toEqual([[40_000, 200]]);
  });

  it('asks for each of two pages alone when they cannot come together', async () => {
    const { rows, asked, told, requests } = pagedRows();
    rows.look(390, 430);
    await asked[0]?.fail(new PageFailure('These rows are too large to be sent at once.', false));
    expect(requests().slice(1)).toEqual([
      [200, 200],
      [400, 200],
    ]);
    expect(rows.look(390, 430)).toBe(false);
    await asked[1]?.answer(10_000);
    await asked[2]?.answer(10_000);
    expect(rows.look(390, 430)).toBe(true);
    expect([rows.row(399), rows.row(400), told.some((line) => line.includes('too large'))]).toEqual([[399], [400], false]);
  });

  it('asks once for what fails, and for nothing more once the result is gone', async () => {
    const { rows, asked, told, requests } = pagedRows();
    rows.look(1_000, 1_010);
    await asked[0]?.fail(new PageFailure('The disk is full.', false));
    expect(told).toEqual(['The disk is full. false']);
    expect(rows.look(1_000, 1_010)).toBe(true);
    rows.look(2_000, 2_010);
    await asked[1]?.fail(new PageFailure('The result is gone.', true));
    expect(told.at(-1)).toBe('The result is gone. true');
    expect(rows.look(3_000, 3_010)).toBe(true);
    expect(requests()).toHaveLength(2);
  });
});
