import type { WireStats } from '../../server/protocol/stats.ts';

/** Of texts that become labels, so many: a monitoring system keeps a series for each. */
const MAX_LABELLED = 50;

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

interface Family {
  /** Without `kodiak_`, the unit and a counter's `_total`. */
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'summary' | 'stateset' | 'info';
  readonly unit?: 'bytes' | 'seconds' | 'ratio';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The same figures as the status bar has, in the text format of OpenMetrics 1.0. */
export function openMetricsText(stats: WireStats): string {
  const families = [
    databaseFamily(stats),
    ...cacheFamilies(stats),
    ...poolFamilies(stats),
    ...memoryFamilies(stats),
    ...parallelFamilies(stats),
  ];
  const lines = families.filter(({ samples }) => samples.length > 0).flatMap(familyLines);
  return `${lines.join('\n')}\n# EOF\n`;
}

function databaseFamily({ database }: WireStats): Family {
  return { name: 'database', type: 'info', help: 'The database that the engine has open.', samples: [[{ path: database }, 1]] };
}

function cacheFamilies({ cache }: WireStats): Family[] {
  const reasons = Object.entries(cache.bypassReasons).sort(([, a], [, b]) => b - a);
  return [
    gauge('cache_enabled', '1 while the result cache is on.', flag(cache.enabled)),
    gauge('cache_entries', 'Results in the cache.', cache.entries),
    gauge('cache_entries_limit', 'Results that the cache may hold.', cache.maxEntries),
    bytes('cache_size', 'Size of the results in the cache.', cache.bytes),
    bytes('cache_limit', 'Size that the cache may have.', cache.maxBytes),
    counter('cache_hits', 'Runs that the cache answered with a proof.', cache.hits),
    counter('cache_misses', 'Runs that the cache could have answered and did not.', cache.misses),
    counter('cache_bypasses', 'Runs in which the cache had no say.', cache.bypasses),
    {
      ...counter('cache_bypass_reasons', 'Runs in which the cache had no say, by the most frequent reasons.', 0),
      samples: reasons.slice(0, MAX_LABELLED).map(([reason, count]) => [{ reason }, count] as const),
    },
    counter('cache_evictions', 'Results that made room for others.', cache.evictions),
    counter('cache_invalidations', 'Results dropped because what they read may have changed.', cache.invalidations),
    counter('cache_shared_runs', 'Runs that several sessions asked for at once and shared.', cache.shared),
    { ...counter('cache_saved', 'Engine time that answers of the cache did not spend again.', cache.savedMs / 1000), unit: 'seconds' },
  ];
}

function poolFamilies({ pool }: WireStats): Family[] {
  const states = { active: pool.active, idle: pool.idle, creating: pool.creating, closing: pool.closing, stuck: pool.stuck };
  return [
    {
      ...gauge('pool_connections', 'Connections by what they are doing.', 0),
      samples: Object.entries(states).map(([state, count]) => [{ state }, count] as const),
    },
    gauge('pool_connections_limit', 'Connections that there may be.', pool.max),
    gauge('pool_waiting', 'Callers that wait for a connection.', pool.waiting),
    counter('pool_acquired', 'Connections lent.', pool.acquired),
    counter('pool_refused', 'Waits that ended at the time limit or at a full queue.', pool.refused),
    counter('pool_failed_creations', 'Connections that could not be opened.', pool.failedCreations),
    counter('pool_leaks', 'Connections that their borrower forgot, and that were taken back.', pool.leaks),
    {
      name: 'pool_wait',
      type: 'summary',
      unit: 'seconds',
      help: 'Waits for a connection.',
      samples: [
        [{ quantile: '0.5' }, pool.waitP50Ms / 1000],
        [{ quantile: '0.99' }, pool.waitP99Ms / 1000],
      ],
    },
  ];
}

function memoryFamilies({ memory }: WireStats): Family[] {
  const { pressure, lastCleanUp, spillFiles } = memory;
  return [
    bytes('memory_used', 'Buffers of DuckDB plus results outside of them.', memory.usedBytes),
    bytes('memory_limit', 'Limit of what is used.', memory.limitBytes),
    bytes('memory_ceiling', 'Limit of the whole process.', memory.ceilingBytes),
    bytes('memory_duckdb', 'Buffers of DuckDB.', memory.duckdbBytes),
    {
      ...bytes('memory_duckdb_tag', 'Buffers of DuckDB by use.', 0),
      samples: memory.duckdbTags.slice(0, MAX_LABELLED).map((tag) => [{ tag: tag.tag }, tag.bytes] as const),
    },
    bytes('memory_stored', 'Large results in memory.', memory.storedBytes),
    bytes('memory_results', 'Small results, cached ones included.', memory.resultBytes),
    bytes('memory_kept', 'What is kept for later: cache and results.', memory.keptBytes),
    bytes('memory_threshold', 'Clean-up starts when more than this is kept for later.', memory.thresholdBytes),
    bytes('memory_spilled', 'What DuckDB has moved to disk.', memory.spillBytes),
    gauge('memory_spill_files', 'Temporary files of DuckDB.', spillFiles.count),
    bytes('memory_spill_files_size', 'Size of the temporary files of DuckDB.', spillFiles.bytes),
    bytes('process_resident', 'Resident memory of the server.', memory.rssBytes),
    bytes('process_heap', 'JavaScript heap of the server in use.', memory.heapUsedBytes),
    bytes('process_array_buffers', 'Array buffers of the server.', memory.arrayBufferBytes),
    bytes('process_other', 'Memory of the server that is none of these.', memory.otherBytes),
    {
      name: 'memory_pressure',
      type: 'stateset',
      help: 'How short of memory the machine is.',
      samples: ['none', 'some', 'high'].map((level) => [{ kodiak_memory_pressure: level }, flag(pressure.level === level)] as const),
    },
    seconds('memory_sample_interval', 'Time between two measurements of memory.', memory.sampleIntervalMs),
    seconds('memory_sampled_timestamp', 'When memory was measured last, in Unix time.', memory.sampledAt),
    counter('memory_cleanups', 'Clean-ups of memory.', memory.cleanUps),
    { ...counter('memory_freed', 'What clean-ups gave back.', memory.freedBytes), unit: 'bytes' },
    ...(lastCleanUp ? [seconds('memory_last_cleanup_timestamp', 'When memory was cleaned up last, in Unix time.', lastCleanUp.at)] : []),
  ];
}

function parallelFamilies({ parallel }: WireStats): Family[] {
  const { lastRun, lastAggregate } = parallel;
  return [
    gauge('parallel_enabled', '1 while independent cells run side by side.', flag(parallel.enabled)),
    gauge('parallel_threads', 'Threads of DuckDB.', parallel.threads),
    gauge('parallel_running', 'Statements that run.', parallel.running),
    gauge('parallel_running_peak', 'Most statements that ran at the same time.', parallel.peakRunning),
    gauge('parallel_running_limit', 'Statements that may run at the same time.', parallel.maxRunning),
    gauge('parallel_queued', 'Statements that wait for their turn.', parallel.queued),
    counter('parallel_completed', 'Statements that have ended.', parallel.completed),
    gauge('parallel_short_slots', 'Slots beyond the limit for short statements.', parallel.shortSlots),
    counter('parallel_short_completed', 'Statements that ended in a slot for short ones.', parallel.shortCompleted),
    seconds('parallel_short_wait_longest', 'Longest wait for a slot for short statements.', parallel.longestShortWaitMs),
    ...(lastRun
      ? [
          gauge('parallel_last_run_cells', 'Cells of the last run of several.', lastRun.cells),
          seconds('parallel_last_run_elapsed', 'Time that the last run of several cells took.', lastRun.elapsedMs),
          seconds('parallel_last_run_sum', 'Time of the cells of the last run one by one.', lastRun.sumMs),
          { ...gauge('parallel_last_run_speedup', 'How much faster that was than one by one.', lastRun.speedUp), unit: 'ratio' as const },
        ]
      : []),
    ...(lastAggregate ? [seconds('parallel_last_aggregate_elapsed', 'Time that the last aggregate took.', lastAggregate.elapsedMs)] : []),
  ];
}

function gauge(name: string, help: string, value: number): Family {
  return { name, type: 'gauge', help, samples: [[{}, value]] };
}

function counter(name: string, help: string, value: number): Family {
  return { name, type: 'counter', help, samples: [[{}, value]] };
}

function bytes(name: string, help: string, value: number): Family {
  return { ...gauge(name, help, value), unit: 'bytes' };
}

function seconds(name: string, help: string, milliseconds: number): Family {
  return { ...gauge(name, help, milliseconds / 1000), unit: 'seconds' };
}

function familyLines({ name, type, unit, help, samples }: Family): string[] {
  const full = `kodiak_${name}${unit === undefined ? '' : `_${unit}`}`;
  const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
  return [
    `# TYPE ${full} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${full} ${unit}`]),
    `# HELP ${full} ${escaped(help)}`,
    ...samples.map(([labels, value]) => `${full}${suffix}${labelsText(labels)} ${numberText(value)}`),
  ];
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Line feeds, quotes and backslashes; other control characters are allowed, and are shown by nobody. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}

function flag(on: boolean): number {
  return on ? 1 : 0;
}
