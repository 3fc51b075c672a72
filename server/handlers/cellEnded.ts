import type { CellEndedParams } from '../protocol/requests.ts';
import type { Handler } from './handler.ts';

/** A cell of a schedule has ended; nothing happens when the schedule is over. */
export const cellEnded: Handler<CellEndedParams, null> = (_server, client, { batchId, cell, ok }) => {
  client.endCell(batchId, cell, ok);
  return null;
};
