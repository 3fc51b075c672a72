import { randomUUID } from 'node:crypto';
import { ProgressLocation, window } from 'vscode';
import { cancelQuery, queryProgress, type RequestDescriptor } from '../../server/protocol/requests.ts';
import { formatRows } from '../monitor/statsText.ts';
import { failureOf } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';

/** Has the server do work that takes its time, with progress and a button to cancel; undefined when it was cancelled. */
export async function copyWork<Params extends { readonly runId: string }, Result>(
  server: ServerProcess,
  title: string,
  descriptor: RequestDescriptor<Params, Result>,
  params: Omit<Params, 'runId'>,
): Promise<Result | undefined> {
  const runId = randomUUID();
  return await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    let shown = 0;
    const listening = server.onNotification(queryProgress, ({ runId: id, percent = shown, rows }) => {
      if (id !== runId) return;
      progress.report({ message: formatRows(rows), increment: percent - shown });
      shown = percent;
    });
    const cancelling = token.onCancellationRequested(() => {
      server.request(cancelQuery, { runId }).catch(() => undefined);
    });
    try {
      return await server.request(descriptor, { ...params, runId } as unknown as Params);
    } catch (error) {
      if (token.isCancellationRequested && failureOf(error).code === 'cancelled') return undefined;
      throw error;
    } finally {
      listening.dispose();
      cancelling.dispose();
    }
  });
}
