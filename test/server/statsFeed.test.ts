import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatsFeed } from '../../server/statsFeed.ts';

const clock = { now: () => Date.now(), monotonic: () => Date.now() };

function startFeed() {
  const calls = { send: 0, sample: 0 };
  const feed = new StatsFeed({
    clock,
    send: () => {
      calls.send++;
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
    expect(calls).toEqual({ send: 0, sample: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends once for many changes, at once', async () => {
    const { feed, calls } = startFeed();
    for (let change = 0; change < 100; change++) feed.changed();
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toEqual({ send: 1, sample: 1 });
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
    };
    const feed = new StatsFeed({ clock, send, sample: () => Promise.reject(new Error('closed')) });
    feed.changed();
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toBe(1);
  });
});
