import type { EngineInfo } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Opens the database if it is not open yet, and says which it is. */
export const openDatabase: Handler<null, EngineInfo> = async (server) => server.info(await server.open());
