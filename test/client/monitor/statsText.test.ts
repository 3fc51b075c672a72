import { describe, expect, test } from 'vitest';
import {
  cacheHitRate,
  formatBytes,
  formatCache,
  formatConnections,
  formatCount,
  formatDuration,
  formatMemory,
  formatParallel,
  formatPercent,
  provenanceText,
} from '../../../client/monitor/statsText.ts';
import type { WireStats } from '../../../server/protocol/stats.ts';

const MIB = 1024 * 1024;

const STATS: WireStats = {
  database: ':memory:',
  cache: {
    enabled: true,
    policy: 'cost',
    entries: 3,
    maxEntries: 100,
    bytes: 1.5 * MIB,
    maxBytes: 64 * MIB,
    hits: 3,
    misses: 1,
    bypasses: 12,
    bypassReasons: { 'reads a file': 2, 'random() differs at each run': 10 },
    evictions: 0,
    invalidations: 1,
    savedMs: 1234,
    shared: 4,
  },
  pool: {
    active: 2,
    idle: 1,
    creating: 0,
    closing: 0,
    stuck: 0,
    waiting: 0,
    max: 10,
    acquired: 41,
    refused: 0,
    failedCreations: 0,
    leaks: 0,
    waitP50Ms: 0,
    waitP99Ms: 3.25,
    holders: [
      { name: 'terminal-1', purpose: 'session', heldMs: 500, running: true, statement: 'select count(*)\nfrom orders', runningMs: 400 },
      { name: 'file:///tour.kodiak.sql', purpose: 'session', heldMs: 65_000, running: false },
    ],
  },
  memory: {
    usedBytes: 512 * MIB,
    limitBytes: 2048 * MIB,
    ceilingBytes: 4096 * MIB,
    duckdbBytes: 470 * MIB,
    duckdbTags: [
      { tag: 'IN_MEMORY_TABLE', bytes: 400 * MIB },
      { tag: 'HASH_TABLE', bytes: 70 * MIB },
    ],
    storedBytes: 30 * MIB,
    resultBytes: 12 * MIB,
    spillBytes: 0,
    spillFiles: { count: 0, bytes: 0, folder: '/tmp/kodiak' },
    rssBytes: 600 * MIB,
    heapUsedBytes: 20.5 * MIB,
    arrayBufferBytes: 3 * MIB,
    otherBytes: 64.5 * MIB,
    pressure: { level: 'none', source: 'stalled tasks, available memory' },
    thresholdBytes: 100 * MIB,
    keptBytes: 13.5 * MIB,
    sampleIntervalMs: 60_000,
    sampledAt: 0,
    cleanUps: 2,
    freedBytes: 90 * MIB,
  },
  parallel: {
    enabled: true,
    threads: 4,
    running: 1,
    queued: 0,
    maxRunning: 8,
    completed: 1204,
    peakRunning: 3,
    shortSlots: 4,
    shortCompleted: 31,
    longestShortWaitMs: 2.5,
    lastRun: { cells: 16, elapsedMs: 400, sumMs: 700, speedUp: 1.75 },
    lastAggregate: { strategy: 'duckdb', reason: 'DuckDB spreads one statement over 4 threads by itself', elapsedMs: 12 },
  },
};

describe('statsText', () => {
  test('formats the cache', () => {
    expect(formatCache(STATS)).toEqual([
      'State        on',
      'Policy       evicts first what saves least time for its size',
      'Entries      3 of 100',
      'Size         1.5 MiB of 64 MiB',
      'Hits         3 (75 %)',
      'Misses       1',
      'Time saved   1.23 s',
      'Shared runs  4',
      'Evicted      0',
      'Invalidated  1',
      'Not cached   12',
      '        10  random() differs at each run',
      '         2  reads a file',
    ]);
  });

  test('lists the most used cache entries first, one line each, never wider than 100 columns', () => {
    const entry = { id: 1, sources: [], rows: 2, bytes: 2048, ageMs: 90_000, costMs: 40, proof: 'same plan', outdated: false };
    const lines = formatCache({ ...STATS, cache: { ...STATS.cache, bypassReasons: {} } }, [
      { ...entry, sql: 'select 1', hits: 1, sources: ['shop.main.orders', `/data/${'d'.repeat(40)}/items.csv`] },
      { ...entry, sql: `select\n  ${'x'.repeat(200)}`, hits: 7 },
    ]).slice(11);
    expect(lines).toEqual([
      '',
      '  Hits       Rows       Size       Cost         Age  Query',
      `     7          2      2 KiB      40 ms  1 min 30 s  select ${'x'.repeat(100)}`.slice(0, 99).concat('…'),
      '     1          2      2 KiB      40 ms  1 min 30 s  select 1',
      `${' '.repeat(54)}from shop.main.orders, …${'d'.repeat(29)}/items.csv`.slice(0, 99).concat('…'),
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('lists at most ten entries', () => {
    const entries = Array.from({ length: 12 }, (_, at) => ({
      id: at,
      sql: `select ${at}`,
      proof: 'same plan',
      outdated: false,
      sources: [],
      rows: 1,
      bytes: 1,
      ageMs: 1,
      hits: 0,
      costMs: 1,
    }));
    expect(formatCache(STATS, entries).at(-1)).toBe('        … 2 more');
  });

  test('formats connections, the longest holder first', () => {
    expect(formatConnections(STATS)).toEqual([
      'Connections  2 in use, 1 idle, at most 10',
      'Waiting      0',
      'Lent         41',
      'Refused      0',
      'Wait         0 ms median, 3.3 ms 99th percentile',
      '',
      '      Held  State    Holder',
      ' 1 min 5 s  idle     file:///tour.kodiak.sql',
      '     0.5 s  running  terminal-1',
      '            for 0.4 s: select count(*) from orders',
    ]);
  });

  test('names what is wrong with the connections only when something is', () => {
    const pool = { ...STATS.pool, creating: 2, closing: 1, stuck: 1, failedCreations: 3, leaks: 4, holders: [] };
    expect(formatConnections({ ...STATS, pool })).toEqual([
      'Connections  2 in use, 1 idle, 2 opening, 1 closing, at most 10',
      'Waiting      0',
      'Lent         41',
      'Refused      0',
      'Wait         0 ms median, 3.3 ms 99th percentile',
      'Not opened   3 attempts failed',
      'Stuck        1 neither opened nor closed in time',
      'Forgotten    4 never given back, and taken back since',
    ]);
  });

  test('formats memory', () => {
    expect(formatMemory(STATS)).toEqual([
      'Used             512 MiB of 2 GiB (25 %)',
      '  DuckDB         470 MiB, in memory table 400 MiB, hash table 70 MiB',
      '  Results        12 MiB small, 30 MiB large',
      'Kept for later   13.5 MiB, cleaned up above 100 MiB',
      'Spilled to disk  0 B',
      'Process          600 MiB of 4 GiB (15 %)',
      '  JavaScript     20.5 MiB heap, 3 MiB buffers',
      '  Other          64.5 MiB',
      'Pressure         none (stalled tasks, available memory)',
      'Clean-ups        2, 90 MiB freed',
      'Measured         every 1 min',
    ]);
  });

  test('formats spill files and the last clean-up', () => {
    const lastCleanUp = {
      at: new Date(2026, 0, 2, 3, 4, 5).getTime(),
      reason: 'high pressure: control group',
      steps: [
        { name: 'cache entries', freedBytes: 12 * MIB },
        { name: 'allocators', freedBytes: 0 },
      ],
    };
    const spillFiles = { count: 1, bytes: 9 * MIB, folder: '/tmp/kodiak' };
    const lines = formatMemory({ ...STATS, memory: { ...STATS.memory, spillBytes: 8 * MIB, spillFiles, lastCleanUp, ceilingBytes: 0 } });
    expect(lines.map((line) => line.replace(/ {2,}/g, '  '))).toEqual(
      expect.arrayContaining([
        'Spilled to disk  8 MiB, 1 file of 9 MiB in /tmp/kodiak',
        'Process  600 MiB',
        '  Last  03:04:05, high pressure: control group',
        '  cache entries  12 MiB freed',
        '  allocators  0 B freed',
      ]),
    );
  });

  test('formats parallel execution', () => {
    expect(formatParallel(STATS)).toEqual([
      'State         on',
      'Threads       4, shared by all statements',
      'Running       1 of at most 8 statements',
      'Short ones    4 more slots, 31 ran there, longest wait 2.5 ms',
      'Queued        0',
      'Most at once  3',
      'Completed     1,204',
      'Last run      16 cells in 0.4 s, one by one 0.7 s (1.75 ×)',
      'Aggregate     duckdb in 12 ms: DuckDB spreads one statement over 4 threads by itself',
    ]);
    const quiet = { ...STATS.parallel, shortSlots: 0, lastRun: undefined, lastAggregate: undefined };
    expect(formatParallel({ ...STATS, parallel: quiet })).toEqual([
      'State         on',
      'Threads       4, shared by all statements',
      'Running       1 of at most 8 statements',
      'Short ones    no slots of their own',
      'Queued        0',
      'Most at once  3',
      'Completed     1,204',
    ]);
  });

  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1024 * 1024 - 1, '1 MiB'],
    [123.456 * MIB, '123 MiB'],
    [2.25 * 1024 * MIB, '2.25 GiB'],
    [-5, '0 B'],
  ])('formatBytes(%d) is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [0, '0 ms'],
    [0.04, '<0.1 ms'],
    [0.42, '0.4 ms'],
    [9.96, '10 ms'],
    [12.3, '12 ms'],
    [420, '0.42 s'],
    [12_345, '12.3 s'],
    [59_960, '1 min'],
    [125_000, '2 min 5 s'],
    [3_599_600, '1 h'],
    [3_780_000, '1 h 3 min'],
  ])('formatDuration(%d) is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test.each([
    [0, '0'],
    [999, '999'],
    [1_204_331, '1,204,331'],
    [-1000, '-1,000'],
  ])('formatCount(%d) is %s', (n, text) => expect(formatCount(n)).toBe(text));

  test.each([
    [0, '0 %'],
    [0.001, '<1 %'],
    [0.755, '76 %'],
    [0.999, '99 %'],
    [1, '100 %'],
  ])('formatPercent(%d) is %s', (share, text) => expect(formatPercent(share)).toBe(text));

  test('has no hit rate before the first look-up', () => {
    expect(cacheHitRate(STATS)).toBe(0.75);
    expect(cacheHitRate({ ...STATS, cache: { ...STATS.cache, hits: 0, misses: 0 } })).toBeUndefined();
  });

  test('tells where a result came from', () => {
    expect(provenanceText({ kind: 'run', reason: 'first run' })).toBe('computed');
    expect(provenanceText({ kind: 'proved', reason: 'orders unchanged' })).toBe('proved: orders unchanged');
    expect(provenanceText({ kind: 'bypass', reason: 'random()' })).toBe('not cached: random()');
    expect(provenanceText({ kind: 'bypass', reason: '' })).toBe('not cached');
  });
});
