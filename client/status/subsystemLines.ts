import type { CacheEntryInfo } from '../../server/protocol/requests.ts';
import type { WireStats } from '../../server/protocol/stats.ts';
import { formatCache, formatConnections, formatMemory, formatParallel } from '../monitor/statsText.ts';
import type { Subsystem } from './statusText.ts';

/** The lines that the REPL's command of the same name prints. */
export function subsystemLines(subsystem: Subsystem, stats: WireStats, entries?: readonly CacheEntryInfo[]): string[] {
  switch (subsystem) {
    case 'cache':
      return formatCache(stats, entries);
    case 'memory':
      return formatMemory(stats);
    case 'connections':
      return formatConnections(stats);
    case 'parallel':
      return formatParallel(stats);
  }
}
