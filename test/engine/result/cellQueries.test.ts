import { expect, it } from 'vitest';
import type { Result, ResultView } from '../../../engine/types.ts';
import { withSession } from '../../support/engines.ts';

async function withRows(
  sql: string,
  use: (result: Result, view: (spec: Parameters<Result['view']>[0]) => Promise<ResultView>) => Promise<void>,
) {
  await withSession(async (session) => {
    const result = await session.run(sql);
    const views: ResultView[] = [];
    try {
      await use(result, async (spec) => {
        const view = await result.view(spec);
        views.push(view);
        return view;
      });
    } finally {
      for (const view of views) view.release();
      result.release();
    }
  });
}

const NUMBERS = "select range a, case when range % 4 = 0 then null else range / 2 end b, 'row ' || range c from range(10000)";

it('adds up cells of a result and of a view of it', async () => {
  await withRows(NUMBERS, async (result, open) => {
    const sums = await result.sum({ offset: 0, limit: 4 }, [0, 1, 2]);
    expect(sums).toEqual([
      { values: 4, numbers: { count: 4, sum: 6, minimum: 0, maximum: 3 } },
      { values: 3, numbers: { count: 3, sum: 3, minimum: 0.5, maximum: 1.5 } },
      { values: 4 },
    ]);
    const view = await open({ sort: [{ column: 0, descending: true }] });
    expect(await result.sum({ offset: 0, limit: 2 }, [0], { view })).toEqual([
      { values: 2, numbers: { count: 2, sum: 19_997, minimum: 9998, maximum: 9999 } },
    ]);
    expect(await result.sum({ offset: 20_000, limit: 10 }, [0])).toEqual([{ values: 0 }]);
    await expect(result.sum({ offset: 0, limit: 1 }, [7])).rejects.toMatchObject({ code: 'sql' });
  });
});

it('leaves NaN out of sums, and keeps infinities', async () => {
  await withRows("select unnest(['nan'::double, 1, 'inf'::double, null]) x", async (result) => {
    expect(await result.sum({ offset: 0, limit: 4 }, [0])).toEqual([
      { values: 3, numbers: { count: 2, sum: Number.POSITIVE_INFINITY, minimum: 1, maximum: Number.POSITIVE_INFINITY } },
    ]);
  });
});

it('finds the next row with a text, and the one before, in the order that is shown', async () => {
  await withRows(NUMBERS, async (result, open) => {
    expect(await result.find('ROW 77', -1)).toBe(77);
    expect(await result.find('row 77', 77)).toBe(770);
    expect(await result.find('row 77', 770, { backwards: true })).toBe(77);
    expect(await result.find('row 77', 10_000, { backwards: true })).toBe(7799);
    expect(await result.find('nowhere', -1)).toBeUndefined();
    expect(await result.find('', -1)).toBeUndefined();
    const view = await open({ sort: [{ column: 0, descending: true }], filters: [{ column: 0, op: 'less', values: [1000] }] });
    expect(await result.find('row 77', -1, { view })).toBe(999 - 779);
    expect(await result.find('row 77', 999 - 77, { view })).toBeUndefined();
    expect(await result.find('row 77', 1000, { view, backwards: true })).toBe(999 - 77);
  });
});

it('reads a long text part by part, and the bytes of a blob as digits', async () => {
  await withRows("select repeat('aä😀', 100000) t, 'K\\x00\\xFF'::blob b, null::varchar n, {'x': 1} s", async (result) => {
    expect(await result.textPart(0, 0, 0, 4)).toEqual({ text: 'aä😀a', length: 300_000, isNull: false });
    expect(await result.textPart(0, 0, 299_999, 50)).toEqual({ text: '😀', length: 300_000, isNull: false });
    expect(await result.textPart(0, 1, 0, 100)).toEqual({ text: '4B00FF', length: 6, isNull: false });
    expect(await result.textPart(0, 2, 0, 100)).toEqual({ text: '', length: 0, isNull: true });
    expect((await result.textPart(0, 3, 0, 100)).text).toBe("{'x': 1}");
    await expect(result.textPart(5, 0, 0, 1)).rejects.toMatchObject({ code: 'sql' });
  });
});

it('cuts long texts of a page of a large result to one character more than was asked for', async () => {
  const sql = "select range a, repeat('ä', 3000) t, repeat('x', 3000)::blob b, '\"' || repeat('j', 3000) || '\"' j from range(4000)";
  await withRows(sql.replace("'\"' j", "'\"')::json j").replace("'\"' ||", "('\"' ||"), async (result, open) => {
    const view = await open({ sort: [{ column: 0, descending: true }] });
    for (const source of [result, view]) {
      const [[, text, blob, json] = []] = await source.page(10, 1, { maxLength: 100 });
      expect(text).toBe('ä'.repeat(101));
      expect(blob).toHaveLength(101);
      expect(json).toBe(`"${'j'.repeat(100)}`);
      const [[, whole] = []] = await source.page(10, 1);
      expect(whole).toHaveLength(3000);
    }
  });
});
