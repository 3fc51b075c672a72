import { expect, it } from 'vitest';
import { ActivityHistory } from '../../../client/monitor/activityHistory.ts';
import type { ActivityNews, ActivitySample } from '../../../server/protocol/activity.ts';

const BASE = 1_700_000_000_000;
const ZERO = { hits: 0, misses: 0, savedMs: 0, duckdbBytes: 0, resultBytes: 0, cacheBytes: 0, processBytes: 0, active: 0, idle: 0 };
const NEWS: ActivityNews = { serverStartedAt: 1, open: true, samples: [], cleanUps: [], running: [], runningCount: 0 };
const DETAILS = { entries: [], slowest: [], mostSaved: [], spillFiles: [], spillFolder: '/tmp' };

function sample(second: number, running = 0): ActivitySample {
  return { ...ZERO, at: BASE + second * 1000, waiting: 0, running, queued: 0 };
}

function shown({ samples }: ActivityHistory): [number, number][] {
  return samples.map(({ at, running }) => [(at - BASE) / 1000, running]);
}

it('puts new samples in the place of those of the same seconds', () => {
  const history = new ActivityHistory();
  history.take({ ...NEWS, samples: [sample(0), sample(1), sample(2, 1)] });
  history.take({ ...NEWS, samples: [sample(2, 2), sample(3)] });
  history.take(NEWS);
  expect(shown(history)).toEqual([
    [0, 0],
    [1, 0],
    [2, 2],
    [3, 0],
  ]);
});

it('forgets what is older than fifteen minutes', () => {
  const history = new ActivityHistory();
  for (let second = 0; second < 2_000; second++) history.take({ ...NEWS, samples: [sample(second)] });
  expect([history.samples.length, shown(history)[0]?.[0]]).toEqual([900, 1_100]);
});

it('keeps details until there are others', () => {
  const history = new ActivityHistory();
  history.take({ ...NEWS, details: DETAILS });
  history.take(NEWS);
  expect(history.details.spillFolder).toBe('/tmp');
});

it('begins anew with another server, and says when that started', () => {
  const history = new ActivityHistory();
  history.take({ ...NEWS, samples: [sample(0)], details: DETAILS });
  expect(history.restartedAt).toBeUndefined();
  history.take({ ...NEWS, serverStartedAt: BASE + 5_000, open: false });
  expect([history.samples, history.details.spillFolder, history.restartedAt, history.open]).toEqual([[], '', BASE + 5_000, false]);
});
