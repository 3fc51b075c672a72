// The eviction policies on four synthetic traces: the share of engine milliseconds saved (CSR) and of requests hit (HR).
import { Buffer } from 'node:buffer';
import { build } from 'esbuild';
import { LRUCache } from 'lru-cache';
import { interleave, median } from './measure.mjs';
import { TRACES, trace } from './traces.mjs';

const SEEDS = [7, 8, 9];
const MAX_BYTES = 64 * 1024 * 1024;
const UNBOUND = 1_000_000;
const SHIPPED_ENTRIES = 100;
const LOOK_UPS = 10_000;

export async function eviction() {
  const { CostAwareStore, LruStore } = await loadStores();
  const store = (Store, maxEntries) => new Store({ maxEntries, maxBytes: MAX_BYTES, onRemoved: () => {} });
  const policies = {
    'lru-cache by itself': () => plainLru(),
    'policy `lru`': () => store(LruStore, UNBOUND),
    '**policy `cost`**': () => store(CostAwareStore, UNBOUND),
    infinite: () => infinite(),
    '`lru`, 100 entries': () => store(LruStore, SHIPPED_ENTRIES),
    '**`cost`, 100 entries** (the default)': () => store(CostAwareStore, SHIPPED_ENTRIES),
  };
  const traces = Object.fromEntries(TRACES.map((name) => [name, SEEDS.map((seed) => trace(name, seed))]));
  const cpu = await cpuPerRequest(policies, traces);
  const lines = [`| 64 MiB, CSR/HR | ${TRACES.join(' | ')} | CPU ns per request |`, `| --- |${' --- |'.repeat(TRACES.length + 1)}`];
  for (const [policy, make] of Object.entries(policies)) {
    const cells = TRACES.map((name) => {
      const runs = traces[name].map((requests) => replay(requests, make()));
      return `${mean(runs.map(({ csr }) => csr))}/${mean(runs.map(({ hr }) => hr))} (${runs.map(({ csr }) => short(csr)).join(' ')})`;
    });
    lines.push(`| ${policy} | ${cells.join(' | ')} | ${cpu[policy]} |`);
  }
  lines.push(
    '',
    `200,000 requests, means of the seeds ${SEEDS.join(', ')}, the CSR of each in parentheses; CPU on the notebook trace, median of 7 runs.`,
    '',
    `One look-up among ${LOOK_UPS.toLocaleString('en')} entries, policy \`cost\`: ${lookUp(store(CostAwareStore, UNBOUND))}.`,
  );
  return lines;
}

/** Kodiak's stores are behind the engine's door; a bench of their own needs them alone. */
async function loadStores() {
  const contents = "export { CostAwareStore } from './costAwareStore.ts'; export { LruStore } from './lruStore.ts';";
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: 'engine/cache' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  return await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

function plainLru() {
  const cache = new LRUCache({ max: UNBOUND, maxSize: MAX_BYTES });
  return { get: (key) => cache.get(key), noteMiss: () => {}, put: (key, value, { bytes }) => cache.set(key, value, { size: bytes }) };
}

function infinite() {
  const cache = new Map();
  return { get: (key) => cache.get(key), noteMiss: () => {}, put: (key, value) => cache.set(key, value) };
}

function replay(requests, store) {
  let hits = 0;
  let savedMs = 0;
  let totalMs = 0;
  for (const request of requests) {
    const { key, bytes, costMs } = request;
    totalMs += costMs;
    if (store.get(key) !== undefined) {
      hits++;
      savedMs += costMs;
    } else {
      store.noteMiss(key);
      store.put(key, request, { bytes, costMs, group: key });
    }
  }
  return { csr: savedMs / totalMs, hr: hits / requests.length };
}

async function cpuPerRequest(policies, traces) {
  const requests = traces.notebook[0];
  const used = Object.fromEntries(Object.keys(policies).map((policy) => [policy, []]));
  const contenders = Object.fromEntries(
    Object.entries(policies).map(([policy, make]) => [
      policy,
      () => {
        const store = make();
        const before = process.cpuUsage();
        replay(requests, store);
        const { user, system } = process.cpuUsage(before);
        used[policy].push(((user + system) * 1000) / requests.length);
      },
    ]),
  );
  await interleave(contenders, 7);
  return Object.fromEntries(Object.entries(used).map(([policy, values]) => [policy, Math.round(median(values.slice(1)))]));
}

/** Batches of 100, because the clock itself takes as long as a look-up; single ones for the 99th percentile. */
function lookUp(store) {
  const keys = Array.from({ length: LOOK_UPS }, (_, index) => `query ${(index * 7919) % LOOK_UPS}`);
  for (const key of keys) store.put(key, key, { bytes: 1000, costMs: 50, group: key });
  const batches = [];
  for (let round = 0; round < 50; round++) {
    for (let from = 0; from < keys.length; from += 100) {
      const began = performance.now();
      for (let index = from; index < from + 100; index++) store.get(keys[index]);
      batches.push((performance.now() - began) * 10);
    }
  }
  const single = keys.map((key) => {
    const began = performance.now();
    store.get(key);
    return (performance.now() - began) * 1000;
  });
  single.sort((a, b) => a - b);
  return `${median(batches).toFixed(2)} µs (median of batches), ${single[Math.floor(single.length * 0.99)].toFixed(2)} µs (99th percentile, with the clock)`;
}

function short(share) {
  return share.toFixed(2).replace(/^0/, '');
}

function mean(shares) {
  return short(shares.reduce((sum, share) => sum + share, 0) / shares.length);
}
