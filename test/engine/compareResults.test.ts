import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompareOptions, Comparison, Engine, Row, Session } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';

async function compare(session: Session, engine: Engine, left: string, right: string, options: CompareOptions = {}) {
  const [before, now] = [await session.run(left), await session.run(right)];
  let comparison: Comparison | undefined;
  try {
    comparison = await engine.compare(before, now, options);
  } finally {
    before.release();
    now.release();
  }
  const { result, summary } = comparison;
  const rows = await result.page(0, 10_000);
  const columns = result.columns.map(({ name }) => name);
  expect(result.rowCount).toBe(rows.length);
  result.release();
  return { rows, columns, summary };
}

const OLD = "select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', null), (4, null, 40)) t(id, name, amount)";
const NEW = "select * from (values (2, 'b', 21), (3, 'c', 30), (4, null, 40), (5, 'e', 50)) t(id, name, amount)";

describe('engine.compare', () => {
  it('pairs rows by a key, and shows what was before where something changed', async () => {
    await withSession(async (session, engine) => {
      const { rows, columns, summary } = await compare(session, engine, OLD, NEW, { key: ['ID'] });
      expect(columns).toEqual(['change', 'id', 'name', 'amount', 'amount (before)']);
      expect(rows).toEqual([
        ['changed', 2, 'b', 21, 20],
        ['removed', 1, 'a', 10, null],
        ['changed', 3, 'c', 30, null],
        ['added', 5, 'e', 50, null],
      ]);
      expect(summary).toEqual({
        key: ['id'],
        keyIsGuessed: false,
        added: 1,
        removed: 1,
        changed: 2,
        unchanged: 1,
        changedColumns: [
          { name: 'name', changed: 0 },
          { name: 'amount', changed: 2 },
        ],
        onlyLeft: [],
        onlyRight: [],
        otherTypes: [],
        duplicateKeys: { left: 0, right: 0 },
        cells: [{ now: 3, before: 4 }],
      });
      const all = await compare(session, engine, OLD, NEW, { key: ['id'], unchanged: true });
      expect(all.rows.filter(([change]) => change === 'unchanged')).toEqual([['unchanged', 4, null, 40, 40]]);
    });
  });

  it('guesses the key: one column, a pair of them, or none', async () => {
    await withSession(async (session, engine) => {
      const key = async (left: string, right = left) => {
        const { summary } = await compare(session, engine, left, right);
        return [summary.keyIsGuessed, ...summary.key];
      };
      expect(await key(OLD, NEW)).toEqual([true, 'id']);
      // A column whose name says so goes before others.
      expect(await key("select range as amount, 'x' || range as order_id from range(50)")).toEqual([true, 'order_id']);
      expect(await key("select day, region, 1.5::double as v from (values (1), (2)) a(day), (values ('x'), ('y')) b(region)")).toEqual([
        true,
        'day',
        'region',
      ]);
      expect(await key('select 1 as a from range(5)')).toEqual([true]);
      expect(await key('select range::double as a from range(5)')).toEqual([true]);
      expect(await key('select 1 as a where false')).toEqual([true, 'a']);
    });
  });

  it('compares whole rows, each as often as it is there, where there is no key', async () => {
    await withSession(async (session, engine) => {
      const left = "from (values ('x', 1), ('x', 1), ('x', 1), ('y', 2), (null, null)) t(a, b)";
      const right = "from (values ('x', 1), ('y', 2), (null, null), (null, null), ('z', 3)) t(a, b)";
      const { rows, columns, summary } = await compare(session, engine, left, right, { key: [] });
      expect(columns).toEqual(['change', 'times', 'a', 'b']);
      expect(rows).toEqual([
        ['removed', 2n, 'x', 1],
        ['added', 1n, null, null],
        ['added', 1n, 'z', 3],
      ]);
      expect(summary).toMatchObject({ added: 2, removed: 2, changed: 0, unchanged: 3, key: [], keyIsGuessed: false });
    });
  });

  it('says which keys repeat, and pairs their rows in order', async () => {
    await withSession(async (session, engine) => {
      const left = "from (values (1, 'a'), (1, 'b'), (2, 'c')) t(id, v)";
      const right = "from (values (1, 'a'), (1, 'x'), (1, 'y'), (2, 'c')) t(id, v)";
      const { rows, summary } = await compare(session, engine, left, right, { key: ['id'] });
      expect(summary).toMatchObject({ duplicateKeys: { left: 2, right: 3 }, added: 1, changed: 1, unchanged: 2 });
      expect(rows).toEqual([
        ['changed', 1, 'x', 'b'],
        ['added', 1, 'y', null],
      ]);
    });
  });

  it('compares the columns that both have, and lists the others', async () => {
    await withSession(async (session, engine) => {
      const left = "select 1 as id, 5::tinyint as n, 'x' as kind, date '2024-01-01' as day, 1 as gone, 1 as a, 2 as a";
      const right = "select 1::bigint as ID, 5.0::decimal(5,1) as n, 'y' as Kind, '2024-01-01' as day, 2 as new, 1 as a, 3 as a";
      const { rows, columns, summary } = await compare(session, engine, left, right, { key: ['id'] });
      expect(columns).toEqual(['change', 'ID', 'n', 'Kind', 'Kind (before)', 'a', 'a', 'a (before)']);
      expect(rows).toEqual([['changed', 1n, '5.0', 'y', 'x', 1, 3, 2]]);
      expect(summary).toMatchObject({
        onlyLeft: ['gone'],
        onlyRight: ['new'],
        otherTypes: [{ name: 'day', left: 'DATE', right: 'VARCHAR' }],
      });
      await expect(compare(session, engine, 'select 1 as a', 'select 1 as b')).rejects.toThrow(/no column in common/);
      await expect(compare(session, engine, OLD, NEW, { key: ['nothing'] })).rejects.toThrow(/"nothing" cannot be the key/);
      await expect(compare(session, engine, left, right, { key: ['day'] })).rejects.toThrow(/"day" cannot be the key/);
    });
  });

  it('knows equal values of every type', async () => {
    await withSession(async (session, engine) => {
      const typed = `select range as id, {'a': range, 'b': [null, 'x']} as s, map {'k': range} as m, [range, null] as l, 'NaN'::double as d,
        interval (range) days as i, (range || 'x')::blob as b, null as n, 'b'::enum('a','b') as e, uuid '4f6bf17f-cb8f-49ce-8630-fbcdc0db633a' as u,
        '{"a":1}'::json as j, range::hugeint as h, row(1, range) as t from range(3)`;
      const same = await compare(session, engine, typed, typed, { key: ['id'] });
      expect(same.summary).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: 3 });
      const whole = await compare(session, engine, typed, typed, { key: [] });
      expect(whole.summary).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: 3 });
    });
  });

  it('gives what a comparison by hand gives', { tags: ['slow'] }, async () => {
    const value = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 3 }));
    const table = fc.array(fc.tuple(value, value, value), { maxLength: 12 });
    await withSession(async (session, engine) => {
      await fc.assert(
        fc.asyncProperty(table, table, fc.constantFrom(['k'], ['k', 'l'], []), async (left, right, key) => {
          const sql = (rows: readonly Row[]) => {
            const values = rows.map((row) => `(${row.map((cell) => `${cell === null ? 'null' : cell}::int`).join(', ')})`);
            return rows.length === 0
              ? 'select 1 as k, 1 as l, 1 as v where false'
              : `select col0 as k, col1 as l, col2 as v from (values ${values.join(', ')})`;
          };
          const { rows, summary } = await compare(session, engine, sql(left), sql(right), { key });
          const expected = key.length === 0 ? wholeByHand(left, right) : keyedByHand(left, right, key.length);
          const { added, removed, changed, unchanged } = summary;
          expect({ added, removed, changed, unchanged }).toEqual(expected);
          expect(rows.filter(([change]) => change === 'changed')).toHaveLength(changed);
        }),
        { numRuns: 60 },
      );
    });
  });

  it('outlives what it compared, is sorted and exported as any result, and leaves nothing after an abort', { tags: ['slow'] }, async () => {
    await withSession(async (session, engine) => {
      const big = (plus: number) => `select range as id, range % 1000 as v, 'text ' || range as t, range * ${plus} as w from range(300000)`;
      const [before, now] = [await session.run(big(1)), await session.run(`${big(1)} where range <> 5 union all select -1, 0, 'new', 0`)];
      const controller = new AbortController();
      const stopped = engine.compare(before, now, { signal: controller.signal });
      setTimeout(() => controller.abort(), 10);
      await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
      const progress: number[] = [];
      const { result, summary } = await engine.compare(before, now, { onProgress: (percent) => progress.push(percent) });
      before.release();
      now.release();
      expect(summary).toMatchObject({ key: ['id'], added: 1, removed: 1, changed: 0, unchanged: 299_999 });
      expect(progress.length).toBeGreaterThan(0);
      const view = await result.view({ filters: [{ column: 0, op: 'equals', values: ['added'] }] });
      expect(await view.page(0, 5)).toEqual([['added', -1n, 0n, 'new', 0n]]);
      view.release();
      result.release();
      await expect(result.page(0, 1)).rejects.toMatchObject({ code: 'unavailable' });
    });
  });
});

function keyedByHand(left: readonly Row[], right: readonly Row[], keyLength: number) {
  const groups = new Map<string, { left: Row[]; right: Row[] }>();
  for (const [side, rows] of [['left', left] as const, ['right', right] as const]) {
    for (const row of rows) {
      const key = JSON.stringify(row.slice(0, keyLength));
      const group = groups.get(key) ?? { left: [], right: [] };
      group[side].push(row);
      groups.set(key, group);
    }
  }
  const found = { added: 0, removed: 0, changed: 0, unchanged: 0 };
  for (const group of groups.values()) {
    for (let at = 0; at < Math.max(group.left.length, group.right.length); at++) {
      const [a, b] = [group.left[at], group.right[at]];
      if (!a) found.added++;
      else if (!b) found.removed++;
      else if (JSON.stringify(a) === JSON.stringify(b)) found.unchanged++;
      else found.changed++;
    }
  }
  return found;
}

function wholeByHand(left: readonly Row[], right: readonly Row[]) {
  const counts = new Map<string, number>();
  for (const row of left) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) - 1);
  for (const row of right) counts.set(JSON.stringify(row), (counts.get(JSON.stringify(row)) ?? 0) + 1);
  const sums = [...counts.values()];
  const added = sums.reduce((sum, count) => sum + Math.max(0, count), 0);
  const removed = sums.reduce((sum, count) => sum + Math.max(0, -count), 0);
  return { added, removed, changed: 0, unchanged: left.length - removed };
}
