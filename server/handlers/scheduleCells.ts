import { abortable } from '../abortable.ts';
import { cellReady, type ScheduleCellsParams, type ScheduleCellsResult } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** Tells the client when each of its cells may run. */
export const scheduleCells: Handler<ScheduleCellsParams, ScheduleCellsResult> = async (server, client, params, outer) => {
  const { batchId, sessionId, cwd, cells } = params;
  const signal = client.beginRun(batchId, outer);
  try {
    const session = await abortable(server.openSession(client, sessionId, cwd), signal);
    const start = (cell: number, apart: boolean): Promise<boolean> => {
      const ended = client.cellEnd(batchId, cell);
      client.notify(cellReady, { batchId, cell, apart });
      return ended;
    };
    const named = cells.map((cell, index) => ({ ...cell, id: String(index) }));
    const skipped = await session.scheduleCells(named, start, signal);
    return { skipped: skipped.map((reason) => reason ?? null) };
  } finally {
    client.endRun(batchId);
  }
};
