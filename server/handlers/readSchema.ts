import type { CatalogObject } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** What is in one schema, without columns. */
export const readSchema: Handler<
  { readonly database: string; readonly schema: string },
  { readonly objects: readonly CatalogObject[] }
> = async (server, _client, { database, schema }) => {
  const engine = await server.open();
  return { objects: await engine.schema({ database: String(database), schema: String(schema) }) };
};
