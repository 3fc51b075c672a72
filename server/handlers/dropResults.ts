import type { Handler } from './handler.ts';

/** Removes what cells showed from the disk. */
export const dropResults: Handler<{ readonly keys: readonly string[] }, null> = (server, _client, { keys }) => {
  server.archive.drop(keys);
  return null;
};
