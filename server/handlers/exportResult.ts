import { basename } from 'node:path';
import { KodiakError } from '../../engine/base/errors.ts';
import { after } from '../../engine/base/timers.ts';
import { writeExcel } from '../excel/writeExcel.ts';
import { namedWork } from '../namedWork.ts';
import { type ExportResultParams, type ExportResultResult, queryProgress } from '../protocol/requests.ts';
import type { HeldRows } from '../resultRegistry.ts';
import type { ServerSession } from '../session.ts';
import type { Handler } from './handler.ts';

const FORMATS: ReadonlySet<string> = new Set<ExportResultParams['format']>(['csv', 'tsv', 'parquet', 'json', 'jsonl', 'xlsx']);
const PROGRESS_INTERVAL_MS = 250;

/** Writes the rows of a result or a view to a file, telling how far it is. */
export const exportResult: Handler<ExportResultParams, ExportResultResult> = async (server, client, params, signal) => {
  const { resultId, path, format, overwrite = false, runId } = params;
  const held = server.results.get(resultId);
  if (!FORMATS.has(format)) throw new KodiakError('bug', `There is no export format ${JSON.stringify(format)}.`);
  const startedAt = server.clock.monotonic();
  const onProgress = (percent: number) => {
    const elapsedMs = server.clock.monotonic() - startedAt;
    client.notify(queryProgress, { runId, elapsedMs, percent, rows: 0, statementIndex: 0, statementCount: 1 });
  };
  return await namedWork(
    server,
    client,
    runId,
    signal,
    async (either) => {
      if (format === 'xlsx') return await exportExcel(server, held, path, { overwrite, signal: either, onProgress });
      const { result, view } = held;
      return await result.export(path, { format, overwrite, signal: either, onProgress, ...(view && { view }) });
    },
    { sessionId: held.owner, sql: '', label: `export to ${basename(path)}` },
  );
};

/** DuckDB writes no Excel files without an extension that has to be fetched: this is written from pages. */
async function exportExcel(
  server: ServerSession,
  { result, view }: HeldRows,
  path: string,
  options: { readonly overwrite: boolean; readonly signal: AbortSignal; readonly onProgress: (percent: number) => void },
): Promise<ExportResultResult> {
  await server.engine?.checkExportTarget(path);
  while (!result.complete) {
    if (options.signal.aborted) throw new KodiakError('cancelled', 'The export was cancelled.');
    await new Promise<void>((done) => after(PROGRESS_INTERVAL_MS, done));
  }
  const { columns } = result;
  if (columns.length === 0) throw new KodiakError('sql', `${result.kind} gave no columns: there is nothing to export.`);
  // The rows stay until they are written, whoever lets go of them meanwhile.
  const shared = result.share();
  try {
    const rows = view ?? shared;
    const onProgress = throttled(server, options.onProgress);
    const source = { columns, rowCount: rows.rowCount, page: (offset: number, limit: number) => rows.page(offset, limit) };
    return await writeExcel(path, source, { ...options, onProgress });
  } finally {
    shared.release();
  }
}

function throttled({ clock }: ServerSession, tell: (percent: number) => void): (percent: number) => void {
  let toldAt = clock.monotonic();
  tell(0);
  return (percent) => {
    if (clock.monotonic() - toldAt < PROGRESS_INTERVAL_MS) return;
    toldAt = clock.monotonic();
    tell(percent);
  };
}
