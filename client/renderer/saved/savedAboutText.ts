import type { SavedOutput } from '../../../server/protocol/savedOutput.ts';
import { formatCount, formatRows } from '../../monitor/statsText.ts';

/** `Stored in sales.ipynb on 2024-03-01, not run by Kodiak · first 1,000 of 2,500 rows`. */
export function savedAboutText({ origin, savedAt, table }: SavedOutput): string {
  const date = savedAt === undefined ? '' : ` on ${savedAt.slice(0, 10)}`;
  const about = `Stored in ${origin}${date}, not run by Kodiak`;
  if (table === undefined) return about;
  const { rows, rowCount } = table;
  const size = rows.length === rowCount ? formatRows(rowCount) : `first ${formatCount(rows.length)} of ${formatRows(rowCount)}`;
  return `${about} · ${size}`;
}
