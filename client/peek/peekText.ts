import type { WireColumn, WireFailure, WireRow } from '../../server/protocol/values.ts';
import { formatCount, formatDuration, formatRows } from '../monitor/statsText.ts';
import { presentError } from '../presentError.ts';
import { renderBox } from '../text/boxTable.ts';
import { visible, visibleLines } from '../text/displayText.ts';
import { createStyle } from '../text/style.ts';

/** The first rows of a part of a statement. */
export interface PeekedRows {
  readonly title: string;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly WireRow[];
  /** All of them; undefined when counting took too long. */
  readonly rowCount: number | undefined;
  readonly elapsedMs: number;
}

const MAX_COLUMNS = 200;
const PLAIN = createStyle(false);

/** What the peek view shows: how many rows there are, which keys do what, and the first rows as a table. Data cannot break out of its cell. */
export function peekText({ title, columns, rows, rowCount, elapsedMs }: PeekedRows, keys: string): string {
  const shown = columns.slice(0, MAX_COLUMNS);
  const head = rows.map((row) => row.slice(0, MAX_COLUMNS));
  const widths = columns.length === 1 ? '1 column' : `${formatCount(columns.length)} columns`;
  const facts = [countText(rows.length, rowCount), widths, formatDuration(elapsedMs)];
  const cut = columns.length > shown.length ? [`The first ${MAX_COLUMNS} of ${formatCount(columns.length)} columns are here.`] : [];
  const table = renderBox({ columns: shown, head, tail: [], gap: false, width: undefined, style: PLAIN });
  return [`${visible(title)}: ${facts.join(' · ')}`, keys, ...cut, ...table, ''].join('\n');
}

/** `12 rows`, `first 100 of 4,711 rows`, and `first 100 of ≥ 100 rows` where nobody knows. */
function countText(shown: number, rowCount: number | undefined): string {
  if (rowCount === undefined) return `first ${formatCount(shown)} of ≥ ${formatRows(shown)}`;
  return rowCount === shown ? formatRows(rowCount) : `first ${formatCount(shown)} of ${formatRows(rowCount)}`;
}

/** The same for a part that gave no rows. The failure's place is that in `sql`, the document's text. */
export function peekFailureText(title: string, failure: WireFailure, sql: string): string {
  return `${visible(title)} could not be shown.\n\n${visibleLines(presentError(failure, sql).text)}\n`;
}
