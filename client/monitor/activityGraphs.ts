import { ACTIVITY_MS, type ActivitySample, type CleanUpMark } from '../../server/protocol/activity.ts';
import type { WireStats } from '../../server/protocol/stats.ts';
import { cacheHitRate, clockTime, formatBytes, formatCount, formatDuration, formatPercent } from './statsText.ts';

export type Unit = 'share' | 'duration' | 'bytes' | 'count';

/** One line of a graph. Lines differ in their dashes, too. */
export interface GraphSeries {
  readonly label: string;
  readonly unit: Unit;
  /** By its unit on the right, where another unit is on the left. */
  readonly side: 'left' | 'right';
  /** Lengths of dashes and gaps in pixels; none: a whole line. */
  readonly dash: readonly number[];
  readonly values: readonly (number | null)[];
}

/** A graph of the last 15 minutes. */
export interface ActivityGraph {
  readonly id: 'cache' | 'memory' | 'connections' | 'parallel';
  readonly title: string;
  /** The figures as the status bar has them. */
  readonly now: string;
  /** What else is to be known: waits, clean-ups. */
  readonly notes: readonly string[];
  readonly series: readonly GraphSeries[];
  /** Lines across the graph, where they are near what it shows. */
  readonly limits: readonly { readonly label: string; readonly value: number }[];
  readonly marks: readonly CleanUpMark[];
}

/** Dashes of the first, second … line. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const MINUTE_MS = 60_000;

/** A value in words. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'share':
      return formatPercent(value);
    case 'duration':
      return formatDuration(value);
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
  }
}

/** The four graphs, in their order. */
export function activityGraphs(samples: readonly ActivitySample[], stats: WireStats, cleanUps: readonly CleanUpMark[]): ActivityGraph[] {
  const { cache, memory, pool, parallel } = stats;
  const line = (at: number, label: string, unit: Unit, read: (sample: ActivitySample, index: number) => number | null): GraphSeries => ({
    label,
    unit,
    side: unit === 'duration' ? 'right' : 'left',
    dash: DASHES[at] ?? [],
    values: samples.map(read),
  });
  const rate = cacheHitRate(stats);
  const since = (samples.at(-1)?.at ?? 0) - ACTIVITY_MS;
  const marks = cleanUps.filter(({ at }) => at > since);
  return [
    {
      id: 'cache',
      title: 'Cache',
      now: cache.enabled
        ? `${rate === undefined ? 'no hits' : `${formatPercent(rate)} hits`}, ${formatDuration(cache.savedMs)} saved`
        : 'off: the setting kodiak.cache.enabled turns it on',
      notes: [`${counted(cache.hits, 'hit', 'hits')}, ${counted(cache.misses, 'miss', 'misses')} since the start`],
      series: [
        line(0, 'hits since start', 'share', ({ hits, misses }) => shareOf(hits, misses)),
        line(2, 'hits, last minute', 'share', (sample, index) => lastMinute(samples, sample, index)),
        line(1, 'time saved', 'duration', ({ savedMs }) => savedMs),
      ],
      limits: [],
      marks: [],
    },
    {
      id: 'memory',
      title: 'Memory',
      now: `${formatBytes(memory.usedBytes)} of ${formatBytes(memory.limitBytes)}`,
      notes: [
        `process ${formatBytes(memory.rssBytes)} of ${formatBytes(memory.ceilingBytes)}`,
        `cache ${formatBytes(cache.bytes)} of ${formatBytes(cache.maxBytes)}`,
        cleanUpText(marks),
      ],
      series: [
        line(0, 'process', 'bytes', ({ processBytes }) => processBytes),
        line(1, 'DuckDB', 'bytes', ({ duckdbBytes }) => duckdbBytes),
        line(3, 'results', 'bytes', ({ resultBytes }) => resultBytes),
        line(2, 'cache', 'bytes', ({ cacheBytes }) => cacheBytes),
      ],
      limits: [
        { label: 'limit of DuckDB and results', value: memory.limitBytes },
        { label: 'ceiling of the process', value: memory.ceilingBytes },
      ],
      marks,
    },
    {
      id: 'connections',
      title: 'Connections',
      now: `${formatCount(pool.active)} of ${formatCount(pool.max)} in use${pool.waiting > 0 ? `, ${formatCount(pool.waiting)} waiting` : ''}`,
      notes: [
        `waits: ${formatDuration(pool.waitP50Ms)} median, ${formatDuration(pool.waitP99Ms)} 99th percentile`,
        ...(pool.refused > 0 ? [`${formatCount(pool.refused)} refused`] : []),
      ],
      series: [
        line(0, 'in use', 'count', ({ active }) => active),
        line(1, 'idle', 'count', ({ idle }) => idle),
        line(2, 'waiting', 'count', ({ waiting }) => waiting),
      ],
      limits: [{ label: 'at most', value: pool.max }],
      marks: [],
    },
    {
      id: 'parallel',
      title: 'Statements',
      now: `${formatCount(parallel.running)} running, ${formatCount(parallel.queued)} queued`,
      notes: [`at most ${formatCount(parallel.maxRunning)} at the same time`, `${formatCount(parallel.completed)} completed`],
      series: [line(0, 'running', 'count', ({ running }) => running), line(1, 'queued', 'count', ({ queued }) => queued)],
      limits: [{ label: 'at most', value: parallel.maxRunning }],
      marks: [],
    },
  ];
}

/** One line in words: `in use: now 2, lowest 1, highest 4`. */
function seriesText({ label, unit, values }: GraphSeries): string {
  const known = values.filter((value) => value !== null);
  const now = values.at(-1);
  if (known.length === 0) return `${label}: nothing yet`;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of known) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const nowText = now === undefined || now === null ? 'nothing' : formatValue(now, unit);
  return `${label}: now ${nowText}, lowest ${formatValue(lowest, unit)}, highest ${formatValue(highest, unit)}`;
}

/** The whole graph in words, for those who do not see it. */
export function graphText({ title, now, notes, series }: ActivityGraph): string {
  return `${title}: ${now}. In the last 15 minutes ${series.map(seriesText).join('; ')}. ${notes.join('; ')}.`;
}

function counted(count: number, one: string, several: string): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}

function shareOf(hits: number, misses: number): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses);
}

/** Hits among the runs of the minute before a sample. */
function lastMinute(samples: readonly ActivitySample[], { at, hits, misses }: ActivitySample, index: number): number | null {
  let before = index;
  while (before > 0 && (samples[before]?.at ?? 0) > at - MINUTE_MS) before--;
  const then = samples[before];
  return then === undefined ? null : shareOf(hits - then.hits, misses - then.misses);
}

function cleanUpText(marks: readonly CleanUpMark[]): string {
  const last = marks.at(-1);
  if (last === undefined) return 'no clean-ups';
  const time = clockTime(last.at);
  return `${counted(marks.length, 'clean-up', 'clean-ups')}, the last at ${time} freed ${formatBytes(last.freedBytes)} (${last.reason})`;
}
