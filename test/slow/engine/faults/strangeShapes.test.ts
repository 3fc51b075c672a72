import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Result } from '../../../../engine/types.ts';
import { rowsOf, withSession } from '../../../support/engines.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

it('keeps, pages and sorts 10,000 columns', async () => {
  await withSession(async (session) => {
    const result = await session.run(`select ${Array.from({ length: 10_000 }, (_, index) => `range + ${index}`)} from range(200)`);
    expect(result.columns).toHaveLength(10_000);
    expect((await result.page(199, 1))[0]?.[9999]).toBe(10_198n);
    const view = await result.view({ sort: [{ column: 9999, descending: true }], search: '10198' });
    const [row] = await view.page(0, 1);
    expect([view.rowCount, row?.length, row?.[0], row?.[9999]]).toEqual([1, 10_000, 199n, 10_198n]);
    view.release();
    result.release();
  });
});

it('keeps one result with 10,000 columns after the other in the memory of a few, and forgets them', async () => {
  const temporary = temporaryFolder();
  const wideFiles = () =>
    readdirSync(temporary, { recursive: true })
      .map(String)
      .filter((name) => /wide-\d+\.duckdb$/.test(name));
  await withSession(
    async (session) => {
      const columns = Array.from({ length: 10_000 }, (_, index) => `range + ${index} as c${index}`);
      (await session.run(`create table wide as select ${columns} from range(200)`)).release();
      const kept: Result[] = [];
      for (let round = 0; round < 4; round++) {
        const result = await session.run('from wide');
        expect((await result.page(0, 1))[0]?.[9999]).toBe(9999n);
        kept.push(result);
        // As a person who looks at it. Before it is packed, each takes 320 MB of the 512 that there are.
        await setTimeout(600);
      }
      expect(wideFiles()).toHaveLength(4);
      const view = await kept[0]?.view({ sort: [{ column: 1, descending: true }] });
      for (const result of kept) {
        expect((await result.page(199, 1))[0]?.[1]).toBe(200n);
        result.release();
      }
      expect((await view?.page(0, 1))?.[0]?.[1]).toBe(200n);
      view?.release();
      await vi.waitFor(() => expect(wideFiles()).toEqual([]), { timeout: 10_000 });
    },
    { temporaryFolder: temporary },
  );
});

it('keeps strings of 100 MB', async () => {
  await withSession(async (session) => {
    const result = await session.run("select repeat('x', 100000000) || range s, range n from range(2)");
    const view = await result.view({ sort: [{ column: 1, descending: true }], filters: [{ column: 0, op: 'endsWith', values: ['x1'] }] });
    const [row] = await view.page(0, 5);
    expect([view.rowCount, String(row?.[0]).length, row?.[1]]).toEqual([1, 100_000_001, 1n]);
    view.release();
    result.release();
  });
});

it('orders NaN above infinity, and keeps the ends of DECIMAL, in memory and in the spool', async () => {
  await withSession(async (session) => {
    const sql = `select case range % 4 when 0 then 'nan'::double when 1 then 'inf'::double when 2 then '-inf'::double else range end f,
      '99999999999999999999999999999999999999'::decimal(38, 0) d, '-0.00000000000000000000000000000000000001'::decimal(38, 38) e, range rowid, 1 rowid
      from range(ROWS)`;
    for (const rows of [4, 400_000]) {
      const result = await session.run(sql.replace('ROWS', String(rows)));
      const view = await result.view({ sort: [{ column: 0, descending: true }, { column: 3 }] });
      const extremes = ['99999999999999999999999999999999999999', '-0.00000000000000000000000000000000000001'];
      expect(await view.page(0, 1)).toEqual([[Number.NaN, ...extremes, 0n, 1]]);
      expect(await view.page(rows / 4, 1)).toEqual([[Number.POSITIVE_INFINITY, ...extremes, 1n, 1]]);
      expect(await view.page(rows - 1, 1)).toEqual([[Number.NEGATIVE_INFINITY, ...extremes, BigInt(rows - 2), 1]]);
      const profile = await result.profile(1);
      expect(profile).toMatchObject({ minimum: extremes[0], maximum: extremes[0], distinctCount: 1 });
      view.release();
      result.release();
    }
  });
});

it('sorts and pages large results of nested values', async () => {
  await withSession(async (session) => {
    const sql =
      "select {'a': [range % 100, null], 'm': map {range: {'x': 'y' || range}}} s, row(range, [row('z')]) t, union_value(n := range) u from range(300000)";
    const result = await session.run(sql);
    const view = await result.view({ sort: [{ column: 0, descending: true }] });
    const [row] = await view.page(0, 1);
    const [position = 0] = await view.positions(0, 1);
    expect([row]).toEqual(await result.page(position, 1));
    expect(position % 100).toBe(99);
    expect(await rowsOf(session, `select count(*) from (${sql}) where s > (select max(s) from (${sql}))`)).toEqual([[0n]]);
    view.release();
    result.release();
  });
});

it('keeps a thousand columns, columns with the same name, and long texts', async () => {
  await withSession(async (session) => {
    const names = Array.from({ length: 1000 }, (_, index) => `range + ${index} as c${index}`);
    const wide = await session.run(`select ${names.join()} from range(20000)`);
    expect((await wide.page(19_999, 1))[0]?.slice(-2)).toEqual([19_999n + 998n, 19_999n + 999n]);
    wide.release();
    const same = await session.run('select range rowid, 2 a, 3 a from range(600000)');
    expect(same.columns.map((column) => column.name)).toEqual(['rowid', 'a', 'a']);
    expect(await same.page(599_999, 1)).toEqual([[599_999n, 2, 3]]);
    same.release();
    const long = await session.run("select repeat('x', 20000000) from range(3)");
    expect(String((await long.page(2, 1))[0]?.[0]).length).toBe(20_000_000);
    long.release();
    const tuples = await session.run("select row(range, 'x' || range) from range(600000)");
    expect(await tuples.page(599_999, 1)).toEqual([[{ 1: 599_999n, 2: 'x599999' }]]);
    tuples.release();
  });
});
