import { type FetchPageResult, fetchPage, type RequestDescriptor } from '../../server/protocol/requests.ts';
import type { WireColumn } from '../../server/protocol/values.ts';
import { failureOf } from '../presentError.ts';
import { createRowWriter, type RowFormat } from '../text/rowWriter.ts';

/** What collecting rows needs of the server. */
export interface RowServer {
  request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result>;
}

export interface RowsToCollect {
  readonly resultId: string;
  readonly columns: readonly WireColumn[];
  readonly format: RowFormat;
  /** The text is not to be longer. */
  readonly maxLength: number;
  readonly isCancelled: () => boolean;
  readonly onProgress: (rows: number, rowCount: number) => void;
}

/** `tooLarge`: so many rows fit. */
export type CollectedRows =
  | { readonly kind: 'text'; readonly text: string; readonly rows: number }
  | { readonly kind: 'tooLarge'; readonly rows: number; readonly rowCount: number }
  | { readonly kind: 'cancelled' };

const PAGE_ROWS = 5000;

/** All rows of a result or view as one text, page by page. Rejects with the server's failure. */
export async function collectRows(server: RowServer, wanted: RowsToCollect): Promise<CollectedRows> {
  const { resultId, columns, format, maxLength } = wanted;
  const writer = createRowWriter(format, columns);
  const parts = [writer.head];
  let length = writer.head.length;
  let limit = PAGE_ROWS;
  for (let offset = 0; ; ) {
    if (wanted.isCancelled()) return { kind: 'cancelled' };
    const page = await fetchSome(server, resultId, offset, limit);
    if (page === undefined) {
      limit = Math.max(1, Math.floor(limit / 8));
      continue;
    }
    for (const [index, row] of page.rows.entries()) {
      const text = writer.row(row, offset + index);
      length += text.length;
      if (length > maxLength) return { kind: 'tooLarge', rows: offset + index, rowCount: page.rowCount };
      parts.push(text);
    }
    offset += page.rows.length;
    wanted.onProgress(offset, page.rowCount);
    if (page.rows.length === 0 || (page.complete && offset >= page.rowCount)) {
      return { kind: 'text', text: parts.join('') + writer.tail(offset), rows: offset };
    }
  }
}

/** Undefined where the rows are too large for one answer, and fewer have to be asked for. */
async function fetchSome(server: RowServer, resultId: string, offset: number, limit: number): Promise<FetchPageResult | undefined> {
  try {
    return await server.request(fetchPage, { resultId, offset, limit });
  } catch (error) {
    if (failureOf(error).code === 'limit' && limit > 1) return undefined;
    throw error;
  }
}
