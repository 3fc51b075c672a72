import { describe, expect, it } from 'vitest';
import type { Session } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';

async function digest(session: Session, sql: string): Promise<string> {
  const result = await session.run(sql);
  try {
    return await result.digest();
  } finally {
    result.release();
  }
}

describe('the digest of a result', () => {
  it('is that of the rows, in any order', async () => {
    await withSession(async (session) => {
      const same = [
        "select i, 'x' || i as t from range(3000) r(i)",
        "select i, 'x' || i as t from range(3000) r(i) order by i desc",
        "select i, 'x' || i as t from range(3000) r(i) order by hash(i)",
      ];
      const [first, ...others] = await Promise.all(same.map((sql) => digest(session, sql)));
      expect(others).toEqual([first, first]);
      expect(first).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  it('tells results apart that look alike', async () => {
    await withSession(async (session) => {
      const others = [
        'select 1 as a',
        "select '1' as a",
        'select 1 as b',
        'select 1::bigint as a',
        'select null::integer as a',
        "select 'n' as a",
        'select 1 as a where false',
        'select 1 as a union all select 1',
        "select 'ab' as a, 'c' as b",
        "select 'a' as a, 'bc' as b",
        "select null::varchar as a, '' as b",
        "select '' as a, null::varchar as b",
        "select '\\x41'::blob as a",
        "select 'A' as a",
        'select [1, null] as a',
        'select [1] as a',
        "select 'nan'::double as a",
        "select 'inf'::double as a",
        'create table t as select 1 as a',
      ];
      const digests = await Promise.all(others.map((sql) => digest(session, sql)));
      expect(new Set(digests).size).toBe(others.length);
    });
  });

  it('leaves the last digits of floating-point numbers out', async () => {
    await withSession(async (session) => {
      const [sum, rounded, other] = await Promise.all(
        ['select 0.1::double + 0.2::double as a', 'select 0.3::double as a', 'select 0.3000001::double as a'].map((sql) =>
          digest(session, sql),
        ),
      );
      expect(sum).toBe(rounded);
      expect(other).not.toBe(sum);
      expect(await digest(session, 'select 0.0::double as a')).toBe(await digest(session, "select '-0.0'::double as a"));
    });
  });

  it('reads many rows, and many columns', { tags: ['slow'] }, async () => {
    await withSession(async (session) => {
      const big = await digest(session, 'select i, i * 2 as j from range(400000) t(i)');
      const edited = await digest(session, 'select i, case when i = 345678 then 0 else i * 2 end as j from range(400000) t(i)');
      expect(edited).not.toBe(big);
      const wide = (last: number) => `select ${Array.from({ length: 450 }, (_, at) => `${at === 449 ? last : at} as c${at}`).join(', ')}`;
      expect(await digest(session, wide(1))).not.toBe(await digest(session, wide(2)));
      expect(await digest(session, wide(1))).toBe(await digest(session, wide(1)));
    });
  });
});
