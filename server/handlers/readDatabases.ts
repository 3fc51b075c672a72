import type { ReadDatabasesResult } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Attached databases with their schemas. Opens the database, but never makes its file. */
export const readDatabases: Handler<null, ReadDatabasesResult> = async (server) => {
  const { notMade } = server;
  if (notMade !== undefined) return { databases: [], notMade };
  return { databases: await (await server.open()).databases() };
};
