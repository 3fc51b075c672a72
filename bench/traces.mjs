// Four synthetic traces of requests to a result cache. The same name and seed always give the same trace.

export const TRACES = ['dash', 'notebook', 'scan', 'loop'];

/** Results: lognormal in size and, independently, in engine time. */
const BYTES = { median: 20e3, spread: 2.1, least: 100, most: 64e6 };
const COST_MS = { median: 60, spread: 1.8, least: 0.1, most: 120e3 };

/** Ids from here on are asked for once. */
const ONE_OFF = 1e9;

const SOURCES = { dash, notebook, scan, loop };

/** Requests `{ key, bytes, costMs }` in order; a key always has the same size and cost. */
export function trace(name, seed, requests = 200_000) {
  const random = randomNumbers(seed);
  const nextId = SOURCES[name](random);
  const queries = new Map();
  return Array.from({ length: requests }, () => {
    const id = nextId();
    let query = queries.get(id);
    if (!query) {
      query = { key: `query ${id}`, bytes: Math.round(lognormal(random, BYTES)), costMs: lognormal(random, COST_MS) };
      queries.set(id, query);
    }
    return query;
  });
}

/** Dashboards: a fixed popularity, Zipf .95. */
function dash(random) {
  return zipf(random, 21_000, 0.95);
}

/** Notebooks: a quarter one-offs, a quarter what was just used, the rest Zipf over a window of queries that moves on. */
function notebook(random) {
  const popular = zipf(random, 1500, 0.8);
  const recent = [];
  let requests = 0;
  return () => {
    requests++;
    const kind = random();
    if (kind < 0.25) return ONE_OFF + requests;
    const back = Math.floor(-30 * Math.log(1 - random()));
    const id = kind < 0.5 && recent.length > 0 ? recent[back % recent.length] : popular() + Math.floor(requests / 12);
    const at = recent.indexOf(id);
    if (at >= 0) recent.splice(at, 1);
    recent.unshift(id);
    if (recent.length > 300) recent.pop();
    return id;
  };
}

/** Zipf .82 that bursts of 500 one-offs interrupt; they are 30 % of all requests. */
function scan(random) {
  const burst = 500;
  const popular = zipf(random, 27_000, 0.82);
  let requests = 0;
  let left = 0;
  return () => {
    requests++;
    if (left === 0 && random() < 0.3 / (0.7 * burst)) left = burst;
    if (left === 0) return popular();
    left--;
    return ONE_OFF + requests;
  };
}

/** 1,500 queries, one after the other, over and over. */
function loop() {
  let requests = 0;
  return () => requests++ % 1500;
}

/** Ranks 0 to `count` − 1, each with a probability in proportion to 1 / (rank + 1) ** exponent. */
function zipf(random, count, exponent) {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1) ** exponent;
    sums[rank] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function lognormal(random, { median, spread, least, most }) {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(most, Math.max(least, median * Math.exp(spread * normal)));
}

/** mulberry32: uniform numbers in [0, 1). */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
