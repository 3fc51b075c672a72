import { expect, it } from 'vitest';
import { openEngine } from '../../engine/engine.ts';

it('says of each entry what it rests on, and when a table under it has changed', async () => {
  const engine = await openEngine({ cache: { minCostMs: 0 } });
  try {
    const session = await engine.openSession();
    await session.runAll('create table orders as select 1 as a; from orders; select 42 as answer');
    const entry = (sql: string) => engine.cacheEntries().find((one) => one.sql === sql);
    expect(entry('from orders')).toMatchObject({
      outdated: false,
      proof: expect.stringMatching(/^same .*; memory\.main\.orders unchanged since \d\d:\d\d:\d\d$/),
    });
    expect(entry('select 42 as answer')?.proof).toMatch(/; it reads no table and no file$/);
    await session.run('insert into orders values (2)');
    expect(entry('from orders')).toMatchObject({
      outdated: true,
      proof: expect.stringMatching(/^something that it reads has changed; memory\.main\.orders last changed \d\d:\d\d:\d\d$/),
    });
    expect(entry('select 42 as answer')?.outdated).toBe(false);
  } finally {
    await engine.close();
  }
});

it('computes again what was invalidated', async () => {
  const engine = await openEngine({ cache: { minCostMs: 0 } });
  try {
    const session = await engine.openSession();
    const run = async () => (await session.run('select 42 as answer')).provenance.kind;
    expect([await run(), await run()]).toEqual(['run', 'proved']);
    const [{ id } = { id: 0 }] = engine.cacheEntries();
    expect([engine.invalidateCacheEntry(id), engine.invalidateCacheEntry(id)]).toEqual([true, false]);
    expect([await run(), await run()]).toEqual(['run', 'proved']);
  } finally {
    await engine.close();
  }
});
