import type { WireStats } from '../../server/protocol/stats.ts';
import { cacheHitRate, formatBytes, formatCount, formatPercent } from '../monitor/statsText.ts';

/** The four subsystems, each with a status bar item and a quick pick. */
export type Subsystem = 'cache' | 'memory' | 'connections' | 'parallel';

const ICONS: Readonly<Record<Subsystem, string>> = {
  cache: '$(database)',
  memory: '$(server-process)',
  connections: '$(plug)',
  parallel: '$(pulse)',
};

/** A status bar item's text; `–` stands for numbers that are not known because no database is open. */
export function statusText(subsystem: Subsystem, stats: WireStats | undefined): string {
  return `${ICONS[subsystem]} ${stats === undefined ? '–' : numbers(subsystem, stats)}`;
}

function numbers(subsystem: Subsystem, stats: WireStats): string {
  switch (subsystem) {
    case 'cache':
      return cacheNumbers(stats);
    case 'memory':
      return `${formatBytes(stats.memory.usedBytes)} / ${formatBytes(stats.memory.limitBytes)}`;
    case 'connections': {
      const waiting = stats.pool.waiting > 0 ? ` +${formatCount(stats.pool.waiting)}` : '';
      return `${formatCount(stats.pool.active)}/${formatCount(stats.pool.max)}${waiting}`;
    }
    case 'parallel': {
      const queued = stats.parallel.queued > 0 ? ` +${formatCount(stats.parallel.queued)}` : '';
      return `${formatCount(stats.parallel.running)}/${formatCount(stats.parallel.threads)}${queued}`;
    }
  }
}

function cacheNumbers(stats: WireStats): string {
  if (!stats.cache.enabled) return 'off';
  const rate = cacheHitRate(stats);
  return rate === undefined ? 'no hits' : `${formatPercent(rate).replace(' ', '')} hits`;
}
