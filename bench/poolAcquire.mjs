// What one acquire costs, with fake resources that cost nothing: the lease pool's source bundled alone, against bare generic-pool.
import { createPool } from 'generic-pool';
import { bundled } from './bundled.mjs';
import { interleave, percentile } from './measure.mjs';

const MAX = 10;
const LIMITS = { maxConnections: MAX, acquireTimeoutMs: 10_000, maxWaiting: 10_000 };
const WORKERS = [1, 10, 1000];
const ACQUIRES = 30_000;
const ROUNDS = 11;

export async function poolAcquire() {
  const { LeasePool } = await bundled('engine/pool/leasePool.ts');
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const lines = [
    `Acquire and give back, at most ${MAX} resources. Times are those of an acquire, the median of ${ROUNDS} rounds (the least); CPU is of both.`,
    '',
    '| mode | borrowers | generic-pool p50 / p99 µs | Kodiak p50 / p99 µs | ratio p50 | ratio p99 | CPU µs each |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const reuse of [true, false]) {
    for (const workers of WORKERS) {
      const ours = new LeasePool({ create: async () => ({}), destroy: async () => undefined }, LIMITS, clock, () => undefined);
      const bare = createPool(
        { create: async () => ({}), destroy: async () => undefined },
        { max: MAX, acquireTimeoutMillis: LIMITS.acquireTimeoutMs, maxWaitingClients: LIMITS.maxWaiting },
      );
      const figures = { bare: [], kodiak: [] };
      await interleave(
        {
          bare: () =>
            run(figures.bare, workers, async () => {
              const resource = await bare.acquire();
              return () => (reuse ? bare.release(resource) : bare.destroy(resource));
            }),
          kodiak: () =>
            run(figures.kodiak, workers, async () => {
              const lease = await ours.lease('bench', { purpose: 'query' });
              return () => lease.giveBack({ reuse });
            }),
        },
        ROUNDS,
      );
      lines.push(row(reuse ? 'reuse' : 'destroy', workers, figures));
      await ours.drain();
      await bare.drain();
      await bare.clear();
    }
  }
  return lines;
}

/** Each worker acquires, lets the others on, and gives back. */
async function run(figures, workers, acquire) {
  globalThis.gc?.();
  const waits = new Float64Array(ACQUIRES);
  let next = 0;
  const cpu = process.cpuUsage();
  const work = async () => {
    while (next < ACQUIRES) {
      const index = next++;
      const began = performance.now();
      const giveBack = await acquire();
      waits[index] = performance.now() - began;
      await giveBack();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const { user, system } = process.cpuUsage(cpu);
  // The start, when resources are made and code is cold, is not what is measured.
  const steady = [...waits.subarray(ACQUIRES / 10)];
  figures.push({ p50: percentile(steady, 0.5) * 1000, p99: percentile(steady, 0.99) * 1000, cpu: (user + system) / ACQUIRES });
}

function row(mode, workers, figures) {
  const of = (name, field) => figures[name].slice(1).map((figure) => figure[field]);
  const middle = (name, field) => percentile(of(name, field), 0.5);
  const least = (name, field) => Math.min(...of(name, field));
  const micros = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
  const both = (name) => ['p50', 'p99'].map((field) => `${micros(middle(name, field))} (${micros(least(name, field))})`).join(' / ');
  const ratio = (field) => `${(middle('kodiak', field) / middle('bare', field)).toFixed(2)}`;
  const cpu = `${micros(middle('bare', 'cpu'))} → ${micros(middle('kodiak', 'cpu'))}`;
  return `| ${mode} | ${workers.toLocaleString('en')} | ${both('bare')} | ${both('kodiak')} | ${ratio('p50')} | ${ratio('p99')} | ${cpu} |`;
}
