import { type Disposable, type NotebookDocument, notebooks } from 'vscode';
import { type PageReply, type PageRequest, RENDERER_ID, type RunAgainRequest } from '../../server/protocol/notebookOutput.ts';
import { fetchPage } from '../../server/protocol/requests.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { idsIn } from './heldResults.ts';
import { runCell } from './runCell.ts';

/** Fetches for the grids of outputs the rows that come into view, and runs cells again whose rows are gone. */
export function serveOutputs(server: ServerProcess): Disposable {
  const messaging = notebooks.createRendererMessaging(RENDERER_ID);
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    if (isPageRequest(message)) await messaging.postMessage(await answerPage(server, message), editor);
    else if (isRunAgainRequest(message)) await runAgain(editor.notebook, message.resultId);
  });
}

/** The rows that a grid asks for, or why it cannot have them. Never rejects. */
export async function answerPage(server: ServerProcess, { requestId, resultId, offset, limit }: PageRequest): Promise<PageReply> {
  try {
    const page = await server.request(fetchPage, { resultId, offset, limit });
    return { type: 'page', requestId, ...page };
  } catch (error) {
    const failure = failureOf(error);
    return { type: 'failed', requestId, message: presentError(failure).summary, gone: failure.code === 'unavailable' };
  }
}

/** Runs the cell whose output holds the result; nothing when the output is gone, too. */
export async function runAgain(notebook: NotebookDocument, resultId: string): Promise<void> {
  const cell = notebook.getCells().find(({ outputs }) => idsIn(outputs).has(resultId));
  if (cell === undefined) return;
  try {
    await runCell(cell);
  } catch (error) {
    await showFailure(error);
  }
}

function isPageRequest(message: unknown): message is PageRequest {
  return typeOf(message) === 'page';
}

function isRunAgainRequest(message: unknown): message is RunAgainRequest {
  return typeOf(message) === 'runAgain';
}

function typeOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
}
