import { cpus, loadavg, totalmem } from 'node:os';

/** Runs the contenders in turn, `rounds` times each, so that a busy moment hits all; gives milliseconds per contender. */
export async function interleave(contenders, rounds = 9) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (const run of Object.values(contenders)) await run();
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(contenders);
    if (round % 2 === 1) names.reverse();
    for (const name of names) {
      const began = performance.now();
      await contenders[name]();
      times[name].push(performance.now() - began);
    }
  }
  return times;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Date, machine and load, to stand above every set of figures. */
export function machine() {
  const [load] = loadavg();
  const date = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${date}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory} GB, ${process.platform}-${process.arch}, Node ${process.version}, load ${load.toFixed(1)}`;
}

export const ms = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
