import { expect, it } from 'vitest';
import { SampleRing } from '../../../server/activity/sampleRing.ts';
import type { ActivitySample } from '../../../server/protocol/activity.ts';

const BASE = 1_700_000_000_000;

function sample(at: number, running = 0): ActivitySample {
  const zero = { hits: 0, misses: 0, savedMs: 0, duckdbBytes: 0, resultBytes: 0, cacheBytes: 0, processBytes: 0 };
  return { at: BASE + at, ...zero, active: 0, idle: 0, waiting: 0, running, queued: 0 };
}

function shown(ring: SampleRing, since = 0): [at: number, running: number][] {
  return ring.since(since === 0 ? 0 : BASE + since).map(({ at, running }) => [at - BASE, running]);
}

it('keeps the last sample of each second', () => {
  const ring = new SampleRing();
  for (const [at, running] of [
    [0, 1],
    [250, 2],
    [999, 3],
    [1_000, 4],
    [2_500, 5],
  ] as const)
    ring.add(sample(at, running));
  expect(shown(ring)).toEqual([
    [0, 3],
    [1_000, 4],
    [2_000, 5],
  ]);
  expect(shown(ring, 1_000)).toEqual([
    [1_000, 4],
    [2_000, 5],
  ]);
  expect(shown(ring, 2_001)).toEqual([]);
});

it('repeats the last state before what ends a silence', () => {
  const ring = new SampleRing();
  ring.add(sample(0, 1));
  ring.add(sample(60_000, 2));
  expect(shown(ring)).toEqual([
    [0, 1],
    [59_000, 1],
    [60_000, 2],
  ]);
});

it('holds fifteen minutes and no more, however long the server runs', () => {
  const ring = new SampleRing();
  for (let second = 0; second < 4_000; second++) for (const part of [0, 500]) ring.add(sample(second * 1000 + part, second));
  const kept = shown(ring);
  expect(kept.length).toBe(900);
  expect(kept[0]).toEqual([3_100_000, 3_100]);
  expect(kept.at(-1)).toEqual([3_999_000, 3_999]);
  ring.add(sample(10_000_000, 7));
  expect(shown(ring)).toEqual([
    [9_999_000, 3_999],
    [10_000_000, 7],
  ]);
});

it('begins anew when the clock of the machine is set back', () => {
  const ring = new SampleRing();
  ring.add(sample(60_000, 1));
  ring.add(sample(0, 2));
  expect(shown(ring)).toEqual([[0, 2]]);
});
