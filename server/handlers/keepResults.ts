import type { KeepResultsParams } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Keeps on disk what a cell of a notebook shows; answers before that is done. */
export const keepResults: Handler<KeepResultsParams, null> = (server, _client, params) => {
  server.archive.keep(params, server.results);
  return null;
};
