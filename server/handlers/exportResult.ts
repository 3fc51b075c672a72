import { KodiakError } from '../../engine/base/errors.ts';
import { namedWork } from '../namedWork.ts';
import { type ExportResultParams, type ExportResultResult, queryProgress } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

const FORMATS: ReadonlySet<string> = new Set<ExportResultParams['format']>(['csv', 'parquet', 'json', 'jsonl']);

/** Writes the rows of a result or a view to a file, telling how far it is. */
export const exportResult: Handler<ExportResultParams, ExportResultResult> = async (server, client, params, signal) => {
  const { resultId, path, format, overwrite = false, runId } = params;
  const { result, view } = server.results.get(resultId);
  if (!FORMATS.has(format)) throw new KodiakError('bug', `There is no export format ${JSON.stringify(format)}.`);
  const startedAt = server.clock.monotonic();
  const onProgress = (percent: number) => {
    const elapsedMs = server.clock.monotonic() - startedAt;
    client.notify(queryProgress, { runId, elapsedMs, percent, rows: 0, statementIndex: 0, statementCount: 1 });
  };
  return await namedWork(server, client, runId, signal, (either) =>
    result.export(path, { format, overwrite, signal: either, onProgress, ...(view && { view }) }),
  );
};
