import type { NotebookCell, NotebookDocument } from 'vscode';
import { CHART_ATTRIBUTES, type ChartAttributes } from '../../server/protocol/chart.ts';
import type { ChartRequest, PageReply } from '../../server/protocol/notebookOutput.ts';
import { chartResult } from '../../server/protocol/requests.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { answered } from './answered.ts';
import { readMarker } from './cellMarker.ts';
import { changeAttributes } from './changeAttributes.ts';
import { exportName } from './exportFile.ts';
import { idsIn } from './heldResults.ts';
import { type ChartFile, saveChart } from './saveChart.ts';
import { cellSource } from './serializer.ts';
import { workingFolder } from './workingFolder.ts';

const CHART_REQUESTS: ReadonlySet<unknown> = new Set<ChartRequest['type']>(['chart', 'readChart', 'keepChart', 'exportChart']);

export function isChartRequest(message: unknown): message is ChartRequest {
  return typeof message === 'object' && message !== null && 'type' in message && CHART_REQUESTS.has(message.type);
}

/** Attributes are written one after the other: each edit starts from what the one before has left. */
let keeping: Promise<void> = Promise.resolve();

/** Answers the charts of a notebook's outputs. What they choose to keep is written into their cells. */
export async function serveCellChart(
  server: ServerProcess,
  views: ResultViews,
  notebook: NotebookDocument,
  request: ChartRequest,
): Promise<PageReply | undefined> {
  const cell = notebook.getCells().find(({ outputs }) => idsIn(outputs).has(request.resultId));
  switch (request.type) {
    case 'chart':
      return await answerChart(server, views, request);
    case 'readChart': {
      const attributes = cell && chartOf(cell);
      return { type: 'keptChart', requestId: request.requestId, ...(attributes && { attributes }) };
    }
    case 'keepChart':
      if (cell === undefined) return undefined;
      keeping = keeping.then(() => keep(cell, request.attributes));
      await keeping;
      return undefined;
    case 'exportChart': {
      const name = exportName(cell === undefined ? '' : readMarker(cellSource(cell.metadata)).title, notebook.uri.path);
      await saveChart({ ...chartFile(request), name, folder: workingFolder(notebook) });
      return undefined;
    }
  }
}

/** The chart of the rows that a result's table shows. Never rejects. */
export async function answerChart(
  server: ServerProcess,
  views: ResultViews,
  { requestId, resultId, spec, unlessRows }: ChartRequest & { readonly type: 'chart' },
): Promise<PageReply> {
  return await answered(requestId, async () => {
    const rows = await views.rowsShown(resultId);
    const reply = { type: 'chart', requestId, rows, isView: rows !== resultId } as const;
    if (rows === unlessRows) return reply;
    return { ...reply, chart: await server.request(chartResult, { resultId: rows, spec, runId: requestId }) };
  });
}

export function chartFile({ format, content }: ChartRequest & { readonly type: 'exportChart' }): Pick<ChartFile, 'format' | 'bytes'> {
  return { format, bytes: format === 'png' ? Buffer.from(content, 'base64') : new TextEncoder().encode(content) };
}

/** Undefined for a cell that says nothing of a chart. */
function chartOf(cell: NotebookCell): ChartAttributes | undefined {
  const { attributes } = readMarker(cellSource(cell.metadata));
  if (!attributes.has('chart')) return undefined;
  return Object.fromEntries([...attributes].filter(([name]) => CHART_ATTRIBUTES.includes(name)));
}

/** Never rejects: a cell that is gone meanwhile keeps nothing. */
async function keep(cell: NotebookCell, attributes: ChartAttributes = {}): Promise<void> {
  if (cell.index < 0 || cell.notebook.isClosed) return;
  const changes = Object.fromEntries(CHART_ATTRIBUTES.map((name) => [name, attributes[name]]));
  await changeAttributes(cell, changes).catch(() => undefined);
}
