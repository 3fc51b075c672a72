import type { CatalogTableName } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** The CREATE statement of one table or view. */
export const readDefinition: Handler<CatalogTableName, { readonly sql?: string }> = async (server, _client, { database, schema, name }) => {
  const engine = await server.open();
  const sql = await engine.definition({ database: String(database), schema: String(schema), name: String(name) });
  return sql === undefined ? {} : { sql };
};
