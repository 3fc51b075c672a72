import type { FetchPageResult, ResultHandle, StatementOutcome } from '../../server/protocol/requests.ts';
import type { WireRow } from '../../server/protocol/values.ts';
import { formatCount, formatCounted, formatDuration, provenanceText } from '../monitor/statsText.ts';
import { renderBox } from '../text/boxTable.ts';
import { visible, visibleLines } from '../text/displayText.ts';
import { createRowWriter, type RowFormat, type RowWriter } from '../text/rowWriter.ts';
import { wholeBoxWriter } from '../text/wholeBox.ts';
import type { Output } from './output.ts';
import { OutputSettings } from './outputSettings.ts';

/** Rows that a box shows at most where no screen says otherwise; of a longer result the first and the last half. */
const BOX_ROWS = 40;
/** Fewer are not shown even on a very low screen. */
const LEAST_BOX_ROWS = 4;
/** Lines of a screen that a box needs beside its rows: its frame, its head, the line of dots, the summary and the next prompt. */
const BOX_LINES = 9;
const FIRST_PAGE_ROWS = 1_000;
const MAX_PAGE_ROWS = 20_000;
/** A page is as many rows as make about this much text. */
const PAGE_CHARS = 1_000_000;
/** What a row is taken for while rows are only measured. */
const MEASURED_CHARS = 40;

export type FetchRows = (offset: number, limit: number) => Promise<FetchPageResult>;

/** Formats that can be begun only when all rows are there. */
export function needsAllRows(format: RowFormat | 'box'): boolean {
  return format === 'box' || format === 'table' || format === 'column';
}

/** Writes all rows page by page: never more than two pages are held, and a slow reader slows the fetching down. */
export async function streamRows(
  handle: ResultHandle,
  format: RowFormat,
  settings: OutputSettings,
  fetchRows: FetchRows,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (format === 'trash') return;
  await writeRows(createRowWriter(format, handle.columns, settings.writerOptions), handle, fetchRows, output, signal);
}

async function writeRows(
  writer: RowWriter,
  handle: ResultHandle,
  fetchRows: FetchRows,
  output: Output,
  signal: AbortSignal,
  shown = shownOn(output),
): Promise<void> {
  const stopped = () => signal.aborted || output.gone.aborted;
  const { measure } = writer;
  if (measure) {
    for await (const rows of pages(handle, fetchRows, (page) => page.length * MEASURED_CHARS)) {
      if (stopped()) return;
      for (const row of rows) measure(row);
    }
  }
  let written = 0;
  let text = writer.head;
  const textOf = (rows: readonly WireRow[]) => {
    const own = rows.map((row) => writer.row(row, written++)).join('');
    text += own;
    return own.length;
  };
  for await (const _ of pages(handle, fetchRows, textOf)) {
    if (stopped()) return;
    await output.write(shown(text));
    text = '';
  }
  if (!stopped()) await output.write(shown(text + writer.tail(written)));
}

/** What a person looks at is shown, never obeyed; what a program reads is as it is. */
function shownOn(output: Output): (text: string) => string {
  return output.isTerminal ? visibleLines : (text) => text;
}

/** The rows in pieces, the preview first. `sizeOf` takes each piece as it comes and tells how long its text is. */
async function* pages(
  handle: ResultHandle,
  fetchRows: FetchRows,
  sizeOf: (rows: readonly WireRow[]) => number,
): AsyncGenerator<readonly WireRow[]> {
  let limit = FIRST_PAGE_ROWS;
  const take = (rows: readonly WireRow[]) => {
    const size = sizeOf(rows);
    if (rows.length > 0) limit = Math.max(1, Math.min(MAX_PAGE_ROWS, Math.round((rows.length * PAGE_CHARS) / (size + 1))));
    return rows;
  };
  const fetchAt = (offset: number) => {
    const page = fetchRows(offset, limit);
    // It may fail while nobody waits for it yet.
    page.catch(() => undefined);
    return page;
  };
  const first = take(handle.preview);
  let next = handle.complete && first.length >= handle.rowCount ? undefined : fetchAt(first.length);
  yield first;
  while (next !== undefined) {
    const page = await next;
    const reached = page.offset + page.rows.length;
    const finished = page.complete && (page.rows.length === 0 || reached >= page.rowCount);
    const rows = take(page.rows);
    next = finished ? undefined : fetchAt(reached);
    yield rows;
  }
}

export interface BoxOptions {
  readonly settings: OutputSettings;
  /** How a person sees what a box leaves out. */
  readonly seeAll?: string;
}

/** Writes a statement's result as a box with a footer, or one line for a statement that gives no rows. */
export async function printBox(outcome: StatementOutcome, fetchRows: FetchRows, output: Output, options?: BoxOptions): Promise<void> {
  const { result } = outcome;
  const { settings, seeAll } = options ?? { settings: new OutputSettings() };
  if (!hasRows(outcome)) {
    const text = settings.changes === false ? visible(outcome.kind) : changeText(outcome);
    await output.writeLines([output.style.dim(footer([text], outcome, settings))]);
    return;
  }
  const most = rowLimit(settings.maxRows, output.height) || result.rowCount;
  const gap = result.rowCount > most;
  const first = gap ? Math.ceil(most / 2) : result.rowCount;
  const last = gap ? Math.floor(most / 2) : 0;
  const lines = renderBox({
    columns: result.columns,
    head: await rowsOf(result, 0, first, fetchRows),
    tail: last > 0 ? await rowsOf(result, result.rowCount - last, last, fetchRows) : [],
    gap,
    width: settings.maxWidth || output.width,
    style: output.style,
    ...(settings.nullText !== undefined && { nullText: settings.nullText }),
    ...(seeAll !== undefined && { seeAll }),
  });
  const shown = gap ? ` (${formatCount(most)} shown${seeAll === undefined ? '' : `; ${seeAll}`})` : '';
  lines.push(summaryLine(outcome, output, settings, shown));
  await output.writeLines(lines);
}

/** As `printBox`, for a reader who can scroll: all rows, all columns, whole values. */
export async function printWholeBox(
  outcome: StatementOutcome,
  fetchRows: FetchRows,
  output: Output,
  settings: OutputSettings,
  signal: AbortSignal,
): Promise<void> {
  const writer = wholeBoxWriter(outcome.result.columns, output.style, settings.nullText);
  // Its values are made visible one by one; the colours are its own.
  await writeRows(writer, outcome.result, fetchRows, output, signal, (text) => text);
  if (!signal.aborted) await output.writeLines([summaryLine(outcome, output, settings)]);
}

/** Tells what a person asked for and a box would say, where there is no box: rows changed beside the results, times among the messages. */
export async function tellBeside(
  outcome: StatementOutcome,
  { format, settings, output, errors }: { format: string; settings: OutputSettings; output: Output; errors: Output },
): Promise<void> {
  if (format === 'box') return;
  if (settings.changes === true && outcome.rowsChanged !== undefined) await output.writeLines([changeText(outcome)]);
  if (settings.timer === true) await errors.writeLines([errors.style.dim(`Run time: ${timeText(outcome)}`)]);
}

function summaryLine(outcome: StatementOutcome, output: Output, settings: OutputSettings, shown = ''): string {
  const { result } = outcome;
  const rows = `${formatCounted(result.rowCount, 'row')}${shown}${result.truncated ? ', cut off' : ''}`;
  return output.style.dim(footer([rows, formatCounted(result.columns.length, 'column')], outcome, settings));
}

/** How many rows a box may show; 0: all. */
function rowLimit(chosen: number | undefined, height: number | undefined): number {
  if (chosen !== undefined) return chosen;
  return height === undefined ? BOX_ROWS : Math.max(LEAST_BOX_ROWS, height - BOX_LINES);
}

/** False for statements whose only answer is that they are done, or how many rows they changed. */
export function hasRows(outcome: StatementOutcome): boolean {
  const { columns } = outcome.result;
  if (columns.length === 0) return false;
  const [only] = columns;
  const isReport = columns.length === 1 && (only?.name === 'Count' || only?.name === 'Success') && outcome.kind !== 'SELECT';
  return !isReport;
}

/** `1.2 s · computed`. */
function timeText(outcome: StatementOutcome): string {
  const parts = [formatDuration(outcome.elapsedMs)];
  if (hasRows(outcome)) parts.push(visible(provenanceText(outcome.result.provenance)));
  return parts.join(' · ');
}

/** `INSERT · 2 rows changed`. */
function changeText(outcome: StatementOutcome): string {
  const kind = visible(outcome.kind);
  return outcome.rowsChanged === undefined ? kind : `${kind} · ${formatCounted(outcome.rowsChanged, 'row')} changed`;
}

function footer(parts: readonly string[], outcome: StatementOutcome, { timer }: OutputSettings): string {
  return timer !== false ? [...parts, timeText(outcome)].join(' · ') : parts.join(' · ');
}

async function rowsOf(result: ResultHandle, offset: number, count: number, fetchRows: FetchRows): Promise<readonly WireRow[]> {
  if (offset + count <= result.preview.length) return result.preview.slice(offset, offset + count);
  const rows: WireRow[] = [];
  while (rows.length < count) {
    const page = await fetchRows(offset + rows.length, Math.min(MAX_PAGE_ROWS, count - rows.length));
    if (page.rows.length === 0) break;
    rows.push(...page.rows);
  }
  return rows;
}
