import type { AttachedInfo } from '../protocol/attached.ts';
import type { Handler } from './handler.ts';

/** Who uses this server. */
export const readAttached: Handler<null, AttachedInfo> = (server) => server.attached();
