import type { ReadCatalogResult } from '../protocol/requests.ts';
import { toCatalogTable } from '../wire.ts';
import type { Handler } from './handler.ts';

/** Tables and views, with the temporary ones of a session that is open. */
export const readCatalog: Handler<{ readonly sessionId?: string } | null, ReadCatalogResult> = async (server, _client, params) => {
  const engine = await server.open();
  const session = params?.sessionId === undefined ? undefined : await server.findSession(params.sessionId);
  return { tables: (await engine.catalog(session)).map(toCatalogTable) };
};
