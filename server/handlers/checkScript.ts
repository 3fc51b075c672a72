import { scriptCheckOf } from '../language/scriptCheck.ts';
import type { CheckScriptParams, CheckScriptResult } from '../protocol/script.ts';
import type { Handler } from './handler.ts';

/** Says what is wrong in texts, without running them. */
export const checkScript: Handler<CheckScriptParams, CheckScriptResult> = (server, _client, params, signal) =>
  scriptCheckOf(server).check(params, signal);
