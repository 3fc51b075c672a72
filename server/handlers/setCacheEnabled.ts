import type { Handler } from './handler.ts';

/** Turns the cache on or off until the server ends. */
export const setCacheEnabled: Handler<{ readonly enabled: boolean }, null> = (server, _client, { enabled }) => {
  server.setCacheEnabled(enabled);
  return null;
};
