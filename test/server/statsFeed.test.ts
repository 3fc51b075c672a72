import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isBusy, StatsFeed } from '../../server/statsFeed.ts';

const clock = { now: () => Date.now(), monotonic: () => Date.now() };

function startFeed() {
  const calls = { send: 0, sample: 0, busy: false };
  const feed = new StatsFeed({
    clock,
    send: () => {
      calls.send++;
      return calls.busy;
    },
    sample: async () => {
      calls.sample++;
    },
  });
  return { feed, calls };
}

describe('StatsFeed', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('says nothing while nothing happens', async () => {
    const { calls } = startFeed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toMatchObject({ send: 0, sample: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends once for many changes, at once', async () => {
    const { feed, calls } = startFeed();
    for (let change = 0; change < 100; change++) feed.changed();
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toMatchObject({ send: 1, sample: 1 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.send).toBe(1);
  });

  it('sends at most four times a second and measures at most twice', async () => {
    const { feed, calls } = startFeed();
    const changing = setInterval(() => feed.changed(), 10);
    await vi.advanceTimersByTimeAsync(4_000);
    clearInterval(changing);
    expect(calls.send).toBeGreaterThanOrEqual(14);
    expect(calls.send).toBeLessThanOrEqual(17);
    expect(calls.sample).toBeLessThanOrEqual(9);
  });

  it('goes on while a query runs, tells of its end, and is quiet then', async () => {
    const { feed, calls } = startFeed();
    feed.runBegan();
    await vi.advanceTimersByTimeAsync(1_001);
    const during = calls.send;
    expect(during).toBeGreaterThanOrEqual(4);
    feed.runEnded();
    await vi.advanceTimersByTimeAsync(250);
    expect(calls.send).toBe(during + 1);
    await vi.advanceTimersByTimeAsync(60_000);
    // The end was told before memory was measured again; those figures follow once.
    expect(calls.send).toBe(during + 2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on until work that nobody asked for has ended, and tells of its end', async () => {
    const { feed, calls } = startFeed();
    calls.busy = true;
    feed.changed();
    await vi.advanceTimersByTimeAsync(1_001);
    expect(calls.send).toBeGreaterThanOrEqual(4);
    calls.busy = false;
    const during = calls.send;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.send - during).toBeLessThanOrEqual(2);
    expect(calls.send).toBeGreaterThan(during);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is silent after dispose', async () => {
    const { feed, calls } = startFeed();
    feed.runBegan();
    feed.dispose();
    feed.changed();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls.send).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('survives a measurement that fails', async () => {
    let sent = 0;
    const send = () => {
      sent++;
      return false;
    };
    const feed = new StatsFeed({ clock, send, sample: () => Promise.reject(new Error('closed')) });
    feed.changed();
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toBe(1);
  });
});

describe('isBusy', () => {
  const quiet = {
    parallel: { running: 0, queued: 0 },
    pool: { waiting: 0, creating: 0, closing: 0, holders: [{ name: 'a notebook', purpose: 'session', heldMs: 9, running: false }] },
  };
  const busy = (change: object) => isBusy({ ...quiet, ...change } as unknown as Parameters<typeof isBusy>[0]);

  it('is not so for sessions that only hold their connections', () => {
    expect(busy({})).toBe(false);
  });

  it.each([
    ['a query runs', { parallel: { running: 1, queued: 0 } }],
    ['one waits', { parallel: { running: 0, queued: 1 } }],
    ['a connection is waited for', { pool: { ...quiet.pool, waiting: 1 } }],
    ['one opens', { pool: { ...quiet.pool, creating: 1 } }],
    ['one closes', { pool: { ...quiet.pool, closing: 1 } }],
    ['one is lent for a query', { pool: { ...quiet.pool, holders: [{ ...quiet.pool.holders[0], purpose: 'query' }] } }],
    ['a session runs something', { pool: { ...quiet.pool, holders: [{ ...quiet.pool.holders[0], running: true }] } }],
  ])('is so when %s', (_, change) => {
    expect(busy(change)).toBe(true);
  });
});
