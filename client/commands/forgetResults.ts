import { window } from 'vscode';
import { forgetResults as forgetResultsRequest } from '../../server/protocol/requests.ts';
import { formatCount } from '../monitor/statsText.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { showFailure } from '../showFailure.ts';

/** Removes from the disk what cells of all notebooks showed. What is on the screen stays. */
export function forgetResults(server: ServerProcess): () => Promise<void> {
  return async () => {
    try {
      const { cells } = await server.request(forgetResultsRequest, null);
      void window.showInformationMessage(
        `Kodiak: kept results of ${formatCount(cells)} ${cells === 1 ? 'cell' : 'cells'} were removed from the disk.`,
      );
    } catch (error) {
      await showFailure(error);
    }
  };
}
