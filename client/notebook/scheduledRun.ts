import {
  cellEnded,
  cellReady,
  type NotificationDescriptor,
  type RequestDescriptor,
  type ScheduleCellsParams,
  scheduleCells,
} from '../../server/protocol/requests.ts';

/** A connection to a server, as far as a schedule needs it. */
export interface ScheduleServer {
  request<Params, Result>(descriptor: RequestDescriptor<Params, Result>, params: Params): Promise<Result>;
  onNotification<Params>(descriptor: NotificationDescriptor<Params>, handler: (params: Params) => void): { dispose(): void };
}

/**
 * Runs cells as the server says that they may: `run` is told each one's place, and whether it may run beside others, and says whether it
 * ended well; it never rejects. Gives for each cell why it was not run, when all others have ended. Rejects when the server cannot be asked.
 */
export async function runScheduled(
  server: ScheduleServer,
  params: ScheduleCellsParams,
  run: (cell: number, apart: boolean) => Promise<boolean>,
): Promise<readonly (string | null)[]> {
  const { batchId } = params;
  const running: Promise<void>[] = [];
  const runOne = async (cell: number, apart: boolean) => {
    const ok = await run(cell, apart);
    await server.request(cellEnded, { batchId, cell, ok }).catch(() => {
      // A server that is gone waits for nothing.
    });
  };
  const subscription = server.onNotification(cellReady, (ready) => {
    if (ready.batchId === batchId) running.push(runOne(ready.cell, ready.apart));
  });
  try {
    return (await server.request(scheduleCells, params)).skipped;
  } finally {
    await Promise.all(running);
    subscription.dispose();
  }
}
