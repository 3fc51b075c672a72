import type { HandOverResult } from '../protocol/attached.ts';
import type { Handler } from './handler.ts';

/** Gives the database to a server that will last longer, where nothing is lost by it. */
export const handOver: Handler<null, HandOverResult> = (server) => server.handOver();
