import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column, Row } from '../../../engine/types.ts';
import { columnName, STYLES } from '../../../server/excel/sheetCells.ts';
import { writeExcel } from '../../../server/excel/writeExcel.ts';
import { withSession } from '../../support/engines.ts';
import { readExcel } from '../../support/readExcel.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const quiet = { overwrite: false, signal: new AbortController().signal, onProgress: () => undefined };

async function written(columns: readonly Column[], rows: readonly Row[]) {
  const path = join(temporaryFolder(), 'a.xlsx');
  const page = async (offset: number, limit: number) => rows.slice(offset, offset + limit);
  await writeExcel(path, { columns, rowCount: rows.length, page }, quiet);
  return readExcel(path);
}

/** What the sheet has for the values of one row of a query. */
async function fromQuery(sql: string) {
  return await withSession(async (session) => {
    const result = await session.run(sql);
    const rows = await result.page(0, result.rowCount);
    const [, first = []] = await written(result.columns, rows);
    result.release();
    return first.map((cell) => cell && [cell.type, cell.value, cell.style]);
  });
}

describe('a workbook', () => {
  it('keeps numbers and booleans, and writes as text what Excel would round', async () => {
    const sql = `select 42 a, -1.5::double b, true c, 12.50::decimal(9,2) d, 999999999999999::bigint e, 9007199254740993::bigint f,
      12345678901234567.89::decimal(20,2) g, 'nan'::double h, null i, 1e300 j, 170141183460469231731687303715884105727::hugeint k`;
    expect(await fromQuery(sql)).toEqual([
      ['number', 42, 0],
      ['number', -1.5, 0],
      ['boolean', true, 0],
      ['number', 12.5, 0],
      ['number', 999999999999999, 0],
      ['text', '9007199254740993', 0],
      ['text', '12345678901234567.89', 0],
      ['text', 'NaN', 0],
      undefined,
      ['number', 1e300, 0],
      ['text', '170141183460469231731687303715884105727', 0],
    ]);
  });

  it('keeps dates and times, and writes as text what Excel cannot say', async () => {
    const sql = `select date '2024-02-29' a, timestamp '2024-02-29 12:00:00.5' b, timestamp '2024-01-01 00:00:00.000001' c, time '18:00:00' d,
      timestamptz '2024-02-29 12:00:00+00' e, date '1850-01-01' f, date '12024-01-01' g, 'infinity'::date h, interval 3 month i`;
    expect(await fromQuery(sql)).toEqual([
      ['number', 45351, STYLES.date],
      ['number', expect.closeTo(45351.500005787, 9), STYLES.timestamp],
      ['text', '2024-01-01 00:00:00.000001', 0],
      ['number', 0.75, STYLES.time],
      ['number', 45351.5, STYLES.utc],
      ['text', '1850-01-01', 0],
      ['text', '12024-01-01', 0],
      ['text', 'infinity', 0],
      ['text', '3 months', 0],
    ]);
  });

  it('writes nested values and bytes as text', async () => {
    expect(
      await fromQuery(
        "select [1, null] a, {'x': 'y', 'n': 9007199254740993} b, '\\x00ab'::blob c, uuid '00000000-0000-0000-0000-000000000001' d",
      ),
    ).toEqual([
      ['text', '[1,null]', 0],
      ['text', '{"x":"y","n":"9007199254740993"}', 0],
      ['text', '\\x00ab', 0],
      ['text', '00000000-0000-0000-0000-000000000001', 0],
    ]);
  });

  it('has every text as it is, and no formula', { tags: ['slow'] }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), async (texts) => {
        const given = ['=1+1', '<b>&"', '_x0041_', ' a\nb\r\tc ', '\u0000\u001b\ud800', ...texts];
        const [head = [], row = []] = await written(
          given.map((name) => ({ name, type: 'VARCHAR' })),
          [given],
        );
        expect(head.map((cell) => cell?.value)).toEqual(given);
        expect(row.map((cell) => [cell?.type, cell?.value])).toEqual(given.map((text) => ['text', text]));
      }),
      { numRuns: 30 },
    );
  });

  it('goes through pages of many rows, with names like AA', { tags: ['slow'] }, async () => {
    const columns = Array.from({ length: 60 }, (_, index) => ({ name: `c${index}`, type: 'INTEGER' }));
    const rows = Array.from({ length: 3000 }, (_, row) => columns.map((_column, index) => row * 100 + index));
    const sheet = await written(columns, rows);
    expect(sheet).toHaveLength(3001);
    expect(sheet[3000]?.[59]?.value).toBe(299959);
    expect([0, 25, 26, 701, 702, 16_383].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  });

  it('without rows has its head', async () => {
    expect(await written([{ name: 'a', type: 'INTEGER' }], [])).toEqual([[{ type: 'text', style: STYLES.head, value: 'a' }]]);
  });
});

describe('what no workbook can hold', () => {
  const write = (columns: readonly Column[], rowCount: number, row: Row, signal = quiet.signal) => {
    const folder = temporaryFolder();
    const page = async (_: number, limit: number) => Array.from({ length: limit }, () => row);
    const writing = writeExcel(join(folder, 'a.xlsx'), { columns, rowCount, page }, { ...quiet, signal });
    return { writing, folder };
  };

  it('is refused with the limit and what to do', async () => {
    const column = [{ name: 'note', type: 'VARCHAR' }];
    await expect(write(column, 1_048_576, ['x']).writing).rejects.toThrow(
      /takes 1048575 rows below its head, and there are 1048576: write CSV or Parquet/,
    );
    await expect(
      write(
        Array.from({ length: 16_385 }, () => ({ name: 'a', type: 'INTEGER' })),
        1,
        [],
      ).writing,
    ).rejects.toThrow(/16384 columns/);
    const { writing, folder } = write(column, 3, ['x'.repeat(40_000)]);
    await expect(writing).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringMatching(/^Cell A2 \(column "note"\) has a text of 40000 characters/),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is left when it is cancelled, without a file', async () => {
    const controller = new AbortController();
    const { writing, folder } = write([{ name: 'a', type: 'INTEGER' }], 1_000_000, [1], controller.signal);
    controller.abort();
    await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
