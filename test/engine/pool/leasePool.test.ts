import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { collectGarbage } from '../../../engine/base/collectGarbage.ts';
import type { Lease } from '../../../engine/pool/lease.ts';
import { LeasePool, type LeasePoolOptions, type PooledFactory } from '../../../engine/pool/leasePool.ts';

interface Fake {
  readonly id: number;
}

// V8 reports what it collected between two tasks; the real ones also while the test's clock stands.
const immediately = setImmediate;
const nextTask = () => new Promise<void>((resolve) => immediately(resolve));

const never = () => new Promise<never>(() => undefined);

/** A pool of at most two fakes, with what happened to them. */
function poolOf(factory: Partial<PooledFactory<Fake>> = {}, options: Partial<LeasePoolOptions> = {}) {
  const seen = { created: 0, alive: new Set<number>(), mostAlive: 0, lines: [] as string[] };
  const birth = (): Fake => {
    const fake = { id: ++seen.created };
    seen.alive.add(fake.id);
    seen.mostAlive = Math.max(seen.mostAlive, seen.alive.size);
    return fake;
  };
  const whole: PooledFactory<Fake> = {
    create: async () => birth(),
    destroy: async ({ id }) => {
      seen.alive.delete(id);
    },
    ...factory,
  };
  const limits = { maxConnections: 2, acquireTimeoutMs: 1_000, maxWaiting: 100, ...options };
  const pool = new LeasePool(whole, limits, systemClock, (line) => seen.lines.push(line));
  return { pool, seen, birth };
}

/** `resolved`, `rejected` or `pending`, after all that is ready has happened. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = 'pending';
  promise.then(
    () => {
      state = 'resolved';
    },
    () => {
      state = 'rejected';
    },
  );
  await settle();
  return state;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeEach(() => {
  vi.useFakeTimers();
  unhandled.length = 0;
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
});

afterEach(async () => {
  vi.useRealTimers();
  await nextTask();
  process.off('unhandledRejection', note);
  process.off('uncaughtException', note);
  expect(unhandled).toEqual([]);
});

describe('lending', () => {
  it('serves waiters first come first served, and names who holds what', async () => {
    const { pool, seen } = poolOf();
    const [first, second] = [await pool.lease('first'), await pool.lease('second', { purpose: 'query' })];
    const order: string[] = [];
    const waiting = ['third', 'fourth', 'fifth'].map((name) =>
      pool.lease(name).then(async (lease) => {
        order.push(name);
        await lease.giveBack({ reuse: name === 'third' });
      }),
    );
    first.running = `select ${'x'.repeat(100)}`;
    await vi.advanceTimersByTimeAsync(40);
    expect(pool.stats()).toMatchObject({
      active: 2,
      waiting: 3,
      holders: [
        { name: 'first', purpose: 'session', running: true, statement: `select ${'x'.repeat(73)}`, runningMs: 40, heldMs: 40 },
        { name: 'second', purpose: 'query', running: false },
      ],
    });
    await first.giveBack();
    await Promise.all(waiting);
    await second.giveBack();
    expect(order).toEqual(['third', 'fourth', 'fifth']);
    expect(pool.stats()).toMatchObject({ active: 0, waiting: 0, acquired: 5, leaks: 0, failedCreations: 0, stuck: 0 });
    await pool.drain();
    expect(seen.alive.size).toBe(0);
    await expect(pool.lease('late')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('destroys what is given back, unless the borrower says that it is clean', async () => {
    const { pool, seen } = poolOf();
    const dirty = await pool.lease('dirty');
    await dirty.giveBack();
    expect(seen.alive.size).toBe(0);
    const clean = await pool.lease('clean');
    await clean.giveBack({ reuse: true });
    expect(pool.stats()).toMatchObject({ active: 0, idle: 1 });
    expect((await pool.lease('next')).resource).toBe(clean.resource);
  });

  it('lends for a scope, and destroys what a failed scope used', async () => {
    const { pool, seen } = poolOf();
    expect(await pool.withLease('scope', async ({ id }) => id, { reuse: true })).toBe(1);
    expect(await pool.withLease('scope', async ({ id }) => id, { reuse: true })).toBe(1);
    const failing = pool.withLease('scope', () => Promise.reject(new Error('no')), { reuse: true });
    await expect(failing).rejects.toThrow('no');
    expect({ alive: seen.alive.size, active: pool.stats().active }).toEqual({ alive: 0, active: 0 });
  });

  it('forgets a waiter that is aborted, and keeps what arrives late for it', async () => {
    const { pool, seen } = poolOf({}, { maxConnections: 1 });
    const held = await pool.lease('held');
    const abort = new AbortController();
    const [aborted, next] = [pool.lease('aborted', { signal: abort.signal }), pool.lease('next')];
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
    expect(pool.stats().waiting).toBe(1);
    await held.giveBack();
    await (await next).giveBack();
    const late = new AbortController();
    const creating = pool.lease('late', { signal: late.signal });
    late.abort();
    await expect(creating).rejects.toMatchObject({ code: 'cancelled' });
    await settle();
    expect(pool.stats()).toMatchObject({ idle: 1, waiting: 0, active: 0 });
    expect((await pool.lease('user')).resource.id).toBe(seen.created);
    await expect(pool.lease('dead', { signal: late.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says what really keeps a waiter waiting', async () => {
    const full = poolOf({}, { maxConnections: 1, maxWaiting: 1 });
    const holder = await full.pool.lease('a');
    const overdue = expect(full.pool.lease('b')).rejects.toMatchObject({
      code: 'limit',
      setting: 'kodiak.pool.maxConnections',
      message: expect.stringContaining('all 1 are in use or keep'),
    });
    await expect(full.pool.lease('c')).rejects.toMatchObject({ code: 'limit', setting: 'kodiak.pool.maxWaiting' });
    await vi.advanceTimersByTimeAsync(1_000);
    await overdue;
    expect(full.pool.stats()).toMatchObject({ refused: 2, waiting: 0 });
    await holder.giveBack();

    const slow = poolOf({ create: never });
    const opening = expect(slow.pool.lease('a')).rejects.toMatchObject({
      code: 'limit',
      setting: 'kodiak.pool.acquireTimeoutMs',
      message: expect.stringContaining('1 is still being opened, and 0 of at most 2 are in use'),
    });
    await vi.advanceTimersByTimeAsync(1_000);
    await opening;

    const closing = poolOf({ destroy: never }, { maxConnections: 1 });
    void (await closing.pool.lease('a')).giveBack();
    const closed = expect(closing.pool.lease('b')).rejects.toMatchObject({
      setting: 'kodiak.pool.acquireTimeoutMs',
      message: expect.stringContaining('1 is still being closed'),
    });
    await vi.advanceTimersByTimeAsync(1_000);
    await closed;
  });

  it('waits for running loans when it drains, refuses waiters, and takes back what stays out', async () => {
    const { pool, seen } = poolOf({}, { maxConnections: 1, drainTimeoutMs: 100 });
    const held = await pool.lease('held');
    const waiter = expect(pool.lease('waiter')).rejects.toMatchObject({ code: 'unavailable' });
    const drained = pool.drain();
    await waiter;
    await vi.advanceTimersByTimeAsync(99);
    expect(await stateOf(drained)).toBe('pending');
    await vi.advanceTimersByTimeAsync(1);
    await drained;
    expect(seen.alive.size).toBe(0);
    expect(seen.lines).toEqual(['The connection lent to "held" was not given back within 100 ms of closing; it is closed now.']);
    await held.giveBack();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what generic-pool alone does not survive', () => {
  it('1: a creation that fails rejects the oldest waiter with the cause, and is not repeated more than ten times a second', async () => {
    let attempts = 0;
    let broken = true;
    const { pool, birth } = poolOf({
      create: async () => {
        attempts++;
        if (broken) throw new Error('no such host');
        return birth();
      },
    });
    const [oldest, second] = [pool.lease('oldest'), pool.lease('second')];
    await Promise.all([expect(oldest).rejects.toThrow('no such host'), expect(second).rejects.toThrow('no such host')]);
    const until = systemClock.monotonic() + 5_000;
    let told = 0;
    while (systemClock.monotonic() < until) {
      pool.lease('again').catch(() => told++);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(attempts).toBeLessThanOrEqual(51);
    expect(attempts).toBeGreaterThan(20);
    expect(told).toBeGreaterThan(400);
    expect(pool.stats()).toMatchObject({ failedCreations: attempts, active: 0, waiting: 0 });
    broken = false;
    await vi.advanceTimersByTimeAsync(300);
    await (await pool.lease('back')).giveBack();
  });

  it('1: a single failure leaves the other waiters in the queue', async () => {
    let attempts = 0;
    const { pool, birth } = poolOf({
      create: () => (++attempts === 1 ? Promise.reject(new Error('once')) : Promise.resolve(birth())),
    });
    const [first, second] = [pool.lease('first'), pool.lease('second')];
    await expect(first).rejects.toThrow('once');
    expect((await second).resource.id).toBe(1);
  });

  it('2: a creation that fails without any wait leaves the event loop alive', async () => {
    let attempts = 0;
    // Without a guard this would never let another task in, not even the test's time limit.
    const { pool } = poolOf({ create: () => (++attempts > 1_000 ? never() : Promise.reject(new Error('bad config'))) });
    await expect(pool.lease('a')).rejects.toThrow('bad config');
    await settle();
    expect(attempts).toBe(1);
  });

  it('3: a creation that throws rejects, and leaves no waiter behind', async () => {
    const { pool } = poolOf({
      create: () => {
        throw new Error('thrown');
      },
    });
    await expect(pool.lease('a')).rejects.toThrow('thrown');
    expect(pool.stats()).toMatchObject({ waiting: 0, creating: 0, failedCreations: 1 });
    await pool.drain();
  });

  it('4: a creation that hangs gives up its place, and what arrives late is destroyed', async () => {
    const arrivals: ((fake: Fake) => void)[] = [];
    let hang = true;
    const { pool, seen, birth } = poolOf(
      { create: () => (hang ? new Promise<Fake>((resolve) => arrivals.push(resolve)) : Promise.resolve(birth())) },
      { maxConnections: 1, createTimeoutMs: 1_000, acquireTimeoutMs: 10_000 },
    );
    const first = expect(pool.lease('first')).rejects.toMatchObject({ code: 'timeout' });
    const second = pool.lease('second');
    expect(pool.stats()).toMatchObject({ creating: 1, waiting: 2 });
    hang = false;
    await vi.advanceTimersByTimeAsync(1_500);
    await first;
    expect(pool.stats()).toMatchObject({ creating: 0, stuck: 1, active: 1, failedCreations: 1 });
    arrivals[0]?.(birth());
    await settle();
    expect(seen.alive.size).toBe(1);
    expect(pool.stats().stuck).toBe(0);
    await (await second).giveBack();
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('check failed'))],
    [
      'throws',
      () => {
        throw new Error('check failed');
      },
    ],
    ['says no', () => Promise.resolve(false)],
    ['hangs', never],
  ])('5: a health check that %s costs a connection, not the slot', async (_, check) => {
    const { pool, seen } = poolOf({ check }, { maxConnections: 1, acquireTimeoutMs: 60_000 });
    await pool.withLease('clean', async () => undefined, { reuse: true });
    const idle = pool.lease('of an idle one');
    await vi.advanceTimersByTimeAsync(6_000);
    const second = await idle;
    const waiting = pool.lease('waiting');
    await second.giveBack({ reuse: true });
    await vi.advanceTimersByTimeAsync(6_000);
    await (await waiting).giveBack();
    expect({ created: seen.created, most: seen.mostAlive, alive: seen.alive.size }).toEqual({ created: 3, most: 1, alive: 0 });
    await pool.drain();
  });

  it('5: a health check that agrees keeps the connection', async () => {
    let checks = 0;
    const { pool, seen } = poolOf({ check: async () => ++checks > 0 });
    for (let round = 0; round < 3; round++) await pool.withLease('clean', async () => undefined, { reuse: true });
    expect({ checks, created: seen.created }).toEqual({ checks: 2, created: 1 });
  });

  it('6: a destroy that hangs keeps its slot until its limit, is counted then, and is bounded', async () => {
    let alive = 0;
    const ends: (() => void)[] = [];
    const destroy = () => new Promise<void>((resolve) => ends.push(resolve));
    const { pool, seen } = poolOf(
      { create: async () => ({ id: ++alive }), destroy },
      { acquireTimeoutMs: 200_000, destroyTimeoutMs: 1_000 },
    );
    for (const name of ['a', 'b']) void (await pool.lease(name)).giveBack();
    const third = pool.lease('c');
    await vi.advanceTimersByTimeAsync(900);
    expect({ alive, state: await stateOf(third), closing: pool.stats().closing }).toEqual({ alive: 2, state: 'pending', closing: 2 });
    await vi.advanceTimersByTimeAsync(400);
    expect(pool.stats()).toMatchObject({ active: 1, closing: 0, stuck: 2 });
    expect(seen.lines).toHaveLength(2);
    void (await third).giveBack();
    void pool.lease('d').then((lease) => lease.giveBack());
    const fifth = pool.lease('e');
    await vi.advanceTimersByTimeAsync(100_000);
    expect({ alive, stuck: pool.stats().stuck, state: await stateOf(fifth) }).toEqual({ alive: 4, stuck: 4, state: 'pending' });
    for (const end of ends) end();
    void (await fifth).giveBack();
    expect({ alive, stuck: pool.stats().stuck }).toEqual({ alive: 5, stuck: 0 });
  });

  it('6: a drain does not wait for ever for what does not close', async () => {
    const { pool, seen } = poolOf({ destroy: never }, { maxConnections: 1, destroyTimeoutMs: 1_000, drainTimeoutMs: 5_000 });
    for (const name of ['a', 'b']) {
      void (await pool.lease(name)).giveBack();
      await vi.advanceTimersByTimeAsync(1_500);
    }
    const drained = pool.drain();
    await vi.advanceTimersByTimeAsync(10_000);
    await drained;
    expect(seen.lines.at(-1)).toMatch(/^Connections that neither open nor close, and are left behind: 1\.$/);
  });

  it('7 and 8: idle connections end after their time, also when the end of one throws; none is recycled', async () => {
    let destroyed = 0;
    const { pool, seen } = poolOf({
      destroy: () => {
        destroyed++;
        throw new Error('still busy');
      },
    });
    const leases = [await pool.lease('a'), await pool.lease('b')];
    await leases[0]?.giveBack({ reuse: true });
    await vi.advanceTimersByTimeAsync(20_000);
    await leases[1]?.giveBack({ reuse: true });
    await vi.advanceTimersByTimeAsync(10_500);
    expect({ destroyed, idle: pool.stats().idle }).toEqual({ destroyed: 1, idle: 1 });
    await vi.advanceTimersByTimeAsync(20_000);
    expect({ destroyed, idle: pool.stats().idle, created: seen.created }).toEqual({ destroyed: 2, idle: 0, created: 2 });
    expect(seen.lines).toEqual(Array(2).fill('A connection could not be closed: still busy'));
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
    await pool.drain();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('8: the connection used last is lent first, so that the others can end', async () => {
    const { pool } = poolOf();
    const [a, b] = [await pool.lease('a'), await pool.lease('b')];
    for (const lease of [a, b]) await lease.giveBack({ reuse: true });
    for (let round = 0; round < 3; round++) expect(await pool.withLease('c', async ({ id }) => id, { reuse: true })).toBe(b.resource.id);
  });

  it('9: a lease given back twice is a bug, and harms nobody', async () => {
    const { pool } = poolOf({}, { maxConnections: 1 });
    const lease = await pool.lease('twice');
    await lease.giveBack({ reuse: true });
    const next = await pool.lease('next');
    await expect(lease.giveBack()).rejects.toMatchObject({ code: 'bug' });
    expect(pool.stats()).toMatchObject({ active: 1, holders: [{ name: 'next' }] });
    await next.giveBack();
  });
});

describe('leaks', () => {
  it('are found, reported with the place of borrowing, and taken back', async () => {
    const { pool, seen } = poolOf();
    async function forgetOne() {
      await pool.lease('forgetful');
    }
    const kept = await pool.lease('kept');
    await forgetOne();
    await vi.advanceTimersByTimeAsync(300);
    for (let turn = 0; turn < 50 && pool.stats().leaks === 0; turn++) {
      collectGarbage();
      await nextTask();
    }
    expect(pool.stats()).toMatchObject({ leaks: 1, active: 1, holders: [{ name: 'kept' }] });
    expect(seen.lines).toEqual([expect.stringMatching(/lent to "forgetful" was forgotten.* borrowed at forgetOne .*leasePool\.test\.ts/)]);
    expect([...seen.alive]).toEqual([kept.resource.id]);
    await kept.giveBack();
    await pool.drain();
  });

  it('are looked for while somebody waits for a connection', async () => {
    const { pool } = poolOf({}, { maxConnections: 1, acquireTimeoutMs: 10_000 });
    await (async () => {
      await pool.lease('forgetful');
    })();
    const waiter = pool.lease('waiter');
    await vi.advanceTimersByTimeAsync(5_000);
    for (let turn = 0; turn < 50 && pool.stats().leaks === 0; turn++) await nextTask();
    await (await waiter).giveBack();
    expect(pool.stats().leaks).toBe(1);
  });

  it('are suspected of a query that holds long, once, and never of a session', async () => {
    const { pool, seen } = poolOf({}, { leakAfterMs: 1_000 });
    const session = await pool.lease('session');
    await pool.withLease('slow query', async () => {
      await vi.advanceTimersByTimeAsync(2_000);
      pool.lease('waiter, which makes the pool look again').catch(() => undefined);
      await session.giveBack();
      await vi.advanceTimersByTimeAsync(2_000);
    });
    expect(seen.lines).toEqual([
      expect.stringMatching(/^The connection lent to "slow query" is held for longer than 1000 ms\. .*leasePool\.test/),
    ]);
  });
});

describe('always', () => {
  it('50,000 loans leave nothing behind', { tags: ['slow'] }, async () => {
    const { pool, seen } = poolOf();
    const loans = async (count: number) => {
      for (let round = 0; round < count; round++) await (await pool.lease('q', { purpose: 'query' })).giveBack({ reuse: round % 10 !== 0 });
    };
    await loans(5_000);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    await loans(50_000);
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000);
    expect(pool.stats()).toMatchObject({ acquired: 55_000, active: 0, idle: 1, waiting: 0, leaks: 0 });
    expect({ lines: seen.lines, most: seen.mostAlive }).toEqual({ lines: [], most: 1 });
    await pool.drain();
  });

  it('keeps the order of the others while three in ten of 1,000 waiters abort', async () => {
    const { pool, seen } = poolOf({}, { maxWaiting: 1_000 });
    const served: number[] = [];
    const aborts = Array.from({ length: 1_000 }, () => new AbortController());
    const waits = aborts.map(({ signal }, index) =>
      pool.lease(`${index}`, { signal }).then(
        async (lease) => {
          served.push(index);
          await lease.giveBack({ reuse: index % 2 === 0 });
        },
        () => undefined,
      ),
    );
    const leaves = (index: number) => index >= 2 && index % 10 < 3;
    for (const [index, abort] of aborts.entries()) if (leaves(index)) abort.abort();
    await Promise.all(waits);
    expect(served).toEqual(aborts.map((_, index) => index).filter((index) => !leaves(index)));
    expect(seen.mostAlive).toBeLessThanOrEqual(2);
    await pool.drain();
    expect(seen.alive.size).toBe(0);
  });

  const delay = fc.integer({ min: 0, max: 400 });
  const outcome = fc.constantFrom('works', 'works', 'works', 'fails', 'throws');
  const borrower = fc.record({
    arrivesMs: delay,
    holdsMs: delay,
    abortsAfterMs: fc.option(delay, { freq: 2 }),
    reuse: fc.boolean(),
  });
  const step = fc.record({ takesMs: delay, outcome });

  it('every waiter settles, never more than the limit exist, and none is left after the drain', { tags: ['slow'] }, async () => {
    const later = (takesMs: number) => new Promise<void>((resolve) => setTimeout(resolve, takesMs));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(borrower, { minLength: 1, maxLength: 30 }),
        fc.array(step, { minLength: 1 }),
        fc.array(step, { minLength: 1 }),
        fc.array(step, { minLength: 1 }),
        async (maxConnections, borrowers, creations, checks, closings) => {
          let [created, checked, closed] = [0, 0, 0];
          const play = (steps: readonly { takesMs: number; outcome: string }[], turn: number) => {
            const { takesMs, outcome } = steps[turn % steps.length] ?? { takesMs: 0, outcome: 'works' };
            if (outcome === 'throws') throw new Error('thrown');
            return later(takesMs).then(() => {
              if (outcome === 'fails') throw new Error('failed');
            });
          };
          const { pool, seen, birth } = poolOf(
            {
              create: () => play(creations, created++).then(birth),
              check: () => play(checks, checked++).then(() => true),
              destroy: (fake) => {
                // What fails to close is gone all the same, as a broken connection is.
                const end = () => seen.alive.delete(fake.id);
                const turn = closed++;
                return later(0)
                  .then(() => play(closings, turn))
                  .finally(end);
              },
            },
            { maxConnections, acquireTimeoutMs: 1_500, maxWaiting: 20 },
          );
          let settled = 0;
          const inHand = new Set<number>();
          const use = async (lease: Lease<Fake>, holdsMs: number, reuse: boolean) => {
            expect(inHand.has(lease.resource.id)).toBe(false);
            inHand.add(lease.resource.id);
            await later(holdsMs);
            inHand.delete(lease.resource.id);
            await lease.giveBack({ reuse });
          };
          const all = borrowers.map(async ({ arrivesMs, holdsMs, abortsAfterMs, reuse }) => {
            await later(arrivesMs);
            const abort = new AbortController();
            if (abortsAfterMs !== null) void later(abortsAfterMs).then(() => abort.abort());
            await pool.lease('p', { signal: abort.signal, purpose: 'query' }).then(
              (lease) => use(lease, holdsMs, reuse),
              () => undefined,
            );
            settled++;
          });
          await vi.advanceTimersByTimeAsync(20_000);
          await Promise.all(all);
          expect(settled).toBe(borrowers.length);
          const drained = pool.drain();
          await vi.advanceTimersByTimeAsync(5_000);
          await drained;
          expect(seen.mostAlive).toBeLessThanOrEqual(maxConnections);
          expect(seen.alive.size).toBe(0);
          expect(pool.stats()).toMatchObject({ active: 0, idle: 0, creating: 0, closing: 0, stuck: 0, waiting: 0, leaks: 0 });
          expect(vi.getTimerCount()).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
