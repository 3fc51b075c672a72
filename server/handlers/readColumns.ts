import type { CatalogColumn, CatalogTableName } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Columns of one table or view. */
export const readColumns: Handler<CatalogTableName, { readonly columns: readonly CatalogColumn[] }> = async (
  server,
  _client,
  { database, schema, name },
) => {
  const engine = await server.open();
  return { columns: await engine.columns({ database: String(database), schema: String(schema), name: String(name) }) };
};
