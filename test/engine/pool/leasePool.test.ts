import { expect, it } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { LeasePool, type PooledFactory } from '../../../engine/pool/leasePool.ts';

function poolOf(factory: Partial<PooledFactory<{ id: number }>>, log: (line: string) => void = () => undefined) {
  let next = 0;
  const whole = { create: async () => ({ id: ++next }), destroy: async () => undefined, ...factory };
  return new LeasePool(whole, { maxConnections: 2, acquireTimeoutMs: 50, maxWaiting: 1 }, systemClock, log);
}

it('gives the cause at once when a connection cannot be made, and goes on afterwards', async () => {
  let broken = true;
  const pool = poolOf({
    create: async () => {
      if (broken) throw new Error('no such host');
      return { id: 7 };
    },
  });
  await expect(pool.lease('a')).rejects.toThrow('no such host');
  broken = false;
  const lease = await pool.lease('b');
  expect(lease.resource.id).toBe(7);
  expect(pool.stats()).toMatchObject({ active: 1, acquired: 1 });
  await lease.giveBack();
  await pool.drain();
});

it('throws when a lease is given back twice', async () => {
  const pool = poolOf({});
  const lease = await pool.lease('twice');
  await lease.giveBack();
  await expect(lease.giveBack()).rejects.toMatchObject({ code: 'bug' });
  await pool.drain();
});

it('survives a connection that cannot be closed, and says so', async () => {
  const lines: string[] = [];
  const pool = poolOf(
    {
      destroy: async () => {
        throw new Error('still busy');
      },
    },
    (line) => lines.push(line),
  );
  await (await pool.lease('a')).giveBack();
  expect(lines).toEqual(['A connection could not be closed: still busy']);
  expect(pool.stats().active).toBe(0);
  await pool.drain();
});

it('serves waiters first come first served, and names who holds what', async () => {
  const pool = poolOf({});
  const [first, second] = [await pool.lease('first'), await pool.lease('second')];
  const third = pool.lease('third');
  expect(pool.stats()).toMatchObject({ active: 2, waiting: 1, holders: [{ name: 'first' }, { name: 'second' }] });
  await first.giveBack();
  await (await third).giveBack();
  await second.giveBack();
  expect(pool.stats()).toMatchObject({ active: 0, waiting: 0, acquired: 3 });
  await pool.drain();
  await expect(pool.lease('late')).rejects.toMatchObject({ code: 'unavailable' });
});
