import type { WireStats } from '../../server/protocol/stats.ts';
import { formatBytes, formatCount } from '../monitor/statsText.ts';
import type { Subsystem } from './statusText.ts';

/** Something that a person has to do about, in a sentence that says what. */
export interface Concern {
  readonly level: 'warning' | 'error';
  readonly text: string;
}

/** Above this share of the ceiling, statements are stopped. */
const STOP_SHARE = 0.95;

/**
 * Why an item is coloured; nearly always it is not. What goes away by itself is no concern: a queue, spilling, a full cache or
 * buffers that DuckDB fills up to its limit.
 */
export function statusConcern(subsystem: Subsystem, { pool, memory }: WireStats): Concern | undefined {
  switch (subsystem) {
    case 'cache':
    case 'parallel':
      return undefined;
    case 'connections':
      if (pool.stuck > 0)
        return {
          level: 'error',
          text: `${formatCount(pool.stuck)} ${pool.stuck === 1 ? 'connection has' : 'connections have'} neither opened nor closed in time: restart the server.`,
        };
      if (pool.waiting === 0 || pool.active < pool.max) return undefined;
      return {
        level: 'warning',
        text: `All connections are in use and ${formatCount(pool.waiting)} ${pool.waiting === 1 ? 'waits' : 'wait'}: close notebooks or terminals that are not needed, or raise kodiak.pool.maxConnections.`,
      };
    case 'memory':
      if (memory.ceilingBytes > 0 && memory.rssBytes > memory.ceilingBytes * STOP_SHARE)
        return {
          level: 'error',
          text: `The process has ${formatBytes(memory.rssBytes)} of ${formatBytes(memory.ceilingBytes)}, and queries are stopped: close results that are not needed, or raise kodiak.memory.ceilingMegabytes.`,
        };
      if (memory.pressure.level !== 'high') return undefined;
      return {
        level: 'warning',
        text: `The machine is short of memory (${memory.pressure.source}): free memory, or close other programs.`,
      };
  }
}
