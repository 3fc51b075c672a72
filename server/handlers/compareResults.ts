import { KodiakError } from '../../engine/base/errors.ts';
import { namedWork } from '../namedWork.ts';
import { type CompareResultsParams, type CompareResultsResult, queryProgress } from '../protocol/requests.ts';
import { ON_DISK } from '../resultRegistry.ts';
import { readPreview } from '../runScript.ts';
import { toResultHandle } from '../wire.ts';
import type { Handler } from './handler.ts';

/** Finds the rows in which two results differ. They are kept as a result of the session that the newer one belongs to. */
export const compareResults: Handler<CompareResultsParams, CompareResultsResult> = async (server, client, params, signal) => {
  const { left, right, key, unchanged = false, runId, pinned } = params;
  const [before, now] = [server.results.get(left), server.results.get(right)];
  if (before.view || now.view) throw new KodiakError('bug', 'Results are compared, not views of them.');
  // The differences take memory, which what is on the disk does not.
  const owner = [now.owner, before.owner].find((each) => each !== ON_DISK) ?? 'comparison';
  const engine = await server.open();
  const startedAt = server.clock.monotonic();
  const onProgress = (percent: number) => {
    const elapsedMs = server.clock.monotonic() - startedAt;
    client.notify(queryProgress, { runId, elapsedMs, percent, rows: 0, statementIndex: 0, statementCount: 1 });
  };
  const { result, summary } = await namedWork(
    server,
    client,
    runId,
    signal,
    (either) => engine.compare(before.result, now.result, { unchanged, signal: either, onProgress, ...(key && { key }) }),
    { sessionId: owner, sql: '', label: 'comparison of two results' },
  );
  const resultId = server.results.add(result, owner, pinned ? client : undefined);
  const handle = toResultHandle(resultId, result, await readPreview(result));
  return { result: handle, summary, elapsedMs: server.clock.monotonic() - startedAt };
};
