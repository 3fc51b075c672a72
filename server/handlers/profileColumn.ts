import { namedWork } from '../namedWork.ts';
import type { ProfileColumnParams, WireColumnProfile } from '../protocol/requests.ts';
import { toWireProfile } from '../wire.ts';
import type { Handler } from './handler.ts';

/** Statistics of one column of a result. */
export const profileColumn: Handler<ProfileColumnParams, WireColumnProfile> = async (server, client, params, signal) => {
  const { result } = server.results.get(params.resultId);
  const work = (either: AbortSignal) => result.profile(params.column, { signal: either });
  return toWireProfile(await namedWork(server, client, params.runId, signal, work));
};
