import type { AnswerHeldParams } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** What a person decided about a statement that may produce very many rows. */
export const answerHeld: Handler<AnswerHeldParams, { readonly found: boolean }> = async (_server, client, { runId, run }) => ({
  found: client.answerHeld(runId, run),
});
