import { expect, it } from 'vitest';
import { statusConcern } from '../../../client/status/statusConcern.ts';
import type { WireStats } from '../../../server/protocol/stats.ts';
import { sampleStats } from '../../support/sampleStats.ts';

const memory = (more: Partial<WireStats['memory']>) =>
  statusConcern('memory', { ...sampleStats, memory: { ...sampleStats.memory, ...more } });
const pool = (more: Partial<WireStats['pool']>) => statusConcern('connections', { ...sampleStats, pool: { ...sampleStats.pool, ...more } });

it('nothing is coloured while everything goes its way', () => {
  for (const subsystem of ['cache', 'memory', 'connections', 'parallel'] as const)
    expect(statusConcern(subsystem, sampleStats)).toBeUndefined();
});

it('nor for what goes away by itself', () => {
  const { parallel, cache } = sampleStats;
  expect(statusConcern('parallel', { ...sampleStats, parallel: { ...parallel, queued: 50 } })).toBeUndefined();
  expect(statusConcern('cache', { ...sampleStats, cache: { ...cache, enabled: false, bytes: cache.maxBytes } })).toBeUndefined();
  expect(memory({ usedBytes: sampleStats.memory.limitBytes, spillBytes: 1e9 })).toBeUndefined();
  expect(memory({ pressure: { level: 'some', source: 'PSI' } })).toBeUndefined();
  expect(pool({ active: 10, waiting: 0 })).toBeUndefined();
  expect(pool({ active: 9, waiting: 1 })).toBeUndefined();
});

it('names what a person can do', () => {
  expect(pool({ active: 10, waiting: 1 })).toEqual({
    level: 'warning',
    text: 'All connections are in use and 1 waits: close notebooks or terminals that are not needed, or raise kodiak.pool.maxConnections.',
  });
  expect(pool({ active: 10, waiting: 3, stuck: 2 })).toMatchObject({ level: 'error', text: expect.stringContaining('restart the server') });
  expect(memory({ pressure: { level: 'high', source: 'MemAvailable' } })).toMatchObject({
    level: 'warning',
    text: expect.stringContaining('short of memory (MemAvailable)'),
  });
  expect(memory({ rssBytes: sampleStats.memory.ceilingBytes * 0.96 })).toMatchObject({
    level: 'error',
    text: expect.stringContaining('kodiak.memory.ceilingMegabytes'),
  });
});
