import { visible } from '../text/displayText.ts';
import { othersText } from './sharing.ts';
import type { Shell } from './shell.ts';

/** `DuckDB v1.5.5 · /data/sales.duckdb (new)`, and who else uses it: `, shared with VS Code (process 4711)`. */
export function databaseLine(shell: Shell): string {
  const info = shell.link.info;
  if (!info) return '';
  const place = info.database === ':memory:' || info.database === '' ? 'in memory' : visible(info.database);
  const others = othersText(shell.link.clients, process.pid);
  const shared = others === '' ? '' : `, shared with ${others}`;
  return `DuckDB ${visible(info.duckdbVersion)} · ${place}${info.created && place !== 'in memory' ? ' (new)' : ''}${shared}`;
}
