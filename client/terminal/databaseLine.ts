import { visible } from '../text/displayText.ts';
import type { Shell } from './shell.ts';

/** `DuckDB v1.5.5 · /data/sales.duckdb (new)`. */
export function databaseLine(shell: Shell): string {
  const info = shell.link.info;
  if (!info) return '';
  const place = info.database === ':memory:' || info.database === '' ? 'in memory' : visible(info.database);
  return `DuckDB ${visible(info.duckdbVersion)} · ${place}${info.created && place !== 'in memory' ? ' (new)' : ''}`;
}
