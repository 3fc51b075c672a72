import { type Disposable, notebooks } from 'vscode';
import { type PageReply, type PageRequest, RENDERER_ID } from '../../server/protocol/notebookOutput.ts';
import { fetchPage } from '../../server/protocol/requests.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** Fetches for the grids of outputs the rows that come into view. */
export function servePages(server: ServerProcess): Disposable {
  const messaging = notebooks.createRendererMessaging(RENDERER_ID);
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    if (!isPageRequest(message)) return;
    await messaging.postMessage(await answer(server, message), editor);
  });
}

async function answer(server: ServerProcess, { requestId, resultId, offset, limit }: PageRequest): Promise<PageReply> {
  try {
    const page = await server.request(fetchPage, { resultId, offset, limit });
    return { type: 'page', requestId, ...page };
  } catch (error) {
    const failure = failureOf(error);
    return { type: 'failed', requestId, message: presentError(failure).summary, gone: failure.code === 'unavailable' };
  }
}

function isPageRequest(message: unknown): message is PageRequest {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'page' && 'requestId' in message;
}
