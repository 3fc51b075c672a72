import type { FetchPageResult, ResultHandle, StatementOutcome } from '../../server/protocol/requests.ts';
import type { WireRow } from '../../server/protocol/values.ts';
import { formatCount, formatDuration, provenanceText } from '../monitor/statsText.ts';
import { renderBox } from '../text/boxTable.ts';
import { visible } from '../text/displayText.ts';
import { createRowWriter, type RowFormat } from '../text/rowWriter.ts';
import type { Output } from './output.ts';

/** Rows that a box shows at most; of a longer result the first and the last half. */
const BOX_ROWS = 40;
const FIRST_PAGE_ROWS = 1_000;
const MAX_PAGE_ROWS = 20_000;
/** A page is as many rows as make about this much text. */
const PAGE_CHARS = 1_000_000;

export type FetchRows = (offset: number, limit: number) => Promise<FetchPageResult>;

/** Writes all rows page by page: never more than two pages are held, and a slow reader slows the fetching down. */
export async function streamRows(
  handle: ResultHandle,
  format: RowFormat,
  fetchRows: FetchRows,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const writer = createRowWriter(format, handle.columns);
  let written = 0;
  let limit = FIRST_PAGE_ROWS;
  const textOf = (rows: readonly WireRow[]) => {
    const text = rows.map((row) => writer.row(row, written++)).join('');
    if (rows.length > 0) limit = Math.max(1, Math.min(MAX_PAGE_ROWS, Math.round((rows.length * PAGE_CHARS) / (text.length + 1))));
    return text;
  };
  const fetchAt = (offset: number) => {
    const page = fetchRows(offset, limit);
    // It may fail while nobody waits for it yet.
    page.catch(() => undefined);
    return page;
  };
  await output.write(writer.head + textOf(handle.preview));
  let next = handle.complete && written >= handle.rowCount ? undefined : fetchAt(written);
  while (next && !signal.aborted && !output.gone.aborted) {
    const page = await next;
    const reached = page.offset + page.rows.length;
    const finished = page.complete && (page.rows.length === 0 || reached >= page.rowCount);
    next = finished ? undefined : fetchAt(reached);
    await output.write(textOf(page.rows));
  }
  if (!next) await output.write(writer.tail(written));
}

/** Writes a statement's result as a box with a footer, or one line for a statement that gives no rows. */
export async function printBox(outcome: StatementOutcome, fetchRows: FetchRows, output: Output, timer: boolean): Promise<void> {
  const { result } = outcome;
  if (!hasRows(outcome)) {
    await output.writeLines([output.style.dim(footer([changeText(outcome)], outcome, timer))]);
    return;
  }
  const gap = result.rowCount > BOX_ROWS;
  const half = BOX_ROWS / 2;
  const head = await rowsOf(result, 0, gap ? half : result.rowCount, fetchRows);
  const tail = gap ? await rowsOf(result, result.rowCount - half, half, fetchRows) : [];
  const lines = renderBox({ columns: result.columns, head, tail, gap, width: output.width, style: output.style });
  const rows = `${counted(result.rowCount, 'row')}${gap ? ` (${BOX_ROWS} shown)` : ''}${result.truncated ? ', cut off' : ''}`;
  lines.push(output.style.dim(footer([rows, counted(result.columns.length, 'column')], outcome, timer)));
  await output.writeLines(lines);
}

/** False for statements whose only answer is that they are done, or how many rows they changed. */
export function hasRows(outcome: StatementOutcome): boolean {
  const { columns } = outcome.result;
  if (columns.length === 0) return false;
  const [only] = columns;
  const isReport = columns.length === 1 && (only?.name === 'Count' || only?.name === 'Success') && outcome.kind !== 'SELECT';
  return !isReport;
}

function changeText(outcome: StatementOutcome): string {
  const kind = visible(outcome.kind);
  return outcome.rowsChanged === undefined ? kind : `${kind} · ${counted(outcome.rowsChanged, 'row')} changed`;
}

function footer(parts: readonly string[], outcome: StatementOutcome, timer: boolean): string {
  if (!timer) return parts.join(' · ');
  const timed = [...parts, formatDuration(outcome.elapsedMs)];
  if (hasRows(outcome)) timed.push(visible(provenanceText(outcome.result.provenance)));
  return timed.join(' · ');
}

async function rowsOf(result: ResultHandle, offset: number, count: number, fetchRows: FetchRows): Promise<readonly WireRow[]> {
  if (offset + count <= result.preview.length) return result.preview.slice(offset, offset + count);
  return (await fetchRows(offset, count)).rows;
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
