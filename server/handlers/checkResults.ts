import type { CheckResultsResult } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Says whether the sources of kept outputs changed since their run. */
export const checkResults: Handler<{ readonly key: string }, CheckResultsResult> = (server, _client, { key }) => server.archive.check(key);
