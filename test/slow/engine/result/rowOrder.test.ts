import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ChartAnswer } from '../../../../engine/types.ts';
import { rowsOf, withSession } from '../../../support/engines.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** Many row groups, and more threads than most machines of tests have. */
const ROWS = 1_500_000;
const SQL = `select range as i, range % 1000 as k, 'text ' || range as s from range(${ROWS})`;
const THREADS = { parallel: { threads: 4 } };

it('keeps the order of rows in views and their pages with several threads', async () => {
  await withSession(async (session) => {
    const result = await session.run(SQL);
    const filtered = await result.view({ filters: [{ column: 1, op: 'less', values: [500] }] });
    const sorted = await result.view({ sort: [{ column: 1, descending: true }] });
    // Long work beside it, so that the pages are read with all threads, too.
    const chart = result.chart({ mark: 'bar', x: 1, y: [0], aggregate: 'sum' });
    for (let index = 0; index < 40; index++) {
      const at = index * 18_000;
      const expected = Array.from({ length: 300 }, (_, row) => Math.floor((at + row) / 500) * 1000 + ((at + row) % 500));
      expect((await filtered.page(at, 300)).map(([i]) => Number(i))).toEqual(expected);
      expect((await result.page(at, 300)).map(([i]) => Number(i))).toEqual(expected.map((_, row) => at + row));
      const rows = await sorted.page(at, 300);
      expect(rows.map(([i]) => Number(i))).toEqual(
        expected.map((_, row) => ((at + row) % 1500) * 1000 + 999 - Math.floor((at + row) / 1500)),
      );
    }
    expect((await chart).kind).toBe('drawn');
    filtered.release();
    sorted.release();
    result.release();
  }, THREADS);
});

it.each(['csv', 'jsonl', 'parquet'] as const)('writes rows in their order as %s with several threads', async (format) => {
  const path = join(temporaryFolder(), `rows.${format}`);
  await withSession(async (session) => {
    const result = await session.run(SQL);
    await result.export(path, { format });
    result.release();
    const reader = { csv: 'read_csv', jsonl: 'read_json', parquet: 'read_parquet' }[format];
    await session.run(`create table back as select * from ${reader}('${path}')`).then((made) => made.release());
    expect(await rowsOf(session, 'select count(*)::integer, count(*) filter (i <> rowid)::integer from back')).toEqual([[ROWS, 0]]);
  }, THREADS);
});

it('draws the same sample of points each time with several threads', async () => {
  await withSession(async (session) => {
    const result = await session.run(SQL);
    const drawings: ChartAnswer[] = [];
    for (let round = 0; round < 3; round++) drawings.push(await result.chart({ mark: 'scatter', x: 1, y: [0], aggregate: 'none' }));
    const [first] = drawings;
    expect(first).toMatchObject({ kind: 'drawn', notes: ['Sample of 5,000 of 1,500,000 points.'] });
    for (const drawing of drawings) expect(drawing).toEqual(first);
    result.release();
  }, THREADS);
});
