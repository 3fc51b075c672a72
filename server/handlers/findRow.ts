import { namedWork } from '../namedWork.ts';
import type { FindRowParams } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Looks for a text in the rows of a result or a view. */
export const findRow: Handler<FindRowParams, { readonly row?: number }> = async (server, client, params, signal) => {
  const { resultId, search, from, backwards = false, runId } = params;
  const { result, view } = server.results.get(resultId);
  const row = await namedWork(server, client, runId, signal, (either) =>
    result.find(search, from, { backwards, signal: either, ...(view && { view }) }),
  );
  return row === undefined ? {} : { row };
};
