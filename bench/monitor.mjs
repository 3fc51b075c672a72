// What the monitor costs the server: samples while nobody looks, and news for one who does, at most four of each in a second.
import { bundled } from './bundled.mjs';
import { median } from './measure.mjs';

const ROUNDS = 2_000;
const RUNNING = 8;
const ENTRIES = 200;

export async function monitor() {
  const { ActivityFeed } = await bundled('server/activity/activityFeed.ts');
  const [unseen, seen, detailed] = [feed(ActivityFeed), feed(ActivityFeed), feed(ActivityFeed)];
  // Fifteen minutes are behind each.
  for (const { take } of [unseen, seen, detailed]) for (let second = 0; second < 1_000; second++) take();
  seen.watch();
  detailed.watch();
  const rows = [
    ['a sample, nobody looks', unseen.take],
    [`a sample and news with ${RUNNING} queries`, seen.take],
    [`the same with details of ${ENTRIES} cache entries`, () => detailed.take(true)],
  ].map(([what, act]) => {
    const times = [];
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      act();
      times.push(performance.now() - began);
    }
    return `| ${what} | ${micros(median(times))} |`;
  });
  for (const one of [unseen, seen, detailed]) one.dispose();
  return ['Medians, with the writing of the message as JSON.', '', '| what | µs each |', '| --- | --- |', ...rows];
}

/** A feed of an engine whose cache is full; its clock is a second later at each sample. */
function feed(ActivityFeed) {
  let now = 1_700_000_000_000;
  let completed = 0;
  const entry = { id: 1, sql: 'select a, sum(b) from orders group by all '.repeat(20), sources: ['memory.main.orders'], rows: 1000 };
  const entries = Array.from({ length: ENTRIES }, (_, id) => ({
    ...entry,
    id,
    bytes: 1,
    ageMs: 1,
    hits: 1,
    costMs: 1,
    proof: 'same plan',
  }));
  const engine = { cacheEntries: () => entries, spillFiles: () => [], stats: () => figures(0) };
  const one = new ActivityFeed({
    clock: { now: () => now, monotonic: () => now },
    engine: () => engine,
    refresh: () => undefined,
    outcomes: new Set(),
  });
  for (let run = 0; run < RUNNING; run++) one.running.begin({ sessionId: `file:///${run}.sql`, sql: entry.sql });
  let written = 0;
  return {
    watch: () =>
      one.watch({
        notify: (_descriptor, news) => {
          written += JSON.stringify(news).length;
        },
      }),
    take: (changed = false) => {
      now += 1_000;
      if (changed) completed++;
      one.take(figures(completed));
      return written;
    },
    dispose: () => one.dispose(),
  };
}

function figures(completed) {
  return {
    cache: { entries: 1, bytes: 1, hits: 1, misses: 1, evictions: 0, invalidations: 0, savedMs: 1 },
    memory: { duckdbBytes: 1, storedBytes: 1, resultBytes: 1, rssBytes: 1, spillFiles: { count: 0, bytes: 0, folder: '' } },
    pool: { active: 1, idle: 1, waiting: 0 },
    parallel: { running: 1, queued: 0, completed },
  };
}

function micros(milliseconds) {
  return (milliseconds * 1000).toFixed(1);
}
