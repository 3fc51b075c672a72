import type { ReadCatalogResult } from '../protocol/requests.ts';
import { toCatalogTable } from '../wire.ts';
import type { Handler } from './handler.ts';

/** Tables and views of a database file that need not be attached. */
export const readDatabaseFile: Handler<{ readonly path: string }, ReadCatalogResult> = async (server, _client, { path }) => {
  const entries = await (await server.open()).fileTables(String(path));
  return { tables: entries.map(toCatalogTable) };
};
