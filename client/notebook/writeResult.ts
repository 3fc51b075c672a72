import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { type CancellationToken, type NotebookCell, ProgressLocation, window } from 'vscode';
import {
  type ExportResultParams,
  type ExportResultResult,
  exportResult,
  fetchPage,
  queryProgress,
} from '../../server/protocol/requests.ts';
import type { ResultViews } from '../results/resultViews.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { exportProgressText } from './exportFile.ts';
import { idsIn } from './heldResults.ts';

/** A result that can be written, as the server keeps it now. */
export interface KeptResult {
  readonly resultId: string;
  /** Undefined while rows still arrive. */
  readonly rowCount: number | undefined;
  /** A grid shows these rows sorted, filtered or searched. */
  readonly isView?: boolean;
}

export type FileToWrite = Pick<ExportResultParams, 'path' | 'format' | 'overwrite'>;

/** The result of the cell's last statement that gave rows; undefined without one. Rejects when its rows are no longer kept. */
export async function keptResult(server: ServerProcess, cell: NotebookCell): Promise<KeptResult | undefined> {
  const resultId = [...idsIn(cell.outputs)].at(-1);
  return resultId === undefined ? undefined : await keptRows(server, resultId);
}

/** A result that the server keeps. Rejects when its rows are no longer kept. */
export async function keptRows(server: ServerProcess, resultId: string): Promise<KeptResult> {
  const { rowCount, complete } = await server.request(fetchPage, { resultId, offset: 0, limit: 0 });
  return { resultId, rowCount: complete ? rowCount : undefined };
}

/** The rows that a grid shows of a kept result: those of its view, if it has one. */
export async function shownRows(server: ServerProcess, views: ResultViews, kept: KeptResult): Promise<KeptResult> {
  const shownId = await views.rowsShown(kept.resultId);
  return shownId === kept.resultId ? kept : { ...(await keptRows(server, shownId)), isView: true };
}

/**
 * Writes all rows of a result or a view to a file, with a notification that tells how far it is and can cancel. Rejects with the server's
 * failure; no new file is there then.
 */
export async function writeResult(server: ServerProcess, result: KeptResult, file: FileToWrite): Promise<ExportResultResult> {
  const options = { location: ProgressLocation.Notification, title: `Exporting ${basename(file.path)}`, cancellable: true };
  return await window.withProgress(options, async (progress, token: CancellationToken) => {
    const runId = randomUUID();
    let told = 0;
    const subscription = server.onNotification(queryProgress, (params) => {
      if (params.runId !== runId || params.percent === undefined) return;
      progress.report({ increment: Math.max(0, params.percent - told), message: exportProgressText(params.percent, result.rowCount) });
      told = Math.max(told, params.percent);
    });
    try {
      return await server.request(exportResult, { resultId: result.resultId, ...file, runId }, token);
    } finally {
      subscription.dispose();
    }
  });
}
