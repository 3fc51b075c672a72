import type { WireStats } from '../../server/protocol/stats.ts';
import { openMetricsText } from './openMetrics.ts';
import { formatCache, formatConnections, formatMemory, formatParallel } from './statsText.ts';

export const STATS_FORMATS = ['text', 'json', 'openmetrics'] as const;
export type StatsFormat = (typeof STATS_FORMATS)[number];

/** All figures of an engine, with a line feed at the end. */
export function statsReport(stats: WireStats, format: StatsFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(stats, undefined, 2)}\n`;
    case 'openmetrics':
      return openMetricsText(stats);
    case 'text':
      return `${textLines(stats).join('\n')}\n`;
  }
}

function textLines(stats: WireStats): string[] {
  const parts = [
    ['Cache', formatCache(stats)],
    ['Connections', formatConnections(stats)],
    ['Memory', formatMemory(stats)],
    ['Parallel execution', formatParallel(stats)],
  ] as const;
  return parts.flatMap(([title, lines], index) => [
    ...(index === 0 ? [] : ['']),
    title,
    ...lines.map((line) => (line === '' ? '' : `  ${line}`)),
  ]);
}
