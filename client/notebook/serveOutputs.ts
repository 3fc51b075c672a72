import { type Disposable, env, type NotebookDocument, notebooks } from 'vscode';
import { type GridRequest, type PageReply, type PageRequest, RENDERER_ID } from '../../server/protocol/notebookOutput.ts';
import { fetchPage, findRow, profileColumn, readValue, sumRows } from '../../server/protocol/requests.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { answered } from './answered.ts';
import { idsIn } from './heldResults.ts';
import { runCell } from './runCell.ts';
import { isChartRequest, serveCellChart } from './serveCharts.ts';

const GRID_REQUESTS: ReadonlySet<unknown> = new Set<GridRequest['type']>([
  'page',
  'runAgain',
  'show',
  'profile',
  'sum',
  'find',
  'value',
  'copy',
  'cancel',
]);

/** Gives the grids of outputs the rows, views and statistics that they ask for, and runs cells again whose rows are gone. */
export function serveOutputs(server: ServerProcess, views: ResultViews): Disposable {
  const messaging = notebooks.createRendererMessaging(RENDERER_ID);
  return messaging.onDidReceiveMessage(async ({ editor, message }) => {
    if (isChartRequest(message)) {
      const reply = await serveCellChart(server, views, editor.notebook, message);
      if (reply !== undefined) await messaging.postMessage(reply, editor);
      return;
    }
    if (!isGridRequest(message)) return;
    if (message.type === 'runAgain') {
      await runAgain(editor.notebook, message.resultId);
      return;
    }
    const reply = await answerGrid(server, views, message);
    if (reply !== undefined) await messaging.postMessage(reply, editor);
  });
}

/** Answers what a grid asks for, or says why it cannot have it. Never rejects. */
export async function answerGrid(
  server: ServerProcess,
  views: ResultViews,
  request: Exclude<GridRequest, { readonly type: 'runAgain' }>,
): Promise<PageReply | undefined> {
  switch (request.type) {
    case 'page':
      return await answerPage(server, request);
    case 'show':
      return await answered(request.requestId, async () => {
        const view = await views.show(request);
        return { type: 'shown', requestId: request.requestId, ...(view && { view }) };
      });
    case 'profile':
      return await answered(request.requestId, async () => {
        const { requestId, resultId, column } = request;
        return { type: 'profile', requestId, profile: await server.request(profileColumn, { resultId, column, runId: requestId }) };
      });
    case 'sum':
      return await answered(request.requestId, async () => {
        const { type, requestId, ...params } = request;
        const { columns } = await server.request(sumRows, { ...params, runId: requestId });
        return { type, requestId, columns };
      });
    case 'find':
      return await answered(request.requestId, async () => {
        const { type: _, requestId, ...params } = request;
        return { type: 'found', requestId, ...(await server.request(findRow, { ...params, runId: requestId })) };
      });
    case 'value':
      return await answered(request.requestId, async () => {
        const { type, requestId, ...params } = request;
        return { type, requestId, value: await server.request(readValue, params) };
      });
    case 'copy':
      return await answered(request.requestId, async () => {
        await env.clipboard.writeText(request.text);
        return { type: 'copied', requestId: request.requestId };
      });
    case 'cancel':
      await views.cancel(request.requestId);
      return undefined;
  }
}

/** The rows that a grid asks for, or why it cannot have them. Never rejects. */
export async function answerPage(server: ServerProcess, { type: _, requestId, ...params }: PageRequest): Promise<PageReply> {
  return await answered(requestId, async () => {
    const page = await server.request(fetchPage, params);
    return { type: 'page', requestId, ...page };
  });
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

function isGridRequest(message: unknown): message is GridRequest {
  return typeof message === 'object' && message !== null && 'type' in message && GRID_REQUESTS.has(message.type);
}
