import type { ReadHistoryParams, ReadHistoryResult } from '../protocol/history.ts';
import type { Handler } from './handler.ts';

/** The newest statements that match, from disk. */
export const readHistory: Handler<ReadHistoryParams, ReadHistoryResult> = (server, _client, params) => server.history.read(params);
