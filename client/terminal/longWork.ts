import { cancelQuery, queryProgress, type RequestDescriptor } from '../../server/protocol/requests.ts';
import { ProgressLine } from './progressLine.ts';
import type { Shell } from './shell.ts';

let works = 0;

/** Asks the server for work that takes its time: progress is shown, and an abort cancels it. */
export async function longWork<Params extends { readonly runId: string }, Result>(
  shell: Shell,
  descriptor: RequestDescriptor<Params, Result>,
  params: Omit<Params, 'runId'>,
  signal: AbortSignal,
): Promise<Result> {
  const connection = await shell.link.connect();
  const runId = `${process.pid}-work-${++works}`;
  const progress = new ProgressLine(shell.errors);
  const stopListening = connection.on(queryProgress, (told) => {
    if (told.runId === runId) progress.update(told);
  });
  const cancel = () => {
    connection.request(cancelQuery, { runId }).catch(() => undefined);
  };
  signal.addEventListener('abort', cancel);
  try {
    return await shell.link.request(descriptor, { ...params, runId } as unknown as Params);
  } finally {
    signal.removeEventListener('abort', cancel);
    stopListening();
    await progress.stop();
  }
}
