import type { ReadTableResult } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Columns and definition of one table or view. */
export const readTable: Handler<{ readonly database: string; readonly schema: string; readonly name: string }, ReadTableResult> = async (
  server,
  _client,
  { database, schema, name },
) => {
  const engine = await server.open();
  return (await engine.table({ database: String(database), schema: String(schema), name: String(name) })) ?? { columns: [] };
};
