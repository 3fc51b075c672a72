import { expect, it, vi } from 'vitest';
import { Throttled } from '../../../client/explorer/throttled.ts';

it('calls once for many requests, once more for later ones, and never when it is disposed of', () => {
  vi.useFakeTimers();
  try {
    let calls = 0;
    const throttled = new Throttled(300, () => calls++);
    for (let request = 0; request < 10; request++) {
      throttled.request();
      vi.advanceTimersByTime(40);
    }
    expect(calls).toBe(1);
    vi.advanceTimersByTime(300);
    expect(calls).toBe(2);
    throttled.request();
    throttled.dispose();
    vi.advanceTimersByTime(1000);
    expect(calls).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});
