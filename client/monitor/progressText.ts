import type { QueryProgressParams } from '../../server/protocol/requests.ts';
import { formatCount } from './statsText.ts';
import { timeLeftText } from './timeLeft.ts';

/** How far a script is: `statement 2 of 3 · 40 % · about 12 s left · 1,204 rows`, with what is known of it; empty for nothing. */
export function progressText(progress: QueryProgressParams, elapsed?: string, leftMs?: number): string {
  const { statementIndex, statementCount, percent, rows } = progress;
  const parts: string[] = [];
  if (statementCount > 1) parts.push(`statement ${statementIndex + 1} of ${statementCount}`);
  if (elapsed !== undefined) parts.push(elapsed);
  if (percent !== undefined && percent >= 1) parts.push(`${Math.floor(percent)} %`);
  if (leftMs !== undefined) parts.push(timeLeftText(leftMs));
  if (rows > 0) parts.push(`${formatCount(rows)} rows`);
  return parts.join(' · ');
}
