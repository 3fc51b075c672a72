import { Disposable, notebooks, window } from 'vscode';
import { AS_OF_RENDERER_ID, type AsOfReply, type AsOfRequest } from '../../server/protocol/notebookOutput.ts';
import { checkResults, freshnessChanged } from '../../server/protocol/requests.ts';
import { failureOf, presentError } from '../presentError.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';
import { earlierCell, earlierKeys } from './outputArchive.ts';
import { runCell } from './runCell.ts';

/**
 * Tells the lines above outputs of earlier runs whether their sources changed since, and again when that may be otherwise. Runs their
 * cells again.
 */
export function serveAsOf(server: ServerProcess): Disposable {
  const messaging = notebooks.createRendererMessaging(AS_OF_RENDERER_ID);
  const tellAll = async () => {
    for (const editor of window.visibleNotebookEditors) {
      for (const key of earlierKeys(editor.notebook)) await messaging.postMessage(await check(server, key), editor);
    }
  };
  return Disposable.from(
    messaging.onDidReceiveMessage(async ({ editor, message }) => {
      const { type, key } = message as AsOfRequest;
      if (type === 'check') await messaging.postMessage(await check(server, key), editor);
      else if (type === 'runAgain') {
        const cell = earlierCell(editor.notebook, key);
        if (cell !== undefined) await runCell(cell).catch(showFailure);
      }
    }),
    server.onNotification(freshnessChanged, () => void tellAll()),
    server.onDidReplace(() => void tellAll()),
  );
}

/** Never rejects. */
async function check(server: ServerProcess, key: string): Promise<AsOfReply> {
  try {
    return { key, freshness: await server.request(checkResults, { key }) };
  } catch (error) {
    return { key, freshness: { state: 'unknown', reason: presentError(failureOf(error)).summary } };
  }
}
