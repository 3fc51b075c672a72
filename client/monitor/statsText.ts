import type { CacheEntryInfo } from '../../server/protocol/requests.ts';
import type { WireStats } from '../../server/protocol/stats.ts';
import type { WireProvenance } from '../../server/protocol/values.ts';

/** Widest line that these functions give. */
const MAX_COLUMNS = 100;
const MAX_LISTED = 10;

type Labelled = readonly [label: string, value: string];

/** The cache in lines of aligned labels and values, followed by the most used entries if they are given. */
export function formatCache(stats: WireStats, entries?: readonly CacheEntryInfo[]): string[] {
  const { cache } = stats;
  const rate = cacheHitRate(stats);
  const lines = aligned([
    ['State', cache.enabled ? 'on' : 'off'],
    ['Policy', `evicts first what ${cache.policy === 'cost' ? 'saves least time for its size' : 'was not used for the longest time'}`],
    ['Entries', `${formatCount(cache.entries)} of ${formatCount(cache.maxEntries)}`],
    ['Size', `${formatBytes(cache.bytes)} of ${formatBytes(cache.maxBytes)}`],
    ['Hits', rate === undefined ? formatCount(cache.hits) : `${formatCount(cache.hits)} (${formatPercent(rate)})`],
    ['Misses', formatCount(cache.misses)],
    ['Time saved', formatDuration(cache.savedMs)],
    ['Shared runs', formatCount(cache.shared)],
    ['Evicted', formatCount(cache.evictions)],
    ['Invalidated', formatCount(cache.invalidations)],
    ['Not cached', formatCount(cache.bypasses)],
  ]);
  const reasons = Object.entries(cache.bypassReasons).sort(([, a], [, b]) => b - a);
  for (const [reason, count] of reasons.slice(0, MAX_LISTED)) lines.push(clip(`  ${formatCount(count).padStart(8)}  ${reason}`));
  if (reasons.length > MAX_LISTED) lines.push(`  ${' '.repeat(8)}  … ${formatCount(reasons.length - MAX_LISTED)} more reasons`);
  if (entries && entries.length > 0) lines.push('', ...entryTable(entries));
  return lines;
}

/** The connection pool in lines of aligned labels and values, followed by who holds a connection. */
export function formatConnections(stats: WireStats): string[] {
  const { pool } = stats;
  const changing = `${pool.creating > 0 ? `${formatCount(pool.creating)} opening, ` : ''}${pool.closing > 0 ? `${formatCount(pool.closing)} closing, ` : ''}`;
  const lines = aligned([
    ['Connections', `${formatCount(pool.active)} in use, ${formatCount(pool.idle)} idle, ${changing}at most ${formatCount(pool.max)}`],
    ['Waiting', formatCount(pool.waiting)],
    ['Lent', formatCount(pool.acquired)],
    ['Refused', formatCount(pool.refused)],
    ['Wait', `${formatDuration(pool.waitP50Ms)} median, ${formatDuration(pool.waitP99Ms)} 99th percentile`],
    ...troubles(pool),
  ]);
  if (pool.holders.length === 0) return lines;
  const longest = [...pool.holders].sort((a, b) => b.heldMs - a.heldMs);
  lines.push('', '      Held  State    Holder');
  for (const holder of longest.slice(0, MAX_LISTED)) {
    lines.push(clip(`${formatDuration(holder.heldMs).padStart(10)}  ${holder.running ? 'running' : 'idle   '}  ${oneLine(holder.name)}`));
    if (holder.statement === undefined) continue;
    lines.push(clip(`            for ${formatDuration(holder.runningMs ?? 0)}: ${oneLine(holder.statement).trim()}`));
  }
  if (longest.length > MAX_LISTED) lines.push(`            … ${formatCount(longest.length - MAX_LISTED)} more`);
  return lines;
}

/** Memory in lines of aligned labels and values. */
export function formatMemory(stats: WireStats): string[] {
  const { memory } = stats;
  const { spillFiles, lastCleanUp } = memory;
  const tags = memory.duckdbTags.map(({ tag, bytes }) => `${tag.toLowerCase().replaceAll('_', ' ')} ${formatBytes(bytes)}`);
  const files = spillFiles.count === 1 ? '1 file' : `${formatCount(spillFiles.count)} files`;
  return aligned([
    ['Used', ofLimit(memory.usedBytes, memory.limitBytes)],
    ['  DuckDB', [formatBytes(memory.duckdbBytes), ...tags].join(', ')],
    ['  Results', `${formatBytes(memory.resultBytes)} small, ${formatBytes(memory.storedBytes)} large`],
    ['Kept for later', `${formatBytes(memory.keptBytes)}, cleaned up above ${formatBytes(memory.thresholdBytes)}`],
    [
      'Spilled to disk',
      spillFiles.count === 0
        ? formatBytes(memory.spillBytes)
        : `${formatBytes(memory.spillBytes)}, ${files} of ${formatBytes(spillFiles.bytes)} in ${oneLine(spillFiles.folder)}`,
    ],
    ['Process', ofLimit(memory.rssBytes, memory.ceilingBytes)],
    ['  JavaScript', `${formatBytes(memory.heapUsedBytes)} heap, ${formatBytes(memory.arrayBufferBytes)} buffers`],
    ['  Other', formatBytes(memory.otherBytes)],
    ['Pressure', `${memory.pressure.level} (${memory.pressure.source})`],
    ['Clean-ups', `${formatCount(memory.cleanUps)}, ${formatBytes(memory.freedBytes)} freed`],
    ...(lastCleanUp ? [['  Last', `${clockTime(lastCleanUp.at)}, ${lastCleanUp.reason}`] as const] : []),
    ...(lastCleanUp?.steps ?? []).map((step) => [`    ${step.name}`, `${formatBytes(step.freedBytes)} freed`] as const),
    [
      'Measured',
      `every ${formatDuration(memory.sampleIntervalMs)}${memory.sampledAt > 0 ? `, last at ${clockTime(memory.sampledAt)}` : ''}`,
    ],
  ]);
}

function ofLimit(bytes: number, limitBytes: number): string {
  return limitBytes > 0 ? `${formatBytes(bytes)} of ${formatBytes(limitBytes)} (${formatPercent(bytes / limitBytes)})` : formatBytes(bytes);
}

/** Parallel execution in lines of aligned labels and values. */
export function formatParallel(stats: WireStats): string[] {
  const { parallel } = stats;
  const { lastRun, lastAggregate } = parallel;
  const rows: Labelled[] = [
    ['State', parallel.enabled ? 'on' : 'off'],
    ['Threads', `${formatCount(parallel.threads)}, shared by all statements`],
    ['Running', `${formatCount(parallel.running)} of at most ${formatCount(parallel.maxRunning)} statements`],
    ['Short ones', shortLane(parallel)],
    ['Queued', formatCount(parallel.queued)],
    ['Most at once', formatCount(parallel.peakRunning)],
    ['Completed', formatCount(parallel.completed)],
  ];
  if (lastRun) {
    const { cells, elapsedMs, sumMs, speedUp } = lastRun;
    const times = `${formatDuration(elapsedMs)}, one by one ${formatDuration(sumMs)}`;
    rows.push(['Last run', `${formatCount(cells)} ${cells === 1 ? 'cell' : 'cells'} in ${times} (${speedUp.toFixed(2)} ×)`]);
  }
  if (lastAggregate) {
    const { strategy, reason, elapsedMs } = lastAggregate;
    rows.push(['Aggregate', `${strategy} in ${formatDuration(elapsedMs)}: ${oneLine(reason)}`]);
  }
  return aligned(rows);
}

function shortLane({ shortSlots, shortCompleted, longestShortWaitMs }: WireStats['parallel']): string {
  if (shortSlots === 0) return 'no slots of their own';
  return `${formatCount(shortSlots)} more slots, ${formatCount(shortCompleted)} ran there, longest wait ${formatDuration(longestShortWaitMs)}`;
}

/** Binary units: `0 B`, `512 B`, `1.5 KiB`, `64 MiB`, `2.25 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (unit < units.length - 1 && Math.round(value) >= 1024) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : significant(value)} ${units[unit]}`;
}

/** `0.4 ms`, `12 ms`, `0.42 s`, `12.3 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive === 0) return '0 ms';
  if (positive < 0.05) return '<0.1 ms';
  if (positive < 9.95) return `${Number(positive.toFixed(1))} ms`;
  if (positive < 99.5) return `${Math.round(positive)} ms`;
  if (positive < 9_995) return `${Number((positive / 1000).toFixed(2))} s`;
  if (positive < 59_950) return `${Number((positive / 1000).toFixed(1))} s`;
  const seconds = Math.round(positive / 1000);
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** `1,204,331`, in every locale alike. */
export function formatCount(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 table`, `1,204 tables`; of nouns with a plain plural. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1 row`, `1,204,331 rows`. */
export function formatRows(count: number): string {
  return formatCounted(count, 'row');
}

/** Hits among the runs that the cache could have answered, 0 to 1; undefined while there were none. */
export function cacheHitRate(stats: WireStats): number | undefined {
  const lookUps = stats.cache.hits + stats.cache.misses;
  return lookUps === 0 ? undefined : stats.cache.hits / lookUps;
}

/** `computed`, `proved: …` or `not cached: …`. */
export function provenanceText(provenance: WireProvenance): string {
  const reason = oneLine(provenance.reason).trim();
  switch (provenance.kind) {
    case 'run':
      return 'computed';
    case 'proved':
      return reason ? `proved: ${reason}` : 'proved';
    case 'bypass':
      return reason ? `not cached: ${reason}` : 'not cached';
    case 'earlier':
      return reason ? `earlier run: ${reason}` : 'earlier run';
  }
}

/** A share of 0 to 1 as `75 %`; only exactly none and all are shown as 0 % and 100 %. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  if (share < 1 && share >= 0.99) return '99 %';
  return `${Math.round(share * 100)} %`;
}

/** What should be zero, while it is not. */
function troubles(pool: WireStats['pool']): Labelled[] {
  const counts: [label: string, count: number, meaning: string][] = [
    ['Not opened', pool.failedCreations, 'attempts failed'],
    ['Stuck', pool.stuck, 'neither opened nor closed in time'],
    ['Forgotten', pool.leaks, 'never given back, and taken back since'],
  ];
  return counts.filter(([, count]) => count > 0).map(([label, count, meaning]) => [label, `${formatCount(count)} ${meaning}`]);
}

function entryTable(entries: readonly CacheEntryInfo[]): string[] {
  const byUse = [...entries].sort((a, b) => b.hits - a.hits || a.ageMs - b.ageMs);
  const lines = ['  Hits       Rows       Size       Cost         Age  Query'];
  for (const entry of byUse.slice(0, MAX_LISTED)) {
    const cells = [
      formatCount(entry.hits).padStart(6),
      formatCount(entry.rows).padStart(9),
      formatBytes(entry.bytes).padStart(9),
      formatDuration(entry.costMs).padStart(9),
      formatDuration(entry.ageMs).padStart(10),
      oneLine(entry.sql),
    ];
    lines.push(clip(cells.join('  ')));
    if (entry.sources.length > 0) lines.push(clip(`${' '.repeat(SOURCES_INDENT)}from ${entry.sources.map(shortSource).join(', ')}`));
  }
  if (byUse.length > MAX_LISTED) lines.push(`        … ${formatCount(byUse.length - MAX_LISTED)} more`);
  return lines;
}

/** Under the queries of the table. */
const SOURCES_INDENT = 54;

/** The end of a long path says which file it is. */
function shortSource(source: string): string {
  const text = oneLine(source);
  return text.length <= 40 ? text : `…${text.slice(-39)}`;
}

function aligned(rows: readonly Labelled[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => clip(`${label.padEnd(width)}  ${value}`));
}

function significant(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return String(Number(value.toFixed(value >= 9.995 ? 1 : 2)));
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `14:02:07`, in local time; `at` in Unix milliseconds. */
export function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes.
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

function clip(line: string): string {
  return line.length <= MAX_COLUMNS ? line : `${line.slice(0, MAX_COLUMNS - 1)}…`;
}
