import { KodiakError } from '../../engine/base/errors.ts';
import type { PageOptions, Row } from '../../engine/types.ts';
import { abortable } from '../abortable.ts';
import { encodeFrame, MAX_SHOWN_TEXT, type WireFrame } from '../protocol/columnFrame.ts';
import { type FetchPageParams, type FetchPageResult, MAX_PAGE_ROWS } from '../protocol/requests.ts';
import type { WireRow } from '../protocol/values.ts';
import { toWireRow, wireSize } from '../wire.ts';
import type { Handler } from './handler.ts';

/** A JSON message of V8 ends at half a gigabyte; this stays clear of it and of a frozen server. */
const MAX_PAGE_CHARACTERS = 64 * 1024 * 1024;

/** Reads rows of a result or a view that the client holds a handle of. */
export const fetchPage: Handler<FetchPageParams, FetchPageResult> = async (
  server,
  _client,
  { resultId, offset, limit, format },
  signal,
) => {
  const { result, view } = server.results.get(resultId);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new KodiakError('bug', `A page cannot begin at row ${offset}.`);
  if (!(limit >= 0 && limit <= MAX_PAGE_ROWS)) throw new KodiakError('limit', `A page has 0 to ${MAX_PAGE_ROWS} rows, not ${limit}.`);
  // A poll for how many rows there are asks for none.
  if (limit > 0) server.archive.looked();
  const isFrame = format === 'frame';
  const options: PageOptions = isFrame ? { maxLength: MAX_SHOWN_TEXT } : {};
  const read = toWireRows(await abortable((view ?? result).page(offset, limit, options), signal), limit);
  const frame = isFrame ? toWireFrame(read, result.columns.length) : undefined;
  const page = { offset, rows: isFrame ? [] : read, ...(frame !== undefined && { frame }) };
  if (!view) return { ...page, rowCount: result.rowCount, complete: result.complete };
  if (isFrame) return { ...page, rowCount: view.rowCount, complete: true };
  const positions = await abortable(view.positions(offset, limit), signal);
  return { ...page, rowCount: view.rowCount, complete: true, positions };
};

function toWireFrame(rows: readonly WireRow[], columnCount: number): WireFrame {
  const { bytes, text } = encodeFrame(rows, columnCount);
  return { data: Buffer.from(bytes.buffer, 0, bytes.byteLength).toString('base64'), text };
}

function toWireRows(rows: readonly Row[], limit: number): WireRow[] {
  let size = 0;
  return rows.map((row) => {
    const wireRow = toWireRow(row);
    size += wireSize(wireRow);
    if (size > MAX_PAGE_CHARACTERS) throw new KodiakError('limit', `These ${limit} rows are too large to be sent at once: ask for fewer.`);
    return wireRow;
  });
}
