import type { PageReply } from '../../server/protocol/notebookOutput.ts';
import { failureOf, presentError } from '../presentError.ts';

/** The answer, or why there is none. Never rejects. */
export async function answered(requestId: string, answer: () => Promise<PageReply>): Promise<PageReply> {
  try {
    return await answer();
  } catch (error) {
    const failure = failureOf(error);
    return { type: 'failed', requestId, message: presentError(failure).summary, gone: failure.code === 'unavailable' };
  }
}
