import { scriptCheckOf } from '../language/scriptCheck.ts';
import type { FormatScriptParams, FormatScriptResult } from '../protocol/script.ts';
import type { Handler } from './handler.ts';

/** Lays a text out. */
export const formatScript: Handler<FormatScriptParams, FormatScriptResult> = (server, _client, params, signal) =>
  scriptCheckOf(server).format(params, signal);
